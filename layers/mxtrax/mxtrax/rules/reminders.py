"""When people are reminded of an incident: less often the longer it lasts, and not at all once somebody is on it.

If nobody is within some time after the first notice, a second list of people is notified as well. The time is
calculated from the current settings whenever an incident is looked at, so a changed setting applies to open incidents
as well.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import DAY, HOUR, MINUTE, SECOND, Config, Incident, Millis

LONGEST: Final = 8 * HOUR
"""Up to this, the time between two reminders doubles; after that there is one a day."""

WEEK: Final = 7 * DAY
"""Incidents that last longer have no reminders of their own any more: they are all in one note a week."""

NOTE_HOUR: Final = 8
"""The hour of Monday at which that note goes out, in the zone of the settings."""

ALONG: Final = 2
"""A reminder goes out along with other notices from this part of its time on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often people are reminded: `every` is the first wait in milliseconds, None for never; `escalate` likewise.

    `minute` is the length of a minute of plan's clock.
    """

    every: Millis | None
    minute: Millis = MINUTE
    zone: tzinfo = UTC
    escalate: Millis | None = None

    @property
    def day(self) -> Millis:
        """Give a day on plan's clock."""
        return DAY // MINUTE * self.minute


def pace_of(config: Config, minute_seconds: int, zone: tzinfo) -> Pace:
    """Make the pace from the settings, if a minute of plan's clock lasts this many seconds."""
    minute = minute_seconds * SECOND
    every = None if config.remind_minutes is None else config.remind_minutes * minute
    after = config.escalate_minutes if config.escalateuser else None
    return Pace(every=every, minute=minute, zone=zone, escalate=None if after is None else after * minute)


def next_reminder(incident: Incident, pace: Pace, *, along: bool = False) -> Millis | None:
    """Give when people are reminded of an incident; None if they are not, or have not been notified yet.

    With `along`, give from when on a reminder may go out along with other notices.
    """
    last = incident.reminded or incident.notified
    if pace.every is None or last is None or incident.closed is not None or incident.acknowledged:
        return None
    wait = _wait(incident.reminders, pace.every, pace)
    if _is_old(incident, pace):
        return _next_note(max(last, incident.opened + WEEK // MINUTE * pace.minute), pace.zone)
    return last + wait - (wait // ALONG if along else 0)


def by_itself(incident: Incident, pace: Pace, *, company: bool) -> Millis | None:
    """Give when a reminder goes out alone; None if there is none.

    That is when it is due. If `company` can be expected, it waits for that, at most as long as from the first notice to
    the first reminder. The weekly note never waits.
    """
    due = next_reminder(incident, pace)
    if due is None or not pace.every or not company or _is_old(incident, pace):
        return due
    return due + pace.every


def escalates(incident: Incident, pace: Pace) -> Millis | None:
    """Give when the second list is notified of an incident; None if it is not, or has been."""
    if pace.escalate is None or incident.notified is None or incident.escalated is not None:
        return None
    return None if incident.closed is not None or incident.acknowledged else incident.notified + pace.escalate


def next_look(incident: Incident, pace: Pace, now: Millis) -> Millis:
    """Give when an open incident must be looked at next: at least once a day, so that none is forgotten."""
    due = next_reminder(incident, pace)
    if due is not None and due <= now:
        due = by_itself(incident, pace, company=True)
    wanted = [at for at in (due, escalates(incident, pace)) if at is not None]
    return min([now + pace.day, *(max(now, at) for at in wanted)])


def _is_old(incident: Incident, pace: Pace) -> bool:
    """Say whether the next reminder is in the weekly note."""
    last = incident.reminded or incident.notified
    if not pace.every or last is None:
        return False
    return last + _wait(incident.reminders, pace.every, pace) - incident.opened >= WEEK // MINUTE * pace.minute


def _wait(reminders: int, every: Millis, pace: Pace) -> Millis:
    """Give the time from the last notice to the next reminder, after this many reminders."""
    if not every:
        return 0
    doubled = every * 2 ** min(reminders, 32)
    longest = LONGEST // MINUTE * pace.minute
    return doubled if doubled <= longest or not reminders else max(every, pace.day)


def _next_note(after: Millis, zone: tzinfo) -> Millis:
    """Give the first moment after this one at which the weekly note goes out."""
    local = datetime.fromtimestamp(after / SECOND, zone)
    days = (7 - local.weekday()) % 7
    monday = (local + timedelta(days=days)).replace(hour=NOTE_HOUR, minute=0, second=0, microsecond=0, fold=0)
    if monday <= local:
        monday += timedelta(days=7)
    return round(monday.timestamp()) * SECOND
