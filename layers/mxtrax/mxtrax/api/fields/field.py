"""What every field of a request is."""

from typing import Any, Protocol

from mxtrax.errors import Refused

type Schema = dict[str, Any]


class Malformed(Refused):
    """A request that does not have the required form."""


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


def described(field: Field) -> Schema:
    """Give a field's schema with its note."""
    return {**field.schema, "description": field.note} if field.note else field.schema
