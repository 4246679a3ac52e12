"""The fault suite itself: it can fail, and its short ways to moto lead where the long ones do."""

from contextlib import AbstractContextManager, nullcontext

import pytest

from tests import fake_aws
from tests.faults.lives import PLAYS, SHARDS, surroundings, worlds
from tests.faults.mutants import MUTANTS, report
from tests.faults.outcome import Outcome, outcome


@pytest.mark.parametrize("wrong", ["a mail is deleted before it is noted", "two workers tell at once"])
def test_the_suite_can_fail(wrong: str) -> None:
    """If a safeguard is removed, the suite notices. All of them: `make faults`."""
    (number,) = (number for number, mutant in enumerate(MUTANTS) if mutant.wrong == wrong)
    assert report(number)


def test_short_ways_lead_where_the_long_ones_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out on the way to moto's DynamoDB changes nothing of what it does."""
    short = _played()
    monkeypatch.setattr(fake_aws, "in_short", _at_length)
    assert short == _played()
    assert short.tests


def _at_length() -> AbstractContextManager[None]:
    return nullcontext()


def _played() -> Outcome:
    """Play an undisturbed life to its end."""
    with surroundings(), worlds(PLAYS["storm"].brakes) as it:
        PLAYS["storm"].begin(it)
        while it.agenda:
            it.play(it.next())
        return outcome(it, SHARDS)
