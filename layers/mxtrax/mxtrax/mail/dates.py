"""Read the date formats found in mail: RFC 5322 (sections 3.3 and 4.3), asctime as in an mbox, ISO 8601.

The result is right or None: a date with an unknown zone gives None, rather than a time that is hours off.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from mxtrax.model import DAY, SECOND, Millis

_CLOCK: Final = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
_OFFSET: Final = r"(?:(?:GMT|UTC?)[ \t]?)?(?P<offset>[+-]\d\d?(?::?\d\d)?(?!\d))"
_ZONE: Final = rf"(?:[ \t]{{0,9}}{_OFFSET}|[ \t]{{0,9}}(?P<zone>[A-Za-z]{{1,5}})\b(?![+-]\d))?"
_GAP: Final = r"[ \t-]{1,9}"
FORMS: Final = (
    re.compile(  # RFC 5322: 10 Nov 2026 11:00:00 +0100
        rf"(?<![\d:.])(?P<day>\d{{1,2}}){_GAP}(?P<month>[A-Za-z]{{3}})[a-z]{{0,6}}{_GAP}(?P<year>\d{{4}}|\d\d)"
        rf"[ \t]{{1,9}}{_CLOCK}{_ZONE}"
    ),
    re.compile(  # ISO 8601: 2026-11-10T10:00:00Z
        rf"(?<!\d)(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)[Tt \t]{_CLOCK}{_ZONE}"
    ),
    re.compile(  # asctime: Tue Nov 10 10:00:00 2026; or with a zone at the end
        rf"\b(?P<month>[A-Za-z]{{3}})[ \t]{{1,9}}(?P<day>\d{{1,2}})[ \t]{{1,9}}{_CLOCK}[ \t]{{1,9}}(?P<year>\d{{4}})"
        rf"(?:[ \t]{{1,9}}{_OFFSET}|[ \t]{{1,9}}(?P<zone>[A-Z]{{3,5}})\b)?"
    ),
    re.compile(  # asctime with a zone before the year: Tue Nov 10 10:00:00 CET 2026
        rf"\b(?P<month>[A-Za-z]{{3}})[ \t]{{1,9}}(?P<day>\d{{1,2}})[ \t]{{1,9}}{_CLOCK}{_ZONE}[ \t]{{1,9}}(?P<year>\d{{4}})"
    ),
)
PARTS: Final = ("day", "month", "year", "hour", "minute", "second", "offset", "zone")
MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
EPOCH: Final = date(1970, 1, 1).toordinal()
END: Final = (date(2200, 1, 1).toordinal() - EPOCH) * DAY
"""Dates from this year on, or before 1970, are not believed."""
ZONES: Final = {
    **dict.fromkeys(("UT", "UTC", "GMT", "Z", "WET"), 0),
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    **dict.fromkeys(("CET", "MET", "WEST"), 1),
    **dict.fromkeys(("CEST", "MEST", "EET"), 2),
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
    "KST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
}
"""Hours ahead of UTC, for the names in RFC 5322 and others that are unambiguous."""

LONGEST: Final = 500
"""Characters that are examined."""


def moment(text: str, *, zoneless: bool = False) -> Millis | None:
    """Read a date; None if it cannot be read. Without a zone it is UTC if `zoneless` says so, otherwise unknown."""
    text = text[:LONGEST]
    for form in FORMS:
        if found := form.search(text):
            return _moment(found, zoneless=zoneless)
    return None


def _moment(found: re.Match[str], *, zoneless: bool) -> Millis | None:
    day, month, year, hour, minute, second, offset, zone = found.group(*PARTS)
    east = _east(offset, zone, zoneless=zoneless)
    hours, minutes, seconds = int(hour), int(minute), int(second or 0)
    # Second 60 is a leap second, which our clocks do not have: it becomes the next second.
    if east is None or hours > 23 or minutes > 59 or seconds > 60 or (days := _days(year, month, day)) is None:
        return None
    at = days * DAY + (hours * 3_600 + (minutes - east) * 60 + seconds) * SECOND
    return at if 0 <= at < END else None


@lru_cache(maxsize=64)
def _days(year: str, month: str, day: str) -> int | None:
    """Give the days from 1970 to a date; None if there is no such day. The hops of a mail share one or two days."""
    number = int(month) if month.isdecimal() else MONTHS.get(month.lower(), 0)
    try:
        return date(_year(year), number, int(day)).toordinal() - EPOCH
    except ValueError:
        return None


def _year(text: str) -> int:
    """Read a year; one of two digits as in RFC 5322, section 4.3."""
    year = int(text)
    return year + (2000 if year < 50 else 1900) if len(text) == 2 else year


@lru_cache(maxsize=64)
def _east(offset: str | None, zone: str | None, *, zoneless: bool) -> int | None:
    """Give how many minutes a zone is east of UTC; None if that is unknown."""
    if offset:
        digits = offset[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")  # ISO 8601 may leave them out
        east = int(hours) * 60 + int(minutes)
        return (-east if offset[0] == "-" else east) if east < 24 * 60 else None
    if zone:
        known = ZONES.get(zone.upper())
        return None if known is None else known * 60
    return 0 if zoneless else None
