"""Every AWS call may fail in every way, and what comes out is the same. Here a part of all cases; all: `make faults`."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import pytest

from tests.faults import fake_aws
from tests.faults.lives import PLAYS, SHARDS, surroundings, worlds
from tests.faults.mutants import MUTANTS, report
from tests.faults.outcome import Outcome, outcome
from tests.faults.suite import Suite, run
from tests.faults.wire import FAULTS

EACH: Final = 97
"""Of so many cases, one is played here: each kind of trouble, and each job, comes up several times."""


@pytest.fixture(scope="module")
def suite() -> Iterator[Suite]:
    """Play the undisturbed lives."""
    with surroundings(), worlds() as world:
        suite = Suite(world)
        suite.learn()
        yield suite


def test_all_calls_are_found(suite: Suite) -> None:
    """The suite finds the calls of all jobs, to all services, without being told of them."""
    cases = list(suite.cases())
    jobs = {"plan", "send", "feedback", "receive", "aggregate", "alert", "rollup"}
    assert {case.job for case in cases} == jobs
    assert {case.call.service for case in cases if case.call} == {"dynamodb", "sqs", "sesv2", "sns", "s3"}
    assert Counter(case.job for case in cases).total() > 8_000


def test_faults_change_nothing(suite: Suite) -> None:
    """Whatever goes wrong at one call: after all retries each test is in one counter, and no mail and no alert is lost."""
    wrong = list[str]()
    played = run(suite, lambda number, _: number % EACH == 0, wrong.append)
    assert wrong == []
    assert {fault.name for fault in FAULTS} <= set(played)


@pytest.mark.parametrize("wrong", ["a mail is deleted before it is noted", "two workers tell at once"])
def test_the_suite_can_fail(wrong: str) -> None:
    """Where a safeguard is taken away, the suite says so. All of them: `make faults`."""
    (number,) = (number for number, mutant in enumerate(MUTANTS) if mutant.wrong == wrong)
    assert report(number)


def test_short_ways_lead_where_the_long_ones_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out on the way to moto's DynamoDB changes nothing of what it does."""
    short = _played(lambda: None)
    assert short == _played(lambda: monkeypatch.setattr(fake_aws, "in_short", _at_length))
    assert short.tests


def _at_length() -> AbstractContextManager[None]:
    return nullcontext()


def _played(prepare: Callable[[], Any]) -> Outcome:
    """Play an undisturbed life to its end."""
    prepare()
    with surroundings(), worlds(PLAYS["storm"].brakes) as world:
        PLAYS["storm"].begin(world)
        while world.agenda:
            world.play(world.next())
        return outcome(world, SHARDS)
