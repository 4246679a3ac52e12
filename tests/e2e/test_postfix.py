"""A real Postfix behind the whole stack: each domain is judged by what Postfix does with its test."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from infra.local.metronome import metronome
from infra.local.ministack import free_port
from infra.local.smtp import LOOPBACK, Place
from infra.local.world import SENDING_USER, Plan, quick, world
from mxtrax.model import Cause, DomainHealth, MailTest, State, Verdict
from mxtrax.rules.fleet_csv import HEADER
from mxtrax.store import fleet, mailtests
from mxtrax.store.health import health_by_key
from tests.e2e.servers.postfix import Box, Patience, postfix

ON_TIME: Final = 8
"""Seconds within which a test must be back. The stand-in retries after a quarter of that, then after one and a half."""

RELAXED: Final = 60
"""The same for domains that are on time: a busy machine must not make them late."""

GIVEN_UP: Final = 3 * ON_TIME
"""Seconds after which a test has finally failed: by then all events about it have arrived."""

NEVER: Final = 1_440
PATIENCE_SECONDS: Final = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a mailbox does, and the expected result for its first test and its domain. The limits are in seconds.

    A domain whose tests have never come back is still being set up, whatever has become of them. The first that comes
    back sets it up, also late; what follows is judged.
    """

    box: Box
    verdicts: tuple[Verdict, ...]
    cause: Cause | None
    state: State = State.SETUP
    on_time: int = ON_TIME
    given_up: int = GIVEN_UP


MISSED: Final = (Verdict.OVERDUE, Verdict.FAILED)
TABLE: Final = {
    "test@redirect.test": Row(
        box=Box(redirect=SENDING_USER),
        verdicts=(Verdict.ONTIME,),
        cause=None,
        state=State.OK,
        on_time=RELAXED,
        given_up=RELAXED,
    ),
    "test@unknown.test": Row(box=Box(), verdicts=MISSED, cause=Cause.REFUSED),
    "test@bounce.test": Row(
        box=Box(transport="error:5.2.1 This mailbox was closed"),
        verdicts=MISSED,
        cause=Cause.RETURNED_AS_BOUNCE,
    ),
    "test@held.test": Row(
        box=Box(transport="retry:4.2.1 The store of this mailbox is not there"),
        verdicts=MISSED,
        cause=Cause.RETURNED_AS_BOUNCE,
    ),
    "test@greylist.test": Row(
        box=Box(redirect=SENDING_USER, greylisted=1),
        verdicts=(Verdict.ONTIME,),
        cause=None,
        state=State.OK,
        on_time=RELAXED,
        given_up=RELAXED,
    ),
    "test@greylong.test": Row(
        box=Box(redirect=SENDING_USER, greylisted=2),
        verdicts=(Verdict.LATE,),
        cause=Cause.DEFERRED,
        state=State.OK,
        given_up=2 * RELAXED,
    ),
    "test@discard.test": Row(
        box=Box(transport="discard:lost without a word"), verdicts=MISSED, cause=Cause.ACCEPTED_THEN_LOST
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A domain's health in the stack, and its first test."""

    health: DomainHealth
    first: MailTest | None

    def fits(self, row: Row) -> bool:
        """Say whether there is nothing left to wait for."""
        recent = self.health.recent
        return bool(recent) and recent[0].verdict in row.verdicts and recent[0].cause == row.cause


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Found]]:
    """Test each domain through the private Postfix, until all first tests are judged as they must be, or time is up."""
    folder = tmp_path_factory.mktemp("postfix")
    config = replace(quick(ON_TIME, GIVEN_UP), retest_minutes=NEVER)
    mx = Place(LOOPBACK, free_port())
    plan = Plan(folder=folder, relay=mx, csv=_csv(folder / "fleet.csv"), minute_seconds=5, config=config)
    with ExitStack() as stack:
        around = stack.enter_context(world(plan))
        for domain in fleet.by_keys(TABLE).values():
            row = TABLE[domain.key]
            fleet.save(replace(domain, maxreturntime=row.on_time, max_sec_until_fail=row.given_up))
        boxes = {key: row.box for key, row in TABLE.items()}
        stack.enter_context(postfix(boxes, around.standin.smtp, port=mx.port, patience=Patience(give_up=4)))
        stack.enter_context(metronome(around))
        _wait(lambda: all(_first(key) for key in TABLE))
        for domain in fleet.by_keys(TABLE).values():
            fleet.save(replace(domain, interval_minutes=NEVER))  # one test each is enough for a busy machine
        _wait(lambda: all(found.fits(TABLE[key]) for key, found in _found().items()))
        yield _found()


def _csv(path: Path) -> Path:
    rows = [f"Postfix,postfix,{','.join(key.split('@'))}" for key in TABLE]
    path.write_text("\n".join([",".join(HEADER), *rows, ""]))
    return path


def _wait(until: Callable[[], bool]) -> None:
    """Wait until something is true, but not for ever: then the tests say what is missing."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not until() and time.monotonic() < deadline:
        time.sleep(0.5)


def _found() -> dict[str, Found]:
    return {key: Found(health, _first(key)) for key, health in health_by_key(TABLE).items()}


def _first(key: str) -> MailTest | None:
    """Give the domain's oldest test."""
    return min(mailtests.of_domain(key), key=lambda test: test.sendtime, default=None)


@pytest.mark.parametrize("key", TABLE)
def test_a_domain_is_found_to_do_what_postfix_does(found: dict[str, Found], key: str) -> None:
    """Verdict, cause and state follow from the mailbox's behaviour alone."""
    row, health = TABLE[key], found[key].health
    assert health.recent, "it was never judged"
    assert health.recent[0].verdict in row.verdicts
    assert (health.recent[0].cause, health.state) == (row.cause, row.state)


def test_a_refusal_keeps_the_words_that_postfix_said(found: dict[str, Found]) -> None:
    """An unknown user is reported with Postfix's own status and sentence."""
    test = found["test@unknown.test"].first
    assert test
    assert test.refused
    assert test.refused.status == "5.1.1"
    assert "User unknown in virtual alias table" in test.refused.text
    assert test.delivered is None


def test_a_bounce_keeps_the_words_of_the_report(found: dict[str, Found]) -> None:
    """Mail that was accepted and then bounced is reported with the report's status, words and server."""
    test = found["test@bounce.test"].first
    assert test
    assert test.delivered
    assert test.refused
    assert (test.refused.status, test.refused.server) == ("5.2.1", "dns; mx.postfix.test")
    assert "This mailbox was closed" in test.refused.text


@pytest.mark.parametrize("key", ["test@greylist.test", "test@greylong.test"])
def test_greylisting_is_kept_as_evidence(found: dict[str, Found], key: str) -> None:
    """Mail that was deferred and then accepted keeps the temporary reply, on time or late."""
    test = found[key].first
    assert test
    assert test.deferred
    assert test.delivered
    assert (test.deferred.status, test.deferred.cause) == ("4.2.0", Cause.DEFERRED)
    assert "Greylisted" in test.deferred.text
    assert test.deferred.at < test.delivered.at


def test_a_redirect_comes_back_once(found: dict[str, Found]) -> None:
    """A redirected mail is a message, counted once, and kept with the reply of the server that accepted it."""
    test = found["test@redirect.test"].first
    assert test
    assert (test.returned_as, test.copies) == ("message", 0)
    assert test.delivered
    assert "queued as" in test.delivered.text
