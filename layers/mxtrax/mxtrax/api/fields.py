"""What a request may carry: each field once, for reading it and for the OpenAPI document.

A value of the wrong form is Malformed. Whether a value of the right form makes sense is for mxtrax.checks to say.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Protocol

from mxtrax.errors import Refused
from mxtrax.model import SECOND, Millis

type Schema = dict[str, Any]

MOST_DIGITS: Final = 15
LATEST: Final[Millis] = 32_503_680_000_000
"""The year 3000: moments beyond it are slips."""


class Malformed(Refused):
    """A request that is not of the form that is asked for."""


class Field(Protocol):
    """One named value of a request."""

    @property
    def note(self) -> str:
        """Say what it means."""

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""

    def read(self, name: str, value: Any) -> Any:  # noqa: ANN401 -- JSON
        """Read it from JSON."""

    def parse(self, name: str, text: str) -> Any:  # noqa: ANN401 -- whatever the field is
        """Read it from a query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text of a bounded length."""

    note: str = ""
    longest: int = 200
    shortest: int = 0

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        return {"type": "string", "minLength": self.shortest, "maxLength": self.longest}

    def read(self, name: str, value: Any) -> str:  # noqa: ANN401 -- JSON
        """Take a text that UTF-8 can hold."""
        if not isinstance(value, str) or not self.shortest <= len(value) <= self.longest or _torn(value):
            raise Malformed(name, f"{name}: this should be a text of {self.shortest} to {self.longest} characters.")
        return value

    parse = read


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole number."""

    low: int
    high: int
    note: str = ""

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}

    def read(self, name: str, value: Any) -> int:  # noqa: ANN401 -- JSON
        """Take a whole number; JSON has 3.0 for 3."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int or not self.low <= value <= self.high:
            raise Malformed(name, f"{name}: this should be a whole number from {self.low} to {self.high}.")
        return value

    def parse(self, name: str, text: str) -> int:
        """Take decimal digits."""
        digits = text.removeprefix("-")
        fits = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
        return self.read(name, int(text) if fits else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fraction:
    """A number."""

    low: int
    high: int
    note: str = ""

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        return {"type": "number", "minimum": self.low, "maximum": self.high}

    def read(self, name: str, value: Any) -> float:  # noqa: ANN401 -- JSON
        """Take a finite number, with as many digits as DynamoDB keeps."""
        if type(value) not in (int, float) or not math.isfinite(value) or not self.low <= value <= self.high:
            raise Malformed(name, f"{name}: this should be a number from {self.low} to {self.high}.")
        return round(float(value), 6)

    def parse(self, name: str, text: str) -> float:
        """Take a decimal number."""
        try:
            return self.read(name, float(text))
        except ValueError:
            return self.read(name, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Yes or no."""

    note: str = ""

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        return {"type": "boolean"}

    def read(self, name: str, value: Any) -> bool:  # noqa: ANN401 -- JSON
        """Take true or false."""
        if not isinstance(value, bool):
            raise Malformed(name, f"{name}: this should be true or false.")
        return value

    def parse(self, name: str, text: str) -> bool:
        """Take true or false."""
        return self.read(name, {"true": True, "false": False}.get(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of a few words."""

    of: tuple[str, ...]
    note: str = ""

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        return {"type": "string", "enum": list(self.of)}

    def read(self, name: str, value: Any) -> str:  # noqa: ANN401 -- JSON
        """Take one of the words."""
        if not isinstance(value, str) or value not in self.of:
            raise Malformed(name, f"{name}: this should be one of {', '.join(self.of)}.")
        return value

    parse = read


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A date, in the one form in which days are kept."""

    note: str = ""

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        return {"type": "string", "format": "date"}

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

    note: str = ""

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        return {"type": "string", "format": "date-time"}

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """A list; in a query with commas between."""

    of: Field
    most: int
    least: int = 0
    note: str = ""

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        return {"type": "array", "items": self.of.schema, "minItems": self.least, "maxItems": self.most}

    def read(self, name: str, value: Any) -> list[Any]:  # noqa: ANN401 -- JSON
        """Take a list."""
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            raise Malformed(name, f"{name}: this should be a list of {self.least} to {self.most}.")
        return [self.of.read(name, each) for each in value]

    def parse(self, name: str, text: str) -> list[Any]:
        """Take what stands between commas."""
        return self.read(name, [self.of.parse(name, each) for each in text.split(",")])


@dataclass(frozen=True, slots=True)
class Or:
    """A field that may also be null."""

    field: Field

    @property
    def note(self) -> str:
        """Say what it means."""
        return self.field.note

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        return nullable(self.field.schema)

    def read(self, name: str, value: Any) -> Any:  # noqa: ANN401 -- JSON
        """Take the field, or nothing."""
        return None if value is None else self.field.read(name, value)

    def parse(self, name: str, text: str) -> Any:  # noqa: ANN401 -- whatever the field is
        """Take the field; a query has no null."""
        return self.field.parse(name, text)


@dataclass(frozen=True, slots=True)
class Shape:
    """Named fields. `needed` are those that must be there."""

    fields: Mapping[str, Field]
    needed: tuple[str, ...] = ()
    note: str = ""

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        return {
            "type": "object",
            "properties": {name: described(field) for name, field in self.fields.items()},
            "required": list(self.needed),
            "additionalProperties": False,
        }

    def read(self, name: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
        """Take an object; what it has beyond its fields is refused, not passed over in silence."""
        if not isinstance(value, dict):
            raise Malformed(name, f"{name}: this should be a JSON object.")
        for given in value:
            if given not in self.fields:
                shown = given[:50].encode("ascii", "backslashreplace").decode()
                raise Malformed(shown, f"{shown!r} is not a field here; {', '.join(self.fields)} can be given.")
        for wanted in self.needed:
            if wanted not in value:
                raise Malformed(wanted, f"{wanted}: this has to be given.")
        return {given: self.fields[given].read(given, it) for given, it in value.items()}

    def parse(self, name: str, text: str) -> Any:  # noqa: ANN401 -- never
        """Refuse: a query has no objects."""
        raise Malformed(name, f"{name}: this cannot be given in a query: {text[:20]!r}.")


def described(field: Field) -> Schema:
    """Give a field's schema with its note."""
    return {**field.schema, "description": field.note} if field.note else field.schema


def nullable(schema: Schema) -> Schema:
    """Let a schema also take null."""
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def _torn(text: str) -> bool:
    """Tell whether a text has half a surrogate pair, which JSON can write and UTF-8 cannot."""
    return any("\ud800" <= character <= "\udfff" for character in text)
