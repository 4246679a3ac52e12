"""How the report words things: moments, numbers, rates, limits; and strangers' text, made safe to show."""

from datetime import UTC, datetime, tzinfo
from typing import Final

from mxtrax.model import SECOND, Cause, Millis, Reason, WindowCounts
from mxtrax.rules.cause import span
from mxtrax.rules.explanation import explain
from mxtrax.rules.limits import OWN
from mxtrax.rules.untrusted_text import line

LONGEST: Final = 1_000
"""Characters of a stranger's text that are shown."""

LIMITS: Final = {name: it.words for name, it in OWN.items() if it.words}
"""The limits as a person reads them, each after "limit for the"."""

NONE: Final = "none"
"""What is shown instead of an average of nothing."""


def clean(text: str) -> str:
    """Make a stranger's text one line: no line breaks, no control or direction characters, no endless length."""
    return line(text, LONGEST, instead=" ", cut="\N{HORIZONTAL ELLIPSIS}")


def when(at: Millis, zone: tzinfo) -> str:
    """Write a moment by the reader's clock, and by UTC where that is another: 2026-11-22 13:00:00 CET (12:00 UTC)."""
    own, utc = datetime.fromtimestamp(at // SECOND, zone), datetime.fromtimestamp(at // SECOND, UTC)
    beside = "" if own.utcoffset() == utc.utcoffset() else f" ({utc:%H:%M} UTC)"
    return f"{own:%Y-%m-%d %H:%M:%S %Z}{beside}"


def iso(at: Millis) -> str:
    """Write a moment for machines (RFC 3339): 2026-11-22T12:00:00.000Z."""
    moment = datetime.fromtimestamp(at // SECOND, UTC).replace(microsecond=at % SECOND * 1_000)
    return f"{moment.isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def many(number: int, what: str) -> str:
    """Count things whose plural takes an s: 1 domain, 2 domains."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def rate(part: int, whole: int) -> float:
    """Give the percentage of a part; none of nothing is 0."""
    return part * 100 / whole if whole else 0.0


def per_cent(value: float) -> str:
    """Write a percentage: 40.00 %."""
    return f"{value:.2f}\N{NO-BREAK SPACE}%"


def average(counts: WindowCounts) -> str | None:
    """Write the average delivery time of all on-time and late tests; None if there are none."""
    returned = counts.ontime + counts.late
    return span(round(counts.took / returned)) if returned else None


def limit(name: str, value: float | None) -> str:
    """Write the value of a limit in its own unit."""
    if value is None:
        return NONE
    return per_cent(value) if name.endswith("percentage") else f"{value:g}"


def of_cause(cause: Cause | None, reason: Reason | None = None) -> str:
    """Say a cause in words."""
    return explain(cause, reason).words if cause else "not known"


def sentence(text: str) -> str:
    """Make a sentence of words: a capital letter first, a full stop last."""
    text = f"{text[:1].upper()}{text[1:]}"
    return text if text.endswith((".", "!", "?")) else f"{text}."
