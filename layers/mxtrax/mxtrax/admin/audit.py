"""The audit: what somebody has done, in one form for both doors."""

import secrets
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Final

from mxtrax.admin.actor import Actor
from mxtrax.model import Change, Millis

UNTOLD: Final = frozenset({"link", "ending", "version"})
"""Left out of the audit: a link opens a page to its holder; the others are how changes are made, not what they are."""


def entry(
    actor: Actor, now: Millis, what: str, target: str, *, before: object | None = None, after: object | None = None
) -> Change:
    """Word a change. `before` and `after` are records, or names with values; None if there was, or is, nothing."""
    return Change(
        at=now,
        id=secrets.token_hex(4),
        who=actor.name,
        door=actor.door,
        what=what,
        target=target,
        before=_form(before),
        after=_form(after),
    )


def _form(it: object | None) -> dict[str, Any] | None:
    """Write a record flat: the limits of the settings stand beside the others, as people set them."""
    if it is None or isinstance(it, Mapping):
        return None if it is None else {name: _plain(value) for name, value in it.items()}
    flat: dict[str, Any] = {}
    for name, value in _values(it):
        flat |= dict(_values(value)) if is_dataclass(value) else {name: _plain(value)}
    return flat


def _values(it: object) -> list[tuple[str, Any]]:
    known = fields(it) if is_dataclass(it) else ()
    return [(each.name, getattr(it, each.name)) for each in known if each.name not in UNTOLD]


def _plain(value: object) -> object:
    match value:
        case Enum():
            return str(value)
        case frozenset():
            return sorted(value)
        case tuple():
            return list(value)
        case _:
            return value
