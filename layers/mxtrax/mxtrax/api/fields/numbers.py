"""Numbers."""

from typing import Any, ClassVar, Final

from mxtrax.api.fields.field import Malformed, Schema
from mxtrax.frozen import dataclass
from mxtrax.rules import should_be

MOST_DIGITS: Final = 15
"""Most digits of a number in a path or a query."""


@dataclass(frozen=True, kw_only=True)
class Between:
    """A number between two others, which it may be itself. `kind` is its type in JSON."""

    low: int
    high: int
    note: str = ""
    kind: ClassVar[str]

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        return {"type": self.kind, "minimum": self.low, "maximum": self.high}


class Whole(Between):
    """A whole number."""

    kind = "integer"

    def read(self, name: str, value: Any) -> int:  # noqa: ANN401 -- JSON
        """Take a whole number; JSON has 3.0 for 3."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if type(value) is not int or not self.low <= value <= self.high:
            raise Malformed(name, should_be.whole(name, value, self.low, self.high))
        return value

    def parse(self, name: str, text: str) -> int:
        """Take decimal digits."""
        digits = text.removeprefix("-")
        fits = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
        return self.read(name, int(text) if fits else text)


class Fraction(Between):
    """A number."""

    kind = "number"

    def read(self, name: str, value: Any) -> float:  # noqa: ANN401 -- JSON
        """Take a finite number, with as many digits as DynamoDB keeps."""
        if type(value) not in (int, float) or not self.low <= value <= self.high:  # NaN is between no two numbers
            raise Malformed(name, should_be.number(name, value, self.low, self.high))
        return round(float(value), 6)

    def parse(self, name: str, text: str) -> float:
        """Take a decimal number."""
        try:
            value = float(text)
        except ValueError:
            return self.read(name, text)
        return self.read(name, value)


def is_number(text: str) -> bool:
    """Say whether a text is a whole number of a sensible size."""
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
