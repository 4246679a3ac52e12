"""A night in which a job is off, fails each time, or is throttled, and who notices.

The functions run as AWS runs them. Their own metrics are kept as they were put; those that AWS puts of functions and queues
are kept as it would. By these the alarms of the stack are evaluated, minute by minute, as CloudWatch does.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal

import pytest

from functions import watch
from mxtrax.api import answer
from mxtrax.model import DAY, MINUTE, SECOND, MailDomain, Millis
from mxtrax.notify import https
from mxtrax.notify.https import Answer
from mxtrax.runtime import log
from mxtrax.store import fleet
from tests.alarm import rings
from tests.every_request import as_event
from tests.faults import world as worlds_module
from tests.faults.lives import PROMPT, surroundings
from tests.faults.wire import Invocation, installed
from tests.faults.world import QUEUES, Event, Step, World, is_given_up, world
from tests.stack import STACK, Stack
from tests.stage import START, Stage, stage

type Mode = Literal["off", "raises", "throttled"]
type Series = dict[tuple[str, str], dict[int, list[float]]]
"""Data by metric and what it is of, then by minute."""

MODES: Final[tuple[Mode, ...]] = ("off", "raises", "throttled")
BREAKABLE: Final = ("plan", "send", "aggregate", "alert", "watch", "receive")
"""Jobs whose work is missed. From an event of SES that is not there nothing is concluded: feedback has its alarms alone."""

SWITCH: Final = "https://switch.example/ping"
KEPT: Final = {job: Stack().properties(f"{job.capitalize()}Queue")["MessageRetentionPeriod"] * SECOND for job in QUEUES}
"""For how long each queue keeps what nobody takes."""

AGAIN: Final = 20 * SECOND
"""After how long Lambda retries a throttled call."""


@dataclass
class Night(World):
    """A world that can break, with the metrics of it. `calls` are the minutes in which the outside switch was called.

    `planned` are the tests that were ever ordered of send.
    """

    broken: dict[str, Mode] = field(default_factory=dict)
    series: Series = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    calls: list[Millis] = field(default_factory=list)
    since: dict[str, Millis] = field(default_factory=dict)
    planned: set[str] = field(default_factory=set)

    # --- what happens

    def minutes(self, number: int) -> None:
        """Let minutes pass: the schedule calls, what is due happens, and AWS puts its metrics."""
        for _ in range(number):
            begin = self.now - self.now % MINUTE + MINUTE
            time = {"time": datetime.fromtimestamp(begin / SECOND, UTC).isoformat()}
            minute = begin // MINUTE
            for job in ("plan", "alert", "watch", *(("sweep",) if minute % 5 == 0 else ())):
                self.add(begin - self.now + (0 if job == "plan" else 30 * SECOND), job, time)
            if minute % 60 == 0:
                self.hour(begin)
            while self.agenda and self.agenda[0].at < begin + MINUTE:
                self.play(self.next())
            self.now = begin + MINUTE - SECOND
            self._queues()

    def add(self, after: Millis, job: str, payload: Any, attempt: int = 1) -> None:
        """Put something into the agenda, and remember which tests that orders."""
        if job == "send":
            self.planned |= {order["testid"] for order in json.loads(payload)["tests"]}
        super().add(after, job, payload, attempt)

    def invoke(self, step: Step, invocation: Invocation) -> list[Event]:
        """Run a function, unless it is down."""
        mode = self.broken.get(step.job)
        if any(map(is_given_up, step.events)):
            self._put("NumberOfMessagesReceived", f"{STACK}-SendDeadQueue", 1.0)
        if mode in {"off", "throttled"}:
            self._wait(step, throttled=mode == "throttled")
            return []
        failed = list(step.events) if mode == "raises" else super().invoke(step, invocation)
        self._put("Errors", _function(step.job), float(bool(failed)))
        return failed

    def _wait(self, step: Step, *, throttled: bool) -> None:
        """Keep what cannot be done now: messages in their queue, events with Lambda; a schedule that is off has none."""
        if throttled:
            self._put("Throttles", _function(step.job), 1.0)
        for event in step.events if throttled or step.job in QUEUES or step.job == "receive" else ():
            if step.job == "receive" and not throttled:
                continue  # SES calls once; the mail stays in the bucket.
            if self.now - self.since.setdefault(event.payload, self.now) > KEPT.get(step.job, DAY):
                continue  # Its queue has forgotten it.
            self.add(AGAIN, event.job, event.payload, event.attempt)

    def _again(self, event: Event) -> None:
        self.since.setdefault(event.payload, self.now)
        super()._again(event)

    # --- metrics

    def put(self, name: str, value: float) -> None:
        """Keep what one of our jobs puts."""
        self._put(name, "mxtrax", value)

    def _put(self, name: str, of: str, value: float) -> None:
        self.series[name, of][self.now // MINUTE].append(value)

    def _queues(self) -> None:
        """Put SQS's metrics: the age of waiting messages in each queue, and the number of dead letters."""
        for job in QUEUES:
            waiting = [
                self.since.get(it.payload, it.at) for it in self.agenda if it.job == job and it.at <= self.now + MINUTE
            ]
            age = max((self.now - at for at in waiting), default=0) / SECOND
            self._put("ApproximateAgeOfOldestMessage", f"{STACK}-{job.capitalize()}Queue", max(0.0, age))
            dead = sum(it.job == job for it in self.dead)
            self._put("ApproximateNumberOfMessagesVisible", f"{STACK}-{job.capitalize()}DeadQueue", dead)

    # --- who notices

    def ringing(self) -> set[str]:
        """Name the alarms of the stack that ring now."""
        return {name for name, alarm in Stack().alarms().items() if self._rings(alarm)}

    def _rings(self, alarm: dict[str, Any]) -> bool:
        (dimension,) = alarm["Dimensions"]
        return rings(alarm, self.series.get((alarm["MetricName"], dimension["Value"]), {}), self.now // MINUTE)

    def health(self) -> tuple[int, str]:
        """Ask /health, and give its status and sentence."""
        said = answer(as_event("GET", "/health"), self.now, self.stage.settings)
        return said["statusCode"], json.loads(said["body"])["detail"]

    def switch_rings(self) -> bool:
        """Say whether nobody has called the outside switch for five minutes."""
        return not self.calls or self.now - self.calls[-1] > 5 * MINUTE


def notice(it: Night, job: str, mode: Mode) -> dict[str, bool]:
    """Break a job, and give what has noticed after ten minutes; after thirty if the sweep recovers what is missed."""
    it.broken[job] = mode
    it.minutes(30 if job == "receive" else 10)
    return {"health": it.health()[0] == 503, "alarm": bool(it.ringing()), "switch": it.switch_rings()}


def unnoticed() -> list[str]:
    """Break each job in each way, and say what notices nothing."""
    found = list[str]()
    for job in BREAKABLE:
        for mode in MODES:
            with night(["one"]) as it:
                it.minutes(4)
                blind = [who for who, seen in notice(it, job, mode).items() if not seen]
            if blind:
                found.append(f"{job}, {mode}: not noticed by {', '.join(blind)}")
    return found


def _function(job: str) -> str:
    return f"{STACK}-{job.capitalize()}Function"


@contextmanager
def night(names: Sequence[str] = (), own_loop: str = "loop") -> Iterator[Night]:
    """Begin a night with a fleet whose mail always comes back, and our own loop; or with neither."""
    with surroundings(), installed() as wire, stage() as it, pytest.MonkeyPatch.context() as patch:
        patch.setitem(worlds_module.FUNCTIONS, "watch", watch)
        patch.setitem(worlds_module.RANK, "watch", len(worlds_module.RANK))
        patch.setattr(worlds_module, "World", Night)
        # What a night puts in place is undone before what the world has put there.
        with world(wire, it) as there, pytest.MonkeyPatch.context() as inner:
            assert isinstance(there, Night)
            _begin(there, it, inner, own_loop)
            fleet.add([MailDomain(id=0, testuser="mxtrax", domainname=name) for name in names])
            yield there


def _begin(there: Night, it: Stage, patch: pytest.MonkeyPatch, own_loop: str) -> None:
    def called(url: str) -> Answer:
        assert url == SWITCH
        there.calls.append(there.now)
        return Answer(status=200, body=b"", headers={})

    patch.setattr(https, "call", called)
    patch.setattr(log.metrics, "add_metric", lambda name, value, **_: there.put(name, value))
    it.settings = replace(it.settings, heartbeat_url=SWITCH, own_loop=own_loop)
    there.customers = lambda *_: PROMPT
    there.now = START
