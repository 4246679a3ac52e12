"""The lives of tests that are run under every fault."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final, NamedTuple

import pytest

from mxtrax.jobs import receive
from mxtrax.model import MINUTE, SECOND, Config, Customer, Limits, MailDomain
from mxtrax.rules import schedule
from mxtrax.store import customers, fleet, mailtests, runtime, statements
from tests.faults.wire import installed
from tests.faults.world import JOBS, SmtpReply, World, world
from tests.stage import START, stage

SHARDS: Final = 2
"""Two shards represent the sixteen: a fault of one shard is a fault of each."""


STATEMENTS: Final = 4
"""Statements in a call, so that a minute's tests take more than one."""


class Brakes(NamedTuple):
    """How many copies of a test, and how many mails an hour that belong to none, are kept."""

    copies: int = mailtests.MAX_SEEN
    strangers: int = receive.MOST_UNMATCHED


NO_STORM: Final = Brakes()


TICKS: Final = (0, 1, 6, 7, 8, 11, 16, 18, 20, 21, 1446, 1449, 1452)
"""Minutes of the schedule: only those with something to do, and far enough apart for all of AWS's retries."""

HOURS: Final = (30, 1457, 1467)
"""Minutes at which the sums of many domains are made."""

LENIENT: Final = Limits(maxfailnumber=9, maxfailpercentage=100.0, maxlatenumber=9, maxlatepercentage=100.0)
"""The settings for most of these domains, so that few of them are alerted."""

NEVER_OURS: Final = 101.0
"""Per cent of these few customers that would have to fail together to count as the monitor's own fault."""

INTERVAL: Final = 2048
"""Minutes between two tests; apart from retests, each customer is tested once."""


def delivered(after: float = 2) -> SmtpReply:
    """Let their server accept it."""
    said = {"eventType": "Delivery", "smtpResponse": "250 2.0.0 queued", "reportingMTA": "mx.customer.example"}
    return round(after * SECOND), "event", said


def back(after: float) -> SmtpReply:
    """Let the mail come back."""
    return round(after * SECOND), "mail", {}


def bounced(after: float, kind: str = "General") -> SmtpReply:
    """Let SES report a bounce."""
    recipient = {"emailAddress": "x", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no such user here"}
    said = {"eventType": "Bounce", "bounceType": "Permanent", "bounceSubType": kind, "bouncedRecipients": [recipient]}
    return round(after * SECOND), "event", said


def put_off(after: float) -> SmtpReply:
    """Let SES report a delay."""
    recipient = {"emailAddress": "x", "status": "4.2.0", "diagnosticCode": "450 4.2.0 Greylisted"}
    said = {"eventType": "DeliveryDelay", "delayType": "General", "delayedRecipients": [recipient]}
    return round(after * SECOND), "event", said


def stranger(after: float) -> SmtpReply:
    """Let a mail come in that has nothing to do with any test."""
    return round(after * SECOND), "stranger", {}


PROMPT: Final = (delivered(), back(4))
ANSWER: Final[SmtpReply] = (5 * SECOND, "message-id", {})

type Life = tuple[tuple[tuple[SmtpReply, ...], ...], dict[str, Any]]
"""How a customer answers its first test, its second, ... (the last for all that follow), and its domain's own settings."""

LIVES: Final[dict[str, Life]] = {
    "ontime": ((PROMPT,), {}),
    "late": (((delivered(), back(560)), PROMPT), {"maxlatenumber": 0}),
    "lost": (((delivered(),), PROMPT), {"maxfailnumber": 0}),
    "refused": (((bounced(2),),), {"maxfailnumber": 0}),
    "copied": (((delivered(), back(4), back(5), back(90)),), {}),
    "unsent": (((),), {}),
    "suppressed": (((bounced(2, "OnAccountSuppressionList"),),), {}),
    "bouncing": (((delivered(), bounced(3)),), {"returns_bounce": True}),
    "replying": (((delivered(), ANSWER),), {}),
    "deferred": (((put_off(20), delivered(500), back(560)), PROMPT), {}),
}
"""Each life that a test can have, at a customer of its own."""

STRICT: Final = {"maxfailnumber": 0}

OUTAGE: Final[dict[str, Life]] = {
    "control": (((delivered(),), PROMPT), {"control": True, **STRICT}),
    "one": (((delivered(),), PROMPT), STRICT),
    "two": (((delivered(),), PROMPT), STRICT),
    "three": (((delivered(),), PROMPT), STRICT),
}
"""Our own inbox is down while the first tests are under way: nothing comes back, and no customer may be blamed."""

MISSED: Final[dict[str, Life]] = {
    "prompt": ((PROMPT,), {}),
    "copied": (((delivered(), back(4), back(5)),), {}),
    "lost": (((delivered(),), PROMPT), STRICT),
    "replying": (((delivered(), ANSWER, stranger(6)),), {}),
}
"""`receive` is called for no incoming mail: only the sweep finds them, as old as they are by then."""

MISSED_TICKS: Final = (0, 1, 6, 11, 15, 23, 30, 31, 1446, 1450, 1463, 1470, 1471)
"""Far enough from the slots in which domains are retested that a sweep that comes late changes none of them."""

STORM: Final[dict[str, Life]] = {
    "looping": (((delivered(), back(4), back(5), back(6), back(7), back(8)),), {}),
    "strange": (((delivered(), back(4), stranger(5), stranger(6), stranger(7), stranger(8)),), {}),
}
"""More copies of a test, and more mail that belongs to none, than is kept."""


@contextmanager
def surroundings() -> Iterator[None]:
    """Stand in for what conftest.py sets for tests: no account can be reached, and no log is written."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
            patch.delenv(name, raising=False)
        for name, value in {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
            "AWS_EC2_METADATA_DISABLED": "true",
        }.items():
            patch.setenv(name, value)
        yield


@contextmanager
def worlds(brakes: Brakes = NO_STORM) -> Iterator[World]:
    """Set up one world for many lives."""
    with installed() as wire, stage() as it, world(wire, it) as there, pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "SHARDS", SHARDS)
        patch.setattr(statements, "BATCH", STATEMENTS)
        patch.setattr(statements, "sleep", lambda _: None)
        patch.setattr(mailtests, "MAX_SEEN", brakes.copies)
        patch.setattr(receive, "MOST_UNMATCHED", brakes.strangers)
        yield there


def lives_in(it: World) -> None:
    """Let each customer live a life of its own."""
    _live(it, LIVES, hours=HOURS)
    (unsent,) = (domain.address for domain in fleet.everyone() if domain.domainname.startswith("unsent"))
    it.unverified = frozenset({unsent})


def outage_in(it: World) -> None:
    """Let our own inbox be out."""
    _live(it, OUTAGE, self_check_percent=50.0)


def missed_in(it: World) -> None:
    """Let no mail be reported."""
    _live(it, MISSED, ticks=MISSED_TICKS)
    it.deaf = True


def storm_in(it: World) -> None:
    """Let far too much mail come in."""
    _live(it, STORM, ticks=(0, 1, 4, 5, 62, 65, 68))


class Play(NamedTuple):
    """How a play begins, and which jobs are disturbed in it: those that have something to do there that no other has."""

    begin: Callable[[World], None]
    struck: frozenset[str]
    brakes: Brakes = NO_STORM


PLAYS: Final = {
    "lives": Play(lives_in, frozenset(JOBS)),
    "outage": Play(outage_in, frozenset({"aggregate", "alert"})),
    "missed": Play(missed_in, frozenset({"sweep"})),
    "storm": Play(storm_in, frozenset({"receive", "alert"}), Brakes(copies=4, strangers=2)),
}


def _live(
    it: World,
    lives: dict[str, Life],
    *,
    self_check_percent: float = NEVER_OURS,
    ticks: tuple[int, ...] = TICKS,
    hours: tuple[int, ...] = (),
) -> None:
    """Add the customers, all due in the first slot, and put the schedule into the agenda."""
    it.deaf = False
    config = it.stage.configure(
        interval_minutes=INTERVAL,
        retest_minutes=8,
        recover_after=2,
        limits=LENIENT,
        self_check_percent=self_check_percent,
    )
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd", alertuser=("postmaster@acme.example",)))
    behaviours: dict[str, Any] = {}
    for name, (answers, special) in lives.items():
        domain = _due_at_once(name, config, special)
        fleet.add([domain])
        behaviours[domain.address] = answers
    it.customers = lambda to, number: behaviours[to][min(number, len(behaviours[to]) - 1)]
    runtime.heartbeat("plan", START - MINUTE)
    for minute in ticks:
        it.tick(START + minute * MINUTE)
    for minute in hours:
        it.hour(START + minute * MINUTE)


def _due_at_once(name: str, config: Config, special: dict[str, Any]) -> MailDomain:
    """Find a domain whose phase falls into the first slot."""
    slot = schedule.slot_at(START, 60)
    for number in count():
        domain = MailDomain(id=0, testuser="mxtrax", domainname=f"{name}{number}.example", customer="acme", **special)
        if schedule.is_due(domain, slot, config):
            return domain
    raise AssertionError
