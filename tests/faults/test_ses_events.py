"""Nothing is concluded from a missing SES event: events are best effort, and come late, twice, in any order.

The same lives are run with all SES events, and with those of some kinds disturbed. The outcome must be the same, apart
from what the events themselves would have said: that a server accepted, deferred or rejected a mail.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import pytest

from mxtrax.model import HOUR, MINUTE, Cause, Verdict
from mxtrax.rules.cause import cause_of
from mxtrax.store import incidents, mailtests, stats
from tests.faults.lived import MANNERS, Fleet
from tests.faults.lives import NEVER_OURS, surroundings, worlds
from tests.faults.world import SmtpReply, World

type Fate = Callable[[random.Random], Sequence[int]]
"""How late an event comes, each time that it comes; the event itself has its time."""

FATES: Final[dict[str, Fate]] = {
    "never": lambda _: (),
    "late": lambda dice: (dice.randrange(2 * HOUR),),
    "as it falls": lambda dice: [dice.randrange(40 * MINUTE) for _ in range(dice.choice((0, 0, 1, 2, 3)))],
}
"""Not at all; so late that what a server said last often comes first; and some not at all, some late, some twice."""

OFTEN: Final = {"prompt": 5, "slow": 1, "late": 2, "lost": 2, "copied": 1}
SAID_BY_EVENTS: Final = {
    Cause.ACCEPTED_THEN_LOST,
    Cause.DEFERRED,
    Cause.SLOW_OUTBOUND,
    Cause.SLOW_INSIDE,
    Cause.SLOW_RETURN,
    Cause.NO_WORD,
}
"""Causes that say how far a mail is known to have come."""


@contextmanager
def _disturbed(kinds: frozenset[str], fate: Fate | None) -> Iterator[None]:
    """Let SES's events of some kinds have another fate."""
    says = World._ses_says

    def ses_says(it: World, after: int, test: str, ses_id: str, detail: dict[str, Any]) -> None:
        dice = random.Random(f"{it.tests} {test} {detail}")  # noqa: S311 -- dice
        for late in fate(dice) if fate and detail["eventType"] in kinds else (0,):
            says(it, after, test, ses_id, detail, late)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(World, "_ses_says", ses_says)
        yield


def _lived(often: dict[str, int], kinds: frozenset[str], fate: Fate | None) -> tuple[Fleet, dict[str, Any]]:
    """Live more than an hour, and give what is known in the end of all domains."""

    def manner(to: str, number: int) -> tuple[SmtpReply, ...]:
        dice = random.Random(f"{to} {number // 3}")  # noqa: S311 -- dice; a domain keeps its manner for some tests
        return MANNERS[dice.choices(list(often), list(often.values()))[0]]

    with surroundings(), worlds() as world, _disturbed(kinds, fate):
        world.stage.configure(
            interval_minutes=7, retest_minutes=2, max_sec_until_fail=3600, self_check_percent=NEVER_OURS
        )
        it = Fleet(world)
        for number in range(4):
            it.add(f"d{number}.example", "prompt")
        world.customers = manner
        it.minutes(75)
        it.rest()
        assert it.wrong() == []
        return it, {key: _known(key) for key in it.ever} | {"told": _told(world)}


def _known(key: str) -> dict[str, Any]:
    tests = sorted(mailtests.of_domain(key), key=lambda test: test.sendtime)
    return {
        "tests": [
            (test.testid, test.sendtime, test.counted, test.receivetime, test.returned_as, _cause(test))
            for test in tests
        ],
        "days": [replace(day, version=0) for day in stats.of_domain(key)],
        "incidents": [(it.opened, it.closed, it.exceeded, it.notified is not None) for it in incidents.of_domain(key)],
    }


def _cause(test: Any) -> str | None:
    cause = cause_of(test, test.counted)
    return "how far it came" if cause in SAID_BY_EVENTS else cause


def _told(world: World) -> set[tuple[str, str, str]]:
    """Give which channels were notified of each incident, and of its end.

    Incidents of one cause are notified, corrected and reminded together: that depends on the events themselves.
    """
    return {(it.channel, it.incident, "over" if it.news == "closed" else "going on") for it in world.told}


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, Any]:
    """Live with all events."""
    _, known = _lived(OFTEN, frozenset(), None)
    verdicts = {test[2] for key, it in known.items() if key != "told" for test in it["tests"]}
    assert verdicts == {Verdict.ONTIME, Verdict.LATE, Verdict.FAILED}
    assert sum(len(it["incidents"]) for key, it in known.items() if key != "told") > 2
    return known


@pytest.mark.parametrize("fate", FATES)
def test_how_far_a_mail_came_changes_nothing_else(undisturbed: dict[str, Any], fate: str) -> None:
    """Whatever becomes of Delivery and DeliveryDelay: the same tests, verdicts, figures, incidents and news."""
    _, known = _lived(OFTEN, frozenset({"Delivery", "DeliveryDelay"}), FATES[fate])
    for key, it in undisturbed.items():
        assert known[key] == it, key


@pytest.mark.parametrize("fate", ["never", "as it falls"])
def test_a_refusal_that_nobody_hears_of_is_a_test_that_did_not_come_back(fate: str) -> None:
    """An event of a bounce makes an incident begin earlier. Where it does not come, time alone says the same."""
    often = {"prompt": 3, "refused": 2, "lost": 1}
    _, known = _lived(often, frozenset({"Bounce", "Delivery"}), FATES[fate])
    told = known.pop("told")
    tests = [test for it in known.values() for test in it["tests"]]
    assert {test[2] for test in tests} == {Verdict.ONTIME, Verdict.FAILED}
    for key, it in known.items():  # wrong() has compared all of it with the truth; here, that somebody was notified.
        lost = [test for test in it["tests"] if test[2] is Verdict.FAILED]
        assert bool(lost) is bool(it["incidents"]), key
    assert {news for _, _, news in told} >= {"going on", "over"}
