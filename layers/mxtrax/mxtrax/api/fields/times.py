"""Dates and moments."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

from mxtrax.api.fields.field import Malformed, Schema
from mxtrax.errors import Refused
from mxtrax.frozen import dataclass
from mxtrax.model import SECOND, Millis

LATEST: Final[Millis] = 32_503_680_000_000
"""The year 3000: moments beyond it are slips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date, in the one form in which days are kept."""

    schema: ClassVar[Schema] = {"type": "string", "format": "date"}
    note: str = ""

    def read(self, name: str, value: Any) -> str:  # noqa: ANN401 -- JSON
        """Take a date like 2026-11-22."""
        try:
            if isinstance(value, str) and value.isascii() and date.fromisoformat(value).isoformat() == value:
                return value
        except ValueError:
            pass
        raise Malformed(name, f"{name}: this should be a date like 2026-11-22.")

    parse = read


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment with its offset from UTC (RFC 3339)."""

    schema: ClassVar[Schema] = {"type": "string", "format": "date-time"}
    note: str = ""

    def read(self, name: str, value: Any) -> Millis:  # noqa: ANN401 -- JSON
        """Take a moment."""
        try:
            at = datetime.fromisoformat(value) if isinstance(value, str) and value.isascii() else None
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            raise Malformed(name, f"{name}: this should be a moment like 2026-11-22T10:00:00Z.")
        millis = round((at - datetime.fromtimestamp(0, UTC)).total_seconds() * SECOND)
        if not 0 <= millis < LATEST:
            raise Refused(name, f"{name}: this should be between the years 1970 and 3000.")
        return millis

    parse = read
