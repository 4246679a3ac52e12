"""The second act of the demonstration: our own inbox is cut off, and restored.

Then no test comes back. This must be alerted once, as our own failure, and no customer's failure may be, except that of
one whose server rejects mail meanwhile: a server's rejection needs no inbox. Another customer breaks down for good, and
that must be alerted once we are well again.
"""

import time
from dataclasses import dataclass
from typing import Final

from infra.demo.captured_alerts import CLOSED, OPENED, CapturedAlerts, Message, Story
from infra.demo.checks import Check
from infra.local.customers import BREAKS_DOWN, REFUSAL, REFUSES, TABLE
from infra.local.metronome import Metronome
from mxtrax.model import SECOND, Cause, Incident, Millis, State
from mxtrax.store import incidents, mailtests
from mxtrax.store.health import health_by_key

OVER: Final = "In trouble from "
"""How the title of a story about our own recovery begins."""

THE_MONITOR: Final = "THE MONITOR ITSELF"
"""The heading above the monitor's own failure."""

RECOVERED: Final = "RECOVERED"
"""The heading above recoveries."""

OUR_INBOX: Final = "to our own inbox"

BROKEN: Final = f"test@{BREAKS_DOWN}"
REFUSED: Final = f"test@{REFUSES}"

_UNDER_WAY_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.2
_SOUND: Final = tuple(customer.mailbox for customer in TABLE if customer.expected.state is State.OK)
_OTHERS: Final = tuple(key for key in _SOUND if key not in (BROKEN, REFUSED))


@dataclass(frozen=True, slots=True)
class FleetSnapshot:
    """All alerts since the inbox was cut off, about us and all that had been well, and their state, by address.

    `missing` are those with an overdue test, `well` those that are not suspicious.
    """

    subjects: tuple[str, ...]
    stories: tuple[Story, ...]
    messages: tuple[Message, ...]
    incidents: dict[str, tuple[Incident, ...]]
    missing: frozenset[str] = frozenset()
    well: frozenset[str] = frozenset()

    def told(self, key: str) -> tuple[str, ...]:
        """Give all alerts about a domain: the headings of stories, and the notices to machines."""
        stories = [it.heading for it in self.stories if it.is_about(key)]
        return (*stories, *(it.notice for it in self.messages if it.maildomain == key))


def _is_back(mailbox: str) -> bool:
    """Say whether a domain's newest test has come back."""
    return any(test.receivetime for test in mailtests.of_domain(mailbox, limit=1))


@dataclass
class Outage:
    """A time in which nothing comes back. Earlier alerts are left out. `on_time` is in milliseconds."""

    captured: CapturedAlerts
    alerts: int
    messages: int
    since: Millis
    on_time: Millis

    @classmethod
    def begin(cls, captured: CapturedAlerts, metronome: Metronome) -> "Outage":
        """Cut off the inbox, let one customer break down and another's server reject all mail.

        Not while mail is under way: with shortened minutes, it would be overdue before our own loop is tested again.
        """
        with metronome.held():
            deadline = time.monotonic() + _UNDER_WAY_SECONDS
            while not all(map(_is_back, _SOUND)) and time.monotonic() < deadline:
                time.sleep(_LOOK_SECONDS)
            return cls._cut_off(captured)

    @classmethod
    def _cut_off(cls, captured: CapturedAlerts) -> "Outage":
        captured.listen()
        world = captured.world
        world.standin.cut_off()
        world.customers.break_down(BREAKS_DOWN)
        world.customers.refuse(REFUSES, REFUSAL)
        on_time = world.plan.config.maxreturntime * SECOND
        return cls(captured, len(captured.alerts), len(captured.messages), _now() - SECOND, on_time)

    def look(self) -> FleetSnapshot:
        """Take a snapshot of the alerts since, and of the domains' state."""
        of_sound = {key: tuple(it for it in incidents.of_domain(key) if it.opened >= self.since) for key in _SOUND}
        self.captured.listen()
        alerts = self.captured.alerts[self.alerts :]
        known = health_by_key(_SOUND)
        return FleetSnapshot(
            subjects=tuple(it.subject for it in alerts),
            stories=tuple(story for it in alerts for story in it.stories),
            messages=tuple(self.captured.messages[self.messages :]),
            incidents=of_sound,
            missing=frozenset(filter(self._is_missing, _SOUND)),
            well=frozenset(key for key, it in known.items() if it.state is State.OK),
        )

    def _is_missing(self, mailbox: str) -> bool:
        sent = mailtests.of_domain(mailbox, since=self.since)
        return any(test.receivetime is None and _now() - test.sendtime > self.on_time for test in sent)


def _now() -> Millis:
    return time.time_ns() // 1_000_000


def during(snapshot: FleetSnapshot) -> tuple[Check, ...]:
    """Check the state while nothing comes back."""
    return (_one_alarm(snapshot), _silence(snapshot), _refusal(snapshot))


def after(snapshot: FleetSnapshot) -> tuple[Check, ...]:
    """Check the state after the inbox is restored."""
    return (_well_again(snapshot), _dropped(snapshot), _told_after_all(snapshot))


def recovered(snapshot: FleetSnapshot) -> tuple[Check, ...]:
    """Check the state after the rejecting server accepts mail again."""
    stories = [it for it in snapshot.stories if it.is_about(REFUSED)]
    over = [it for it in stories if it.heading == RECOVERED]
    notices = [it.notice for it in snapshot.messages if it.maildomain == REFUSED]
    check = Check(
        f"When {REFUSES} accepts mail again, one notice says so, and how long it was failing.",
        len(over) == 1 and ", for " in over[0].text and notices.count(CLOSED) == 1 and REFUSED in snapshot.well,
        "; ".join(it.text for it in over) or f"{len(stories)} stories, {', '.join(notices)}",
    )
    return (check,)


def _one_alarm(snapshot: FleetSnapshot) -> Check:
    ours = [it for it in snapshot.messages if it.ours]
    opened = [it for it in ours if it.notice == OPENED and it.cause == Cause.MONITOR_FAULT]
    stories = [it for it in snapshot.stories if it.heading == THE_MONITOR]
    return Check(
        "With the inbox cut off, one alert says what is wrong with the monitor itself.",
        len(opened) == len(ours) == len(stories) == 1 and OUR_INBOX in stories[0].text,
        "; ".join((*snapshot.subjects, *(it.text for it in stories))) or "nothing was sent",
    )


def _silence(snapshot: FleetSnapshot) -> Check:
    """Check that nobody is notified about those that had been well, although their tests are missing."""
    quiet = (*_OTHERS, BROKEN)
    told = [key for key in quiet if snapshot.told(key) or any(it.notified for it in snapshot.incidents[key])]
    missing = [key for key in quiet if key in snapshot.missing]
    return Check(
        f"All tests of the {len(quiet)} healthy customers are missing, and no alert is sent about them.",
        len(missing) == len(quiet) and not told,
        f"{len(missing)} missing, alerted of {', '.join(told) or 'none'}",
    )


def _refusal(snapshot: FleetSnapshot) -> Check:
    """Check that a server's rejection is alerted nevertheless, once."""
    stories = [it for it in snapshot.stories if it.is_about(REFUSED)]
    opened = [it for it in snapshot.messages if it.maildomain == REFUSED]
    said = len(stories) == 1 and REFUSAL in stories[0].text
    return Check(
        f"The rejection by {REFUSES} is alerted even during our own outage, in its server's words.",
        said and [it.notice for it in opened] == [OPENED],
        "; ".join(it.text for it in stories) or "nothing was sent",
    )


def _well_again(snapshot: FleetSnapshot) -> Check:
    notices = [(it.notice, it.incident) for it in snapshot.messages if it.ours]
    over = [it for it in snapshot.stories if it.heading == THE_MONITOR and it.title.startswith(OVER)]
    one = len({incident for _, incident in notices}) == 1
    return Check(
        "With the inbox restored, the same incident says once that the monitor is well again.",
        one and [notice for notice, _ in notices] == [OPENED, CLOSED] and len(over) == 1,
        "; ".join(snapshot.subjects),
    )


def _dropped(snapshot: FleetSnapshot) -> Check:
    """Check that any incident from a test under way meanwhile is over, and that nobody was notified of it."""
    clean = [key for key in _OTHERS if all(it.closed and it.notified is None for it in snapshot.incidents[key])]
    told = [key for key in _OTHERS if snapshot.told(key)]
    well = [key for key in _OTHERS if key in snapshot.well]
    return Check(
        f"The {len(_OTHERS)} customers that were always healthy are well again with us, and no alert was sent about them.",
        len(clean) == len(well) == len(_OTHERS) and not told,
        f"{len(well)} well, alerted of {', '.join(told) or 'none'}",
    )


def _told_after_all(snapshot: FleetSnapshot) -> Check:
    """Check that the real breakdown is alerted, by mail and to machines, once."""
    told = [it for it in snapshot.stories if it.is_about(BROKEN)]
    opened = [it.notice for it in snapshot.messages if it.maildomain == BROKEN]
    return Check(
        f"{BREAKS_DOWN}, which broke down meanwhile, is alerted afterwards, once.",
        len(told) == 1 and opened == [OPENED],
        ", ".join(snapshot.told(BROKEN)) or "silence",
    )
