"""Whatever keeps send from its work: each planned test has its record in the end, and is counted once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mxtrax.aws import ses
from mxtrax.jobs import send
from mxtrax.model import MailTest, Verdict
from mxtrax.store import fleet, incidents, mailtests, stats
from tests.faults.night import MODES, Mode, Night, night
from tests.faults.outcome import counted_apart
from tests.faults.wire import Killed

DOMAINS = ("one", "two")


def _end(it: Night) -> dict[str, list[MailTest]]:
    """Let send do its work again, nothing new begin, and all that is under way end; give the tests of each domain."""
    it.broken = {}
    it.minutes(8)
    _begin_nothing()
    it.minutes(9)
    return {domain.key: list(mailtests.of_domain(domain.key)) for domain in fleet.everyone()}


def _begin_nothing() -> None:
    for domain in fleet.everyone():
        fleet.save(replace(domain, interval_minutes=10**9))


def _wrong(it: Night, tests: dict[str, list[MailTest]]) -> list[Any]:
    """Name planned tests that have no record, or are in no counter, or in more than one."""
    known = Counter(test.testid for each in tests.values() for test in each)
    wrong: list[Any] = [name for name in it.planned if known[name] != 1]
    wrong += [test for each in tests.values() for test in each if not test.incl_in_stat]
    return wrong + [it for key, each in tests.items() for it in counted_apart(each, list(stats.of_domain(key)))]


def _unsent(tests: dict[str, list[MailTest]]) -> list[MailTest]:
    return [test for each in tests.values() for test in each if test.counted is Verdict.UNSENT]


@pytest.mark.parametrize("mode", MODES)
def test_a_sender_that_is_broken_for_long_leaves_no_test_out(mode: Mode) -> None:
    """Nobody is held responsible for what did not go out; what waited for too long is not sent at the wrong time."""
    with night(DOMAINS) as it:
        it.stage.configure(interval_minutes=5)
        it.minutes(6)
        began = it.now
        it.broken["send"] = mode
        it.minutes(75)
        ended = it.now
        tests = _end(it)
        assert _wrong(it, tests) == []
        unsent = _unsent(tests)
        assert len(unsent) >= 2 * 75 // 5 - 8
        assert all(began <= test.sendtime <= ended and test.unsent for test in unsent)
        assert all(mail.at < began or mail.at >= ended for mail in it.mails)
        assert not [incident for key in tests for incident in incidents.of_domain(key)]
        assert it.dead == []


def _dies_at_once(*_: Any) -> Any:
    raise Killed


def _dies_after(real: Callable[..., str]) -> Callable[..., str]:
    def send_mail(*order: Any) -> str:
        real(*order)
        raise Killed

    return send_mail


@pytest.mark.parametrize(
    ("when", "counted"),
    [
        ("before it writes", Verdict.UNSENT),
        ("before SES has it", Verdict.UNSENT),
        ("when SES has it", Verdict.ONTIME),
    ],
)
def test_batches_that_end_each_sender(monkeypatch: pytest.MonkeyPatch, when: str, counted: Verdict) -> None:
    """They end as dead letters, an alarm rings, and their tests are noted. What did go out counts as what it was."""
    with night(DOMAINS, own_loop="") as it:
        it.stage.configure(interval_minutes=10)
        it.minutes(12)
        before, rang = set(it.planned), set[str]()
        with monkeypatch.context() as patch:
            if when == "before it writes":
                patch.setattr(send, "_new_test", _dies_at_once)
            else:
                patch.setattr(ses, "send_mail", _dies_after(ses.send_mail) if "when" in when else _dies_at_once)
            it.minutes(10)
            _begin_nothing()
            for _ in range(7):
                it.minutes(1)
                rang |= it.ringing()
        struck = it.planned - before
        tests = _end(it)
        assert _wrong(it, tests) == []
        assert {test.testid: test.counted for each in tests.values() for test in each if test.testid in struck} == (
            dict.fromkeys(struck, counted)
        )
        assert len(struck) == len(DOMAINS)
        assert ("SendDeadLetters" in rang, it.dead) == (counted is Verdict.UNSENT, [])
        assert not [incident for key in tests for incident in incidents.of_domain(key)]
