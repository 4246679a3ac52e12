"""The second act of the demonstration: our own inbox is cut off, and restored.

Nothing comes back for anybody then. That is ours to tell, once, and no customer is to hear of it; but one of them breaks
down for good meanwhile, and that is to be told when we are well again.
"""

import time
from dataclasses import dataclass
from typing import Final

from infra.demo.captured_alerts import CLOSED, OPENED, CapturedAlerts, Message, Story
from infra.demo.checks import Check
from infra.local.customers import BREAKS_DOWN, TABLE
from infra.local.metronome import Metronome
from mxtrax.model import SECOND, Cause, Incident, Millis, State
from mxtrax.store import incidents, mailtests

IN_TROUBLE: Final = "MXTRAX itself is in trouble"
OVER: Final = "In trouble from "
"""What the title begins with of a story that tells that we are well again: such a mail may be about worse in its subject."""

THE_MONITOR: Final = "THE MONITOR ITSELF"
"""The heading above what is told of it."""

OUR_INBOX: Final = "to our own inbox"

_UNDER_WAY_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.2
_SOUND: Final = tuple(customer.mailbox for customer in TABLE if customer.expected.state is State.OK)
_BROKEN: Final = f"test@{BREAKS_DOWN}"


@dataclass(frozen=True, slots=True)
class FleetSnapshot:
    """What has been told since the inbox was cut off, and the incidents of all who had been well, by address."""

    subjects: tuple[str, ...]
    stories: tuple[Story, ...]
    messages: tuple[Message, ...]
    incidents: dict[str, tuple[Incident, ...]]

    @property
    def of_customers(self) -> tuple[str, ...]:
        """All that was told of customers: the titles of stories, and the messages' domains."""
        stories = [it.title for it in self.stories if it.heading != THE_MONITOR]
        return (*stories, *(it.maildomain for it in self.messages if not it.ours))


def _is_back(mailbox: str) -> bool:
    """Tell whether the newest test of a domain has come back."""
    return any(test.receivetime for test in mailtests.of_domain(mailbox, limit=1))


@dataclass
class Outage:
    """A time in which nothing comes back. What was told before it is left out."""

    captured: CapturedAlerts
    alerts: int
    messages: int
    since: Millis

    @classmethod
    def begin(cls, captured: CapturedAlerts, metronome: Metronome) -> "Outage":
        """Cut the inbox off, and let one customer break down.

        Not while mail is under way: with minutes of seconds, it would be overdue before our own loop is tested again.
        """
        with metronome.held():
            deadline = time.monotonic() + _UNDER_WAY_SECONDS
            while not all(map(_is_back, _SOUND)) and time.monotonic() < deadline:
                time.sleep(_LOOK_SECONDS)
            return cls._cut_off(captured)

    @classmethod
    def _cut_off(cls, captured: CapturedAlerts) -> "Outage":
        captured.listen()
        captured.world.standin.cut_off()
        captured.world.customers.break_down(BREAKS_DOWN)
        return cls(captured, len(captured.alerts), len(captured.messages), time.time_ns() // 1_000_000 - SECOND)

    def look(self) -> FleetSnapshot:
        """See what has been told since, and how the incidents stand."""
        of_sound = {key: tuple(it for it in incidents.of_domain(key) if it.opened >= self.since) for key in _SOUND}
        self.captured.listen()
        alerts = self.captured.alerts[self.alerts :]
        return FleetSnapshot(
            subjects=tuple(it.subject for it in alerts),
            stories=tuple(story for it in alerts for story in it.stories),
            messages=tuple(self.captured.messages[self.messages :]),
            incidents=of_sound,
        )


def during(snapshot: FleetSnapshot) -> tuple[Check, ...]:
    """Check what is to be seen while nothing comes back."""
    return (_one_alarm(snapshot), _silence(snapshot), _held(snapshot))


def after(snapshot: FleetSnapshot) -> tuple[Check, ...]:
    """Check what is to be seen once the inbox is restored."""
    return (_well_again(snapshot), _dropped(snapshot), _told_after_all(snapshot))


def _one_alarm(snapshot: FleetSnapshot) -> Check:
    ours = [it for it in snapshot.messages if it.ours]
    opened = [it for it in ours if it.notice == OPENED and it.cause == Cause.MONITOR_FAULT]
    stories = [it for it in snapshot.stories if it.heading == THE_MONITOR]
    return Check(
        "With the inbox cut off, one alert says that the monitor itself has a problem, and which.",
        len(opened) == len(ours) == len(stories) == 1
        and len(snapshot.subjects) == 1
        and snapshot.subjects[0].startswith(IN_TROUBLE)
        and OUR_INBOX in stories[0].text,
        "; ".join((*snapshot.subjects, *(it.text for it in stories))) or "nothing was sent",
    )


def _silence(snapshot: FleetSnapshot) -> Check:
    told = snapshot.of_customers
    return Check("No customer alert is sent.", not told, ", ".join(told) or "silence")


def _held(snapshot: FleetSnapshot) -> Check:
    held = [key for key, them in snapshot.incidents.items() if any(_is_held(it) for it in them)]
    told = [key for key, them in snapshot.incidents.items() if any(it.notified for it in them)]
    return Check(
        f"The alerts of all {len(_SOUND)} customers that were well are on hold.",
        len(held) == len(_SOUND) and not told,
        f"{len(held)} on hold, {len(told)} sent",
    )


def _is_held(incident: Incident) -> bool:
    return incident.closed is None and incident.notified is None


def _well_again(snapshot: FleetSnapshot) -> Check:
    notices = [(it.notice, it.incident) for it in snapshot.messages if it.ours]
    recovered = [it for it in snapshot.stories if it.heading == THE_MONITOR and it.title.startswith(OVER)]
    one = len({incident for _, incident in notices}) == 1
    return Check(
        "With the inbox restored, the same incident says once that the monitor is well again.",
        one and [notice for notice, _ in notices] == [OPENED, CLOSED] and len(recovered) == 1,
        "; ".join(snapshot.subjects),
    )


def _dropped(snapshot: FleetSnapshot) -> Check:
    others = {key: them for key, them in snapshot.incidents.items() if key != _BROKEN}
    dropped = [key for key, them in others.items() if them and all(it.closed and it.dropped for it in them)]
    told = [key for key in snapshot.of_customers if any(key.startswith(other) for other in others)]
    return Check(
        "What was held is dropped where the domain recovers with us.",
        len(dropped) == len(others) and not told,
        f"{len(dropped)} of {len(others)} dropped" + (f"; sent for {', '.join(told)}" if told else ""),
    )


def _told_after_all(snapshot: FleetSnapshot) -> Check:
    """Check that the one that truly broke down is told, by mail and to machines, once and alone."""
    told = [it for it in snapshot.stories if it.heading != THE_MONITOR]
    opened = [it.maildomain for it in snapshot.messages if it.notice == OPENED and not it.ours]
    return Check(
        f"What broke down meanwhile, {BREAKS_DOWN}, is notified after all, and nothing else.",
        len(told) == 1 and told[0].is_about(_BROKEN) and opened == [_BROKEN] and len(snapshot.of_customers) == 2,
        ", ".join(snapshot.of_customers) or "silence",
    )
