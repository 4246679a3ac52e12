"""Does the monitor do its own work? What its jobs leave behind, and the sentences about missing work.

A job can be off, fail each time, be throttled, or run and achieve nothing. It cannot report the first three itself, so
each job leaves a heartbeat at the end of a round that did its work. For the last, we look for work left undone.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mxtrax.frozen import dataclass
from mxtrax.model import MINUTE, Millis
from mxtrax.rules.cause import span

ID: Final = "watch"
"""The record of work that the monitor does not do."""

PEER: Final = "peer"
"""The record of another monitor that is not well, and the heartbeat of when it last was."""

WELL: Final = "well"
"""The heartbeat of the last minute in which nothing was wrong."""

LOOP: Final = "loop"
"""The heartbeat of the last test of our own loop that came back."""

PATIENCE: Final = 5 * MINUTE
"""How old the work of a minute may become."""

MISSED: Final = 1
"""Tests of our own loop in a row that may be missed. A mail that the sweep finds is ten minutes late: two of them."""


class Job(NamedTuple):
    """A job that leaves heartbeats: what people read if it is silent, and after how long."""

    name: str
    says: str
    silent: Millis = PATIENCE
    at_once: bool = True


JOBS: Final = (
    Job("plan", "No round of tests has been planned"),
    Job("send", "No batch of tests has been handed to SES"),
    Job("aggregate", "No round of results has been counted"),
    Job("alert", "No round of alerts has been finished"),
    Job("watch", "The jobs have not been checked"),
    Job("sweep", "The inbox has not been swept", 20 * MINUTE, at_once=False),
    Job("rollup", "The figures of the day have not been added up", 150 * MINUTE, at_once=False),
)
"""Every scheduled job. One that is not `at_once` has not run yet when the stack is new."""


HEARTBEATS: Final = (*(job.name for job in JOBS), LOOP)
"""All heartbeats that watch reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What is known of the monitor's work at a moment.

    `uncounted` says whether tests that were due long ago are not counted; `waiting` is since when the alert that has waited
    longest could have been sent; `every` is how far apart the tests of our own loop are, where there is one; `untested`
    counts the domains that nobody tests though somebody should (rules/untested.py).
    """

    now: Millis
    heartbeats: Mapping[str, Millis | None]
    sender: str
    uncounted: bool = False
    waiting: Millis | None = None
    every: Millis | None = None
    untested: int = 0


def silent(heartbeats: Mapping[str, Millis | None], now: Millis, but: str = "") -> list[str]:
    """Say which jobs have been silent for too long, without `but`.

    A heartbeat from the future does not count: a clock was wrong, and until then no silence would be noticed.
    """
    said = []
    for job in JOBS:
        at = heartbeats.get(job.name)
        if job.name == but or (at is None and not job.at_once):
            continue
        if at is None or at > now + MINUTE:
            said.append(f"{job.says} yet.")
        elif now - at > job.silent:
            said.append(f"{job.says} for {span(now - at)}.")
    return said


def idle(seen: Vitals) -> list[str]:
    """Say which work is not done, no matter which job should do it."""
    said = silent(seen.heartbeats, seen.now, but="watch")
    if not seen.sender:
        said.append("No sender is set, so no test can be sent.")
    if seen.uncounted:
        said.append(f"Tests that were due more than {span(PATIENCE)} ago have not been counted.")
    if seen.waiting is not None:
        said.append(f"An alert has been waiting for {span(seen.now - seen.waiting)} to be delivered.")
    if seen.untested:
        who = "1 domain has" if seen.untested == 1 else f"{seen.untested:,} domains have"
        said.append(f"{who} not been tested for three intervals; the log of rollup names them.")
    return said


def missed(seen: Vitals) -> int:
    """Give how many tests of our own loop have not come back, one after the other.

    0 if there is no loop, and until its first return shows that it is set up.
    """
    last = seen.heartbeats.get(LOOP)
    return 0 if last is None or seen.every is None else max(0, seen.now - last) // seen.every
