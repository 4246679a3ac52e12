"""Read Received chains (RFC 5321, section 4.4): who handed on to whom, and when."""

import re
from collections.abc import Sequence
from typing import Final

from mxtrax.model import Hop, Millis

from .bounds import MAX_HOPS

COMMENT: Final = re.compile(r"\([^()]*\)")
CLAUSES: Final = re.compile(
    r"(?i)(?:\s*from\s+([^\s;()]{1,255}))?(?:.*?\sby\s+([^\s;()]{1,255}))?(?:.*?\swith\s+([a-z0-9]{1,20}))?", re.DOTALL
)
# ESMTPS and its kin (RFC 3848) say so; others name the version or the cipher in a comment.
SECURE: Final = frozenset(
    ("ESMTPS", "ESMTPSA", "SMTPS", "LMTPS", "LMTPSA", "UTF8SMTPS", "UTF8SMTPSA", "UTF8LMTPS", "HTTPS")
)
TLS_WORDS: Final = ("TLS", "tls", "SSLv", "cipher")
DATE: Final = re.compile(
    r"(\d{1,2})[ -]+([A-Za-z]{3})[a-z]{0,6}[ -]+(\d{4}|\d\d)"
    r"\s+(\d{1,2}):(\d\d)(?::(\d\d))?"
    r"(?:\.\d+)?(?:\s*([+-]\d{4})|\s+([A-Za-z]{1,5}))?"
)
MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
ZONES: Final = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
DAYS_BEFORE: Final = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def moment(text: str) -> Millis | None:
    """Read a date (RFC 5322, section 3.3), old zone names and two-digit years included; None where it makes none."""
    found = DATE.search(text)
    if found is None:
        return None
    day, month_name, year_text, hour, minute, second, offset, zone = found.groups()
    year = int(year_text)
    if len(year_text) == 2:
        year += 2000 if year < 50 else 1900
    month = MONTHS.get(month_name.lower(), 0)
    if not month or not 1970 <= year < 2200 or not 1 <= int(day) <= 31 or int(hour) > 23 or int(minute) > 59:
        return None
    leaps = (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400 - 477
    leap = month > 2 and (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    days = (year - 1970) * 365 + leaps + DAYS_BEFORE[month] + int(day) - 1 + leap
    minutes = int(hour) * 60 + int(minute)
    if offset:
        shift = int(offset[1:3]) * 60 + int(offset[3:])
        minutes -= -shift if offset[0] == "-" else shift
    elif zone:
        minutes -= ZONES.get(zone.upper(), 0) * 60
    return ((days * 1440 + minutes) * 60 + int(second or 0)) * 1000


def hop(value: str) -> tuple[str, str, str, bool, Millis | None]:
    """Read one Received field: from, by, protocol, TLS, time."""
    value = value[:2_000]
    stamp = value.rfind(";")
    clauses = value[:stamp] if stamp > 0 else value
    bare = COMMENT.sub("", clauses)
    if "(" in bare:
        bare = COMMENT.sub("", bare)
    found = CLAUSES.match(" " + bare)
    sender, receiver, protocol = found.groups("") if found else ("", "", "")
    protocol = protocol.upper()
    tls = protocol in SECURE or any(word in clauses for word in TLS_WORDS)
    return sender, receiver, protocol, tls, moment(value[stamp:] if stamp > 0 else value)


def chain(received: Sequence[str]) -> tuple[Hop, ...]:
    """Return the hops of a chain, the oldest first, each with the time since the hop before.

    A clock that runs behind the hop before is shown as skew, and the gap is zero: mail does not travel back in time.
    """
    result: list[Hop] = []
    latest: Millis | None = None
    for value in reversed(received[:MAX_HOPS]):
        from_, by, protocol, tls, time = hop(value)
        gap: Millis | None = None
        skew = 0
        if time is not None:
            if latest is not None:
                gap, skew = max(0, time - latest), max(0, latest - time)
            latest = time
        result.append(Hop(from_=from_, by=by, protocol=protocol, tls=tls, time=time, gap=gap, skew=skew))
    return tuple(result)
