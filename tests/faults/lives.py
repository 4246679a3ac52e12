"""The lives of tests that are played under every fault, and what has to come out of them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import pytest

from mxtrax import slots
from mxtrax.cause import cause_of
from mxtrax.model import DAY, MINUTE, SECOND, Config, Customer, Limits, MailDomain, MailTest, Stat, Verdict
from mxtrax.store import fleet, mailtests, standings
from mxtrax.store import settings as stored
from mxtrax.tally import total
from tests.faults.wire import installed
from tests.faults.world import Answer, World, world
from tests.stage import START, stage

SHARDS: Final = 2
"""Two shards stand for the sixteen: what is found at one is found at each."""

TICKS: Final = tuple(START + n * MINUTE for n in (0, 1, 6, 7, 8, 11, 16, 18, 1446, 1449, 1452))
"""When the schedule rings: only where there is something to do, and far enough apart for all that AWS tries again."""

LENIENT: Final = Limits(maxfailnumber=9, maxfailpercentage=100.0, maxlatenumber=9, maxlatepercentage=100.0)
"""What most of these domains are judged by, so that few of them are told of."""

NEVER_OURS: Final = 101.0
"""Per cent of these few customers that would have to fail together to be taken for a fault of the monitor's own."""

INTERVAL: Final = 2048
"""Minutes between two tests; but for retests, each customer is tested once."""


def delivered(after: float = 2) -> Answer:
    """Let their server take it."""
    said = {"eventType": "Delivery", "smtpResponse": "250 2.0.0 queued", "reportingMTA": "mx.customer.example"}
    return round(after * SECOND), "event", said


def back(after: float) -> Answer:
    """Let the mail come back."""
    return round(after * SECOND), "mail", {}


def bounced(after: float, kind: str = "General") -> Answer:
    """Let SES tell of a bounce."""
    recipient = {"emailAddress": "x", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no such user here"}
    said = {"eventType": "Bounce", "bounceType": "Permanent", "bounceSubType": kind, "bouncedRecipients": [recipient]}
    return round(after * SECOND), "event", said


def put_off(after: float) -> Answer:
    """Let SES tell of a delay."""
    recipient = {"emailAddress": "x", "status": "4.2.0", "diagnosticCode": "450 4.2.0 Greylisted"}
    said = {"eventType": "DeliveryDelay", "delayType": "General", "delayedRecipients": [recipient]}
    return round(after * SECOND), "event", said


PROMPT: Final = (delivered(), back(4))

LIVES: Final[dict[str, tuple[tuple[tuple[Answer, ...], ...], dict[str, Any]]]] = {
    "ontime": ((PROMPT,), {}),
    "late": (((delivered(), back(560)), PROMPT), {"maxlatenumber": 0}),
    "lost": (((delivered(),), PROMPT), {"maxfailnumber": 0}),
    "refused": (((bounced(2),),), {"maxfailnumber": 0}),
    "copied": (((delivered(), back(4), back(5), back(90)),), {}),
    "unsent": (((),), {}),
    "suppressed": (((bounced(2, "OnAccountSuppressionList"),),), {}),
    "bouncing": (((delivered(), bounced(3)),), {"returns_bounce": True}),
    "replying": (((delivered(), (5 * SECOND, "message-id", {})),), {}),
    "deferred": (((put_off(20), delivered(500), back(560)), PROMPT), {}),
}
"""A customer each: how it answers its first test, its second, ..., and what is special about its domain."""


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
def worlds() -> Iterator[World]:
    """Set up one world for many lives."""
    with installed() as wire, stage() as it, world(wire, it) as there, pytest.MonkeyPatch.context() as patch:
        patch.setattr(slots, "SHARDS", SHARDS)
        yield there


def fleet_of_lives(it: World) -> None:
    """Bring the customers in, all due in the first slot, and set the clock's bells."""
    config = it.stage.configure(
        interval_minutes=INTERVAL, retest_minutes=8, recover_after=2, limits=LENIENT, own_fault_percent=NEVER_OURS
    )
    fleet.add_customer(Customer(codename="acme", friendlyname="Acme Ltd"))
    customers: dict[str, Any] = {}
    for name, (answers, special) in LIVES.items():
        domain = _due_at_once(name, config, special)
        fleet.add([domain])
        customers[domain.address] = answers
        if name == "unsent":
            it.unverified = frozenset({domain.address})
    it.customers = lambda to, number: customers[to][min(number, len(customers[to]) - 1)]
    stored.beat("plan", START - MINUTE)
    for at in TICKS:
        it.tick(at)


def _due_at_once(name: str, config: Config, special: dict[str, Any]) -> MailDomain:
    """Find a domain whose phase falls into the first slot."""
    slot = slots.slot_at(START, 60)
    for number in count():
        domain = MailDomain(id=0, testuser="mxtrax", domainname=f"{name}{number}.example", customer="acme", **special)
        if slots.is_due(domain, slot, config, retest=False):
            return domain
    raise AssertionError


# --- what comes out -----------------------------------------------------------------------------------------------------


@dataclass
class Outcome:
    """What is left when all is over. Each part is compared with that of the undisturbed life.

    `times` are delivery times: they may differ where a mail was truly sent anew, because its sender died before it could
    say that SES had taken it; then the second mail's sendtime counts. `told` is compared as a set of what each channel
    was told; `mails` by how many went out for each test.
    """

    tests: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    times: dict[str, list[Any]] = field(default_factory=dict)
    accepted: dict[str, list[bool]] = field(default_factory=dict)
    stats: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    standings: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    incidents: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    inbox: list[str] = field(default_factory=list)
    unmatched: int = 0
    dead: list[str] = field(default_factory=list)
    waiting: int = 0


def outcome(it: World) -> Outcome:
    """Read what is left when all is over."""
    end = Outcome(
        inbox=it.stage.inbox(),
        unmatched=len(it.stage.inbox("unmatched/")),
        dead=[event.job for event in it.dead],
        waiting=sum(len(mailtests.due(shard, it.now + 400 * DAY, 1000)) for shard in range(SHARDS)),
    )
    for domain in sorted(fleet.everyone(), key=lambda domain: domain.key):
        key = domain.key
        tests = sorted(mailtests.of_domain(key), key=lambda test: test.sendtime)
        stats = list(standings.stats_of_domain(key))
        end.tests[key] = [_test(test) for test in tests]
        end.accepted[key] = [test.accepted is not None for test in tests]
        end.times[key] = [(test.receivetime or test.sendtime) - test.sendtime for test in tests]
        end.times[key] += [_stat_times(stat) for stat in stats]
        end.stats[key] = [(s.d, s.ontime_num, s.late_num, s.fail_num, s.total_num, s.unsent_num) for s in stats]
        standing = standings.of([key])[key]
        slate = total(standing.slate)
        end.standings[key] = (
            standing.state,
            (slate.ontime, slate.late, slate.missed),
            [(recent.verdict, recent.cause) for recent in standing.recent],
            standing.streak,
            standing.retest,
            standing.exceeded,
            bool(standing.incident),
        )
        end.incidents[key] = [
            (each.cause, each.exceeded, each.announced is not None, each.closed is not None, each.due is not None)
            for each in reversed(list(standings.incidents_of(key)))
        ]
        end.stats[key] += [("counted apart", *problem) for problem in counted_apart(tests, stats)]
    return end


def counted_apart(tests: list[MailTest], stats: list[Stat]) -> list[tuple[Any, ...]]:
    """Find days whose figures are not those of their tests, each in exactly one counter."""
    verdicts = Counter(test.counted for test in tests if test.incl_in_stat)
    sums = {
        Verdict.ONTIME: sum(stat.ontime_num for stat in stats),
        Verdict.LATE: sum(stat.late_num for stat in stats),
        Verdict.FAILED: sum(stat.fail_num for stat in stats),
        Verdict.UNSENT: sum(stat.unsent_num for stat in stats),
    }
    wrong: list[tuple[Any, ...]] = [(v, n, verdicts[v]) for v, n in sums.items() if n != verdicts[v]]
    sent = sum(test.counted not in (Verdict.UNSENT, Verdict.PENDING) for test in tests)
    in_total = sum(stat.total_num for stat in stats)
    return wrong if sent == in_total else [*wrong, ("total", in_total, sent)]


def _test(test: MailTest) -> tuple[Any, ...]:
    return (
        test.counted,
        test.incl_in_stat,
        test.returned_as,
        cause_of(test, test.counted),
        [leg for leg in ("delivered", "deferred", "refused", "unsent") if getattr(test, leg)],
    )


def _stat_times(stat: Stat) -> tuple[Any, ...]:
    return stat.min_delivery_time, stat.max_delivery_time, stat.total_delivery_time, sorted(stat.histogram.items())
