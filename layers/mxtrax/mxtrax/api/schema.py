"""The words that records are described with in JSON schema, and how moments and durations are shown."""

from typing import Final

from mxtrax.api.fields import Schema
from mxtrax.model import SECOND, Cause, Kind, Millis, Verdict
from mxtrax.model.moments import iso
from mxtrax.rules.status import STATUSES


def record(**properties: Schema) -> Schema:
    """Give the schema of an object that has just these properties, all of them."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def maybe(schema: Schema) -> Schema:
    """Give the schema of what may also be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def several(schema: Schema) -> Schema:
    """Give the schema of a list."""
    return {"type": "array", "items": schema}


TEXT: Final[Schema] = {"type": "string"}
WHOLE: Final[Schema] = {"type": "integer"}
NUMBER: Final[Schema] = {"type": "number"}
YES_OR_NO: Final[Schema] = {"type": "boolean"}
MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
DATE: Final[Schema] = {"type": "string", "format": "date"}
VERDICT: Final[Schema] = {"type": "string", "enum": [str(verdict) for verdict in Verdict]}
CAUSE: Final[Schema] = {"type": "string", "enum": [str(cause) for cause in Cause]}
KIND: Final[Schema] = {"type": "string", "enum": [str(kind) for kind in Kind]}
STATUS: Final[Schema] = {"type": "string", "enum": list(STATUSES)}
OBJECT: Final[Schema] = {"type": "object"}

PROBLEM: Final[Schema] = {
    "type": "object",
    "properties": {"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "field": TEXT},
    "required": ["type", "title", "status", "detail"],
}

_AGE: Final = maybe(NUMBER)
AGES: Final = record(plan=_AGE, aggregate=_AGE, alert=_AGE)


def seconds(duration: Millis | None) -> float | None:
    """Show a duration."""
    return None if duration is None else duration / SECOND


moment: Final = iso
