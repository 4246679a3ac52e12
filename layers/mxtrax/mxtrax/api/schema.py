"""Records, each declared once: a frozen dataclass names the fields, and both the JSON and its schema come from it.

A field's type says how it is shown: a `Time` as date and time, a `Duration` in seconds, an enumeration as its word, a
set in order. A nullable field is also null if it is empty: an empty text, or a time that never was. A name that is
reserved in Python ends in `_` here, and not in JSON.
"""

from collections.abc import Callable, Mapping
from dataclasses import field, fields, is_dataclass
from enum import Enum, IntEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeAliasType, Union, get_args, get_origin

from mxtrax.api.fields import Schema
from mxtrax.frozen import dataclass
from mxtrax.model import SECOND, Millis
from mxtrax.model.moments import iso

type Time = Millis
"""A moment."""

type Duration = Millis
"""How long something took, in milliseconds."""

type Day = str
"""A date as YYYY-MM-DD."""

type Object = Mapping[str, Any]
"""Anything that has names."""

type Form = Any
"""What something in JSON is made of: a type as the fields of records have them, or a schema with such types in it."""

PROBLEM: Final[Schema] = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}

UNAUTHORIZED: Final[Schema] = {
    "type": "object",
    "properties": {"message": {"type": "string"}},
    "required": ["message"],
}
"""What API Gateway itself answers if a token is missing, foreign or expired."""

_PLAIN: Final[Mapping[Any, Schema]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Time: {"type": "string", "format": "date-time"},
    Duration: {"type": "number"},
    Day: {"type": "string", "format": "date"},
    Object: {"type": "object"},
}


def record(**properties: Form) -> Schema:
    """Give the schema of an object that has just these properties, all of them."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def several(form: Form) -> Schema:
    """Give the schema of a list."""
    return {"type": "array", "items": form}


@dataclass(frozen=True, slots=True)
class Named:
    """The schemas of a document that have a name, each once: records and lists of words by their class, pages by title."""

    forms: dict[str, Form] = field(default_factory=dict)
    schemas: dict[str, Schema] = field(default_factory=dict)

    def ref(self, form: Form) -> Schema:
        """Give the reference to a form's schema, which is written when it first occurs."""
        name = form["title"] if isinstance(form, dict) else form.__name__
        if self.forms.setdefault(name, form) != form:
            raise TypeError(f"{form} and {self.forms[name]} are both called {name}: no document can tell them apart")
        if name not in self.schemas:
            self.schemas[name] = {}
            self.schemas[name] = _written_out(form, self)
        return {"$ref": f"#/components/schemas/{name}"}


def schema_of(form: Any, named: Named | None = None) -> Schema:  # noqa: ANN401 -- a Form, or what is within one
    """Give the JSON schema of a form: whole, or by reference to what is kept under its name."""
    if named and (_is_kind(form) or (isinstance(form, dict) and isinstance(form.get("title"), str))):
        return named.ref(form)
    return _written_out(form, named)


def _written_out(form: Any, named: Named | None) -> Schema:  # noqa: ANN401 -- a Form, or what is within one
    if isinstance(form, dict):
        return {name: schema_of(it, named) if isinstance(it, dict) or _is_form(it) else it for name, it in form.items()}
    if form in _PLAIN:
        return _PLAIN[form]
    if one := _nullable(form):
        return {"anyOf": [schema_of(one, named), {"type": "null"}]}
    if get_origin(form) in {tuple, frozenset}:
        return several(schema_of(get_args(form)[0], named))
    if issubclass(form, Enum):
        return {"type": "string", "enum": [_word(each) for each in form]}
    said = " ".join((form.__doc__ or "").split())
    return {**record(**{name: schema_of(kind, named) for name, _, kind in _fields(form)}), "description": said}


def as_json(record: object) -> dict[str, Any]:
    """Give a record as it goes out."""
    return _shown(type(record), record)


def of[R](kind: Callable[..., R], *sources: object, **more: object) -> R:
    """Make a record: each field is given by name, or comes from the first source that has one of that name."""
    return kind(**{name: more[name] if name in more else _found(name, sources) for _, name, _ in _fields(kind)})


def _found(name: str, sources: tuple[object, ...]) -> object:
    return getattr(next((it for it in sources if hasattr(it, name)), sources[-1]), name)


@cache
def _fields(kind: Callable[..., object]) -> tuple[tuple[str, str, Any], ...]:
    """Give the fields of a record: each by its name in JSON, in Python, and what it is."""
    if not (isinstance(kind, type) and is_dataclass(kind)):
        raise TypeError(f"{kind} is no record")
    return tuple((each.name.rstrip("_"), each.name, each.type) for each in fields(kind))


def _shown(kind: type, it: object) -> dict[str, Any]:
    return {name: show(getattr(it, field)) if show else getattr(it, field) for name, field, show in _ways(kind)}


@cache
def _ways(kind: type) -> tuple[tuple[str, str, Callable[[Any], Any] | None], ...]:
    """Give how each field of a record is shown; None for one that goes out as it is."""
    return tuple((name, field, _way(form)) for name, field, form in _fields(kind))


def _way(form: Any) -> Callable[[Any], Any] | None:  # noqa: ANN401 -- a Form
    if one := _nullable(form):
        return _or_null(one)
    if get_origin(form) in {tuple, frozenset}:
        return _each(get_args(form)[0])
    if isinstance(form, type) and is_dataclass(form):
        return lambda it: _shown(form, it)
    if isinstance(form, type) and issubclass(form, IntEnum):
        return _word
    return _WAYS.get(form)


def _or_null(form: Any) -> Callable[[Any], Any] | None:  # noqa: ANN401 -- a Form
    if form is str:
        return lambda it: it or None
    if show := _way(form):
        return lambda it: None if it is None else show(it)
    return None


def _each(form: Any) -> Callable[[Any], Any]:  # noqa: ANN401 -- a Form
    show = _way(form) or (lambda it: it)
    return lambda them: [show(it) for it in (sorted(them) if isinstance(them, frozenset) else them)]


_WAYS: Final[Mapping[Any, Callable[[Any], Any]]] = {Time: iso, Duration: lambda it: it / SECOND}


def _nullable(form: Any) -> Any:  # noqa: ANN401 -- a Form
    """Give what a nullable type may be besides null; None if it is never null."""
    if get_origin(form) not in {Union, UnionType}:
        return None
    return next(it for it in get_args(form) if it is not NoneType)


def _word(it: Enum) -> str:
    return it.name.lower() if isinstance(it, IntEnum) else str(it.value)


def _is_kind(form: object) -> bool:
    return isinstance(form, type) and (is_dataclass(form) or issubclass(form, Enum))


def _is_form(it: object) -> bool:
    return isinstance(it, type | TypeAliasType) or get_origin(it) is not None
