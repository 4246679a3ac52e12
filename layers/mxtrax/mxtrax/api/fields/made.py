"""Fields that consist of others."""

from collections.abc import Mapping
from typing import Any

from mxtrax.api.fields.field import Field, Malformed, Schema, described
from mxtrax.api.fields.texts import Text
from mxtrax.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """A list; in a query, separated by commas."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Texts by names that are not known before."""

    longest: int
    most: int
    note: str = ""

    @property
    def schema(self) -> Schema:
        """Give its JSON schema."""
        text: Schema = {"type": "string", "maxLength": self.longest}
        return {"type": "object", "additionalProperties": text, "maxProperties": self.most}

    def read(self, name: str, value: Any) -> dict[str, str]:  # noqa: ANN401 -- JSON
        """Take an object of texts."""
        if not isinstance(value, dict) or len(value) > self.most:
            raise Malformed(name, f"{name}: this should be a JSON object of at most {self.most} strings.")
        text = Text(longest=self.longest)
        return {given[:40]: text.read(f"{name}.{given[:40]}", it) for given, it in value.items()}

    def parse(self, name: str, text: str) -> Any:  # noqa: ANN401 -- never
        """Refuse: a query has no objects."""
        raise Malformed(name, f"{name}: this cannot be used in a query: {text[:20]!r}.")


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
        """Take an object; further names are refused, not ignored silently."""
        if not isinstance(value, dict):
            raise Malformed(name, f"{name}: this should be a JSON object.")
        for given in value:
            if given not in self.fields:
                shown = given[:50].encode("ascii", "backslashreplace").decode()
                raise Malformed(shown, f"{shown!r} is not a field here; use {', '.join(self.fields)}.")
        for wanted in self.needed:
            if wanted not in value:
                raise Malformed(wanted, f"{wanted}: this is required.")
        return {given: self.fields[given].read(given, it) for given, it in value.items()}

    def parse(self, name: str, text: str) -> Any:  # noqa: ANN401 -- never
        """Refuse: a query has no objects."""
        raise Malformed(name, f"{name}: this cannot be used in a query: {text[:20]!r}.")


def nullable(schema: Schema) -> Schema:
    """Let a schema also take null."""
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}
