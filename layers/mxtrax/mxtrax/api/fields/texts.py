"""Texts, words and yes or no."""

from typing import Any, ClassVar

from mxtrax.api.fields.field import Malformed, Schema
from mxtrax.frozen import dataclass
from mxtrax.rules import should_be


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
            raise Malformed(name, f"{name}: this should be a string of {self.shortest} to {self.longest} characters.")
        return value

    parse = read


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
            raise Malformed(name, should_be.one_of(name, value, self.of))
        return value

    parse = read


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Yes or no."""

    schema: ClassVar[Schema] = {"type": "boolean"}
    note: str = ""

    def read(self, name: str, value: Any) -> bool:  # noqa: ANN401 -- JSON
        """Take true or false."""
        if not isinstance(value, bool):
            raise Malformed(name, f"{name}: this should be true or false.")
        return value

    def parse(self, name: str, text: str) -> bool:
        """Take true or false."""
        return self.read(name, {"true": True, "false": False}.get(text))


def _torn(text: str) -> bool:
    """Say whether a text has half a surrogate pair, which JSON can write and UTF-8 cannot."""
    return any("\ud800" <= character <= "\udfff" for character in text)
