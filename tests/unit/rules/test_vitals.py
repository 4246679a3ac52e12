"""Does the monitor do its work? What is said if it does not."""

from dataclasses import replace

import pytest

from mxtrax.model import HOUR, MINUTE, SECOND, Millis
from mxtrax.rules import vitals
from mxtrax.rules.vitals import JOBS, LOOP, Vitals

NOW: Millis = 1_795_341_600_000
BEATING = {job.name: NOW - 30 * SECOND for job in JOBS}
WELL = Vitals(now=NOW, heartbeats=BEATING, sender="mxtrax@monitor.example.net")


def test_all_is_well() -> None:
    """Nothing is said where each job has just done its work."""
    assert vitals.idle(WELL) == []
    assert vitals.silent(BEATING, NOW) == []


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_a_job_may_be_silent_for_so_long_and_no_longer(job: vitals.Job) -> None:
    """Then it is named, with the time."""
    assert vitals.silent({**BEATING, job.name: NOW - job.silent}, NOW) == []
    (said,) = vitals.silent({**BEATING, job.name: NOW - job.silent - SECOND}, NOW)
    assert said.startswith(job.says)
    assert said.endswith("min 1 s." if job.silent < HOUR else "min.")


def test_what_runs_every_minute_has_run_soon() -> None:
    """Where it never has, it is not forgotten; what runs seldom has its time."""
    said = vitals.silent({}, NOW)
    assert [it.removesuffix(" yet.") for it in said] == [job.says for job in JOBS if job.at_once]


def test_a_heartbeat_of_the_future_is_none() -> None:
    """By a clock that was wrong, a dead job would be alive for as long as it was ahead."""
    assert vitals.silent({**BEATING, "plan": NOW + SECOND}, NOW) == []
    assert vitals.silent({**BEATING, "plan": NOW + HOUR}, NOW) == ["No round of tests has been planned yet."]


def test_who_watches_does_not_accuse_itself() -> None:
    """By its own last heartbeat it would never begin again."""
    assert vitals.idle(replace(WELL, heartbeats={**BEATING, "watch": NOW - HOUR})) == []


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (replace(WELL, sender=""), "No sender is set, so no test can be sent."),
        (replace(WELL, uncounted=True), "Tests that were due more than 5 min ago have not been counted."),
        (replace(WELL, waiting=NOW - 7 * MINUTE), "An alert has been waiting for 7 min to be delivered."),
    ],
)
def test_work_that_is_not_done_is_named(seen: Vitals, said: str) -> None:
    """Even if each job runs."""
    assert vitals.idle(seen) == [said]


def test_missed_tests_of_our_own_loop_are_counted() -> None:
    """By the time between them; none before the loop is set up, or without a loop."""
    known = replace(WELL, every=2 * MINUTE, heartbeats={**BEATING, LOOP: NOW - 9 * MINUTE})
    assert vitals.missed(known) == 4
    assert vitals.missed(replace(known, every=15 * MINUTE)) == 0
    assert vitals.missed(replace(known, every=None)) == 0
    assert vitals.missed(replace(known, heartbeats=BEATING)) == 0
