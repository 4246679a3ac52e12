"""A customer's month: for how long mail could be received, and what is left out of that, and why.

A domain is available in each counted minute outside of incidents in which it was down. Maintenance windows, faults of
our own and days on which nothing was measured are not counted. Slow counts as available, and is shown separately.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from mxtrax.frozen import dataclass
from mxtrax.model import DAY, SECOND, Cause, Incident, MailDomain, Millis, Stat
from mxtrax.rules.zones import zone_of

_SLOW: Final = frozenset({Cause.SLOW_OUTBOUND, Cause.SLOW_INSIDE, Cause.SLOW_RETURN})
_LATE: Final = "maxlate"
"""How the names of limits for late tests begin."""


class Stretch(NamedTuple):
    """A stretch of time, without its end."""

    start: Millis
    end: Millis


class LeftOut(NamedTuple):
    """A stretch that is not counted: maintenance, or a fault of our own. `target` is "" if it applies to all."""

    start: Millis
    end: Millis
    ours: bool
    target: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """How the time of a month was spent, in milliseconds. `counted` is what was measured and not left out."""

    counted: Millis = 0
    down: Millis = 0
    slow: Millis = 0
    left_out: Millis = 0
    unmeasured: Millis = 0

    @property
    def availability(self) -> float | None:
        """Give the per cent of the counted time in which mail could be received; None if no time is counted."""
        return 100 * (self.counted - self.down) / self.counted if self.counted else None

    def allowed(self, target_percent: float) -> Millis:
        """Give how much downtime the target, in per cent, allows."""
        return round(self.counted * (100 - target_percent) / 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDomain:
    """A domain's month: its time, its incidents, and the sum of its days."""

    domain: MailDomain
    minutes: Minutes
    incidents: tuple[Incident, ...]
    figures: Stat


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A customer's month, from `period.start` to its end, or to now while it lasts."""

    name: str
    period: Stretch
    domains: tuple[OfDomain, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def minutes(self) -> Minutes:
        """Add up the time of all domains: each counts alike."""
        parts = [it.minutes for it in self.domains]
        return Minutes(*(sum(getattr(it, name) for it in parts) for name in Minutes.__slots__))


def period_of(name: str, zone: str, now: Millis) -> Stretch:
    """Give when a month such as 2026-11 begins and ends by the clock of a zone; one that lasts ends now."""
    first = date.fromisoformat(f"{name}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    start, end = (_midnight(day, zone) for day in (first, after))
    return Stretch(start, max(start, min(end, now)))


def month_at(now: Millis, zone: str) -> str:
    """Name the month of a moment by the clock of a zone."""
    return datetime.fromtimestamp(now / SECOND, zone_of(zone)).strftime("%Y-%m")


def _midnight(day: date, zone: str) -> Millis:
    return round(datetime(day.year, day.month, day.day, tzinfo=zone_of(zone)).timestamp()) * SECOND


def is_slow(incident: Incident) -> bool:
    """Say whether mail still came back during an incident, only too late."""
    if incident.cause in _SLOW:
        return True
    return bool(incident.exceeded) and all(name.startswith(_LATE) for name in incident.exceeded)


def minutes_of(
    period: Stretch, incidents: Iterable[Incident], left_out: Iterable[LeftOut], measured: Iterable[Stat]
) -> Minutes:
    """Tell how a domain's time was spent. Incidents that ended unnotified, being our fault, do not count."""
    theirs = [it for it in incidents if it.dropped is None]
    out = _within(((it.start, it.end) for it in left_out), period)
    known = {it.d for it in measured if it.total_num}
    unmeasured = _minus(_within(_days_without(known, period), period), out)
    counted = _minus(_minus([period], out), unmeasured)
    down = _overlap(_within((_stretch(it, period) for it in theirs if not is_slow(it)), period), counted)
    slow = _minus(_overlap(_within((_stretch(it, period) for it in theirs if is_slow(it)), period), counted), down)
    return Minutes(*map(_length, (counted, down, slow, out, unmeasured)))


def _stretch(it: Incident, period: Stretch) -> tuple[Millis, Millis]:
    return it.opened, period.end if it.closed is None else it.closed


def _days_without(known: Iterable[str], period: Stretch) -> Iterator[tuple[Millis, Millis]]:
    """Give the UTC days, by which figures are kept, for which nothing is known."""
    there = set(known)
    for start in range(period.start // DAY * DAY, period.end, DAY):
        if datetime.fromtimestamp(start / SECOND, UTC).date().isoformat() not in there:
            yield start, start + DAY


def _within(them: Iterable[tuple[Millis, Millis]], period: Stretch) -> list[Stretch]:
    """Give the parts of stretches that are within a period, merged if they touch, in order."""
    cut = sorted((max(start, period.start), min(end, period.end)) for start, end in them)
    found: list[Stretch] = []
    for start, end in cut:
        if end <= start:
            continue
        if found and start <= found[-1].end:
            found[-1] = Stretch(found[-1].start, max(end, found[-1].end))
        else:
            found.append(Stretch(start, end))
    return found


def _minus(them: Sequence[Stretch], others: Sequence[Stretch]) -> list[Stretch]:
    """Subtract stretches from others; both are in order and do not touch."""
    found = list(them)
    for gone in others:
        found = [
            Stretch(*part)
            for it in found
            for part in ((it.start, min(it.end, gone.start)), (max(it.start, gone.end), it.end))
            if part[0] < part[1]
        ]
    return found


def _overlap(them: Sequence[Stretch], others: Sequence[Stretch]) -> list[Stretch]:
    return [
        Stretch(max(it.start, other.start), min(it.end, other.end))
        for it in them
        for other in others
        if max(it.start, other.start) < min(it.end, other.end)
    ]


def _length(them: Iterable[Stretch]) -> Millis:
    return sum(it.end - it.start for it in them)
