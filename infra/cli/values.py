"""What people set on the command line: NAME=VALUE, by the fields of a dataclass."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

import typer

from mxtrax.errors import Refused
from mxtrax.rules import should_be
from mxtrax.rules.csv_columns import cell
from mxtrax.rules.limits import MAX_SHARE
from mxtrax.rules.validation import WHOLE

_YES: Final = frozenset({"yes", "true", "on", "1"})
_NO: Final = frozenset({"no", "false", "off", "0"})
_NONE: Final = frozenset({"", "none"})


def such_as(example: str) -> Any:  # noqa: ANN401 -- typer's own type for it is not public
    """Give the argument of a command that takes NAME=VALUE words, with an example in its help."""
    return typer.Argument(metavar="NAME=VALUE...", help=f"Such as {example}.")


def settable(*shapes: type, but: Iterable[str] = ()) -> dict[str, Any]:
    """Give the fields of dataclasses that people may set, each with its type."""
    left_out = set(but)
    hints = {shape: get_type_hints(shape) for shape in shapes}
    return {f.name: hints[shape][f.name] for shape in shapes for f in fields(shape) if f.name not in left_out}


def read(words: Iterable[str], known: Mapping[str, Any]) -> dict[str, Any]:
    """Read NAME=VALUE words. Raises Refused with the name that was probably meant, or with the right form."""
    values: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise Refused(name, f"{word!r} should be NAME=VALUE, such as {next(iter(known))}=...")
        if name not in known:
            close = get_close_matches(name, known, 1)
            meant = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}."
            raise Refused(name, f"There is no {name!r} to set: {meant}")
        if name in values:
            raise Refused(name, f"{name} is set twice.")
        values[name] = _value(name, text.strip(), known[name])
    return values


def word(value: object) -> str:
    """Write a value as `read` accepts it."""
    match value:
        case tuple() | list():
            return ",".join(map(word, value))
        case frozenset():
            return ",".join(sorted(map(word, value)))
        case _:
            return cell(value)


def _value(name: str, text: str, hint: Any) -> Any:  # noqa: ANN401 -- what the field holds
    if isinstance(hint, UnionType):
        choices = [each for each in get_args(hint) if each is not NoneType]
        may_be_none = len(choices) < len(get_args(hint))
        return None if may_be_none and text.lower() in _NONE else _value(name, text, choices[0])
    if get_origin(hint) in (tuple, frozenset) and get_args(hint) in ((str, ...), (str,)):
        return get_origin(hint)(text.replace(",", " ").split())
    if hint is bool:
        if text.lower() not in _YES | _NO:
            raise Refused(name, f"{name}: {text!r} should be yes or no.")
        return text.lower() in _YES
    if hint in (int, float):
        try:
            return hint(text.replace(",", ".") if hint is float else text)
        except ValueError as error:
            low, high = WHOLE.get(name, (0, MAX_SHARE))
            sentence = should_be.whole if hint is int else should_be.number
            raise Refused(name, sentence(name, text, low, high)) from error
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        if text not in list(hint):
            raise Refused(name, should_be.one_of(name, text, hint))
        return hint(text)
    if hint is str:
        return text
    raise Refused(name, f"{name} cannot be set from the command line.")
