"""Maintenance windows: when they are open, and for which domains.

Start and end are local times. A weekly window keeps its local time when summer time begins or ends, as the people who
work in it do.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from mxtrax.model import SECOND, MailDomain, MailTest, Millis, Scope, Window

WEEK: Final = timedelta(days=7)
MILLISECOND: Final = timedelta(milliseconds=1)


def is_quiet(window: Window, now: Millis) -> bool:
    """Say whether a moment is in a window, which does not include its end."""
    return touches(window, now, now)


def touches(window: Window, first: Millis, last: Millis) -> bool:
    """Say whether any part of a stretch of time, including both ends, is in a window."""
    return any(begin <= last and first < end for begin, end in _around(window, first, last))


def occurrences(window: Window, first: Millis, last: Millis) -> list[tuple[Millis, Millis]]:
    """Give the occurrences of a window that are, at least in part, between two moments."""
    return [(begin, end) for begin, end in _around(window, first, last) if begin < last and first < end]


def covers(window: Window, domain: MailDomain) -> bool:
    """Say whether a window is for this domain."""
    match window.scope:
        case Scope.ALL:
            return True
        case Scope.CUSTOMER:
            return window.target == domain.customer
        case Scope.DOMAIN:
            return window.target == domain.key


def quiet_until(windows: Iterable[Window], domain: MailDomain, now: Millis) -> Millis | None:
    """Give when the last of a domain's windows that are open now ends; None if none is open."""
    on = (it for window in windows if covers(window, domain) for it in _around(window, now, now))
    return max((end for begin, end in on if begin <= now < end), default=None)


def in_maintenance(windows: Iterable[Window], domain: MailDomain, now: Millis) -> bool:
    """Say whether a domain is in maintenance now, so that nobody is notified."""
    return domain.maintmode or any(covers(window, domain) and is_quiet(window, now) for window in windows)


def spoilt(windows: Iterable[Window], domain: MailDomain, test: MailTest) -> bool:
    """Say whether maintenance may have affected a test: from its sending until it was back, or should have been."""
    due = test.sendtime + test.maxreturntime * SECOND
    until = due if test.receivetime is None else max(test.sendtime, min(due, test.receivetime))
    return any(covers(window, domain) and touches(window, test.sendtime, until) for window in windows)


def _around(window: Window, first: Millis, last: Millis) -> Iterator[tuple[Millis, Millis]]:
    """Give the occurrences of a window that may touch a stretch of time."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- most calls see no window

    zone = ZoneInfo(window.zone)
    start, end = datetime.fromisoformat(window.start), datetime.fromisoformat(window.end)
    if not window.weekly:
        yield _stretch(start, end, zone)
        return
    weeks = (datetime.fromtimestamp(first / SECOND, zone).replace(tzinfo=None) - start) // WEEK
    begin, number = 0, max(0, weeks - 1)
    while begin <= last:
        begin, finish = _stretch(start + number * WEEK, end + number * WEEK, zone)
        yield begin, finish
        number += 1


def _stretch(start: datetime, end: datetime, zone: tzinfo) -> tuple[Millis, Millis]:
    """Give when a window begins and ends.

    In the night in which summer time begins, local time skips an hour. What begins or ends in that hour does so when
    clocks are put forward. If nothing of the window is left then, it is as long as in any other night.
    """
    begin, finish = _change(start, zone), _change(end, zone)
    return begin, finish if finish > begin else begin + round((end - start) / MILLISECOND)


def _moment(wall: datetime, zone: tzinfo) -> Millis:
    return round(wall.replace(tzinfo=zone).astimezone(UTC).timestamp() * SECOND)


def _is_skipped(wall: datetime, zone: tzinfo) -> bool:
    """Say whether this local time does not exist, because summer time begins (RFC 5545, section 3.3.5)."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall


def _change(wall: datetime, zone: tzinfo) -> Millis:
    """Give the moment at which clocks are put forward past a skipped time: the first minute that is not skipped."""
    while _is_skipped(wall, zone):
        wall += timedelta(minutes=1)
    return _moment(wall, zone)
