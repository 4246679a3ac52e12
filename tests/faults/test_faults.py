"""Every AWS call may fail in every way, and what comes out is the same. Here a part of all cases; all: `make faults`."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from tests.faults.lives import surroundings, worlds
from tests.faults.suite import Suite, run
from tests.faults.wire import FAULTS

EACH: Final = 89
"""One in this many cases is run here: each kind of fault, and each job, comes up several times."""


IN_PART: Final = [fault for fault in FAULTS if "half" in fault.name]
"""The faults of calls that can be done in part; there are too few such calls for the part of the cases."""


@pytest.fixture(scope="module")
def suite() -> Iterator[Suite]:
    """Run the undisturbed lives."""
    with surroundings(), worlds() as world:
        suite = Suite(world)
        suite.learn()
        yield suite


def test_all_calls_are_found(suite: Suite) -> None:
    """The suite finds the calls of all jobs, to all services, by itself."""
    cases = list(suite.cases())
    jobs = {"plan", "send", "feedback", "receive", "sweep", "aggregate", "alert", "rollup"}
    assert {case.job for case in cases} == jobs
    assert {case.call.service for case in cases if case.call} == {"dynamodb", "sqs", "sesv2", "sns", "s3"}
    assert Counter(case.job for case in cases).total() > 8_000


def test_batches_that_are_done_in_part_change_nothing(suite: Suite) -> None:
    """Half of a call's statements refused, or done and the answer lost: the rest is done by the next worker."""
    wrong = list[str]()
    played = run(suite, lambda _, case: case.fault in IN_PART and case.call is not None, wrong.append)
    assert wrong == []
    assert set(played) == {fault.name for fault in IN_PART}


def test_faults_change_nothing(suite: Suite) -> None:
    """Whatever goes wrong at one call: after all retries each test is in one counter, and no mail and no alert is lost."""
    wrong = list[str]()
    played = run(suite, lambda number, _: number % EACH == 0, wrong.append)
    assert wrong == []
    assert len({fault.name for fault in FAULTS if fault not in IN_PART} - set(played)) < 3
