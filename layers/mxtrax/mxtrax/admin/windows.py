"""Maintenance windows: times in which testing goes on and nobody is notified."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mxtrax.admin import customers
from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.errors import Changed, Missing, Refused, TryAgain
from mxtrax.model import Millis, Scope, Window
from mxtrax.rules.should_be import shown
from mxtrax.rules.validation import check_window
from mxtrax.store import fleet, windows

MOST: Final = 500
"""Windows that there may be: aggregate and alert read them all, each minute."""


def known(number: str) -> Window:
    """Find a window."""
    found = windows.get(number) if number else None
    if found is None:
        raise Missing("window", f"There is no window {shown(number)}.")
    return found


def add(actor: Actor, now: Millis, wanted: Window) -> Window:
    """Plan a window, under an id of its own."""
    if len(windows.everything()) >= MOST:
        raise Refused("windows", f"windows: at most {MOST} are allowed; remove those that are over.")
    new = _checked(replace(wanted, id=secrets.token_hex(8), version=0))
    if not windows.save(new, entry(actor, now, "window.add", _target(new), after=new)):
        raise TryAgain("Another window got the same id just now; try again.")
    return replace(new, version=1)


def change(actor: Actor, now: Millis, number: str, wanted: Mapping[str, Any], *, seen: int | None = None) -> Window:
    """Change parts of a window."""
    before = _seen(number, seen)
    after = _checked(replace(before, **wanted))
    if after == before:
        return before
    if not windows.save(after, entry(actor, now, "window.change", _target(before), before=before, after=after)):
        raise Changed(known(number))
    return replace(after, version=before.version + 1)


def remove(actor: Actor, now: Millis, number: str, *, seen: int | None = None) -> Window:
    """Remove a window. Tests that fell into it stay separate in the statistics."""
    before = _seen(number, seen)
    if not windows.remove(before, entry(actor, now, "window.remove", _target(before), before=before)):
        raise Changed(known(number))
    return before


def _seen(number: str, seen: int | None) -> Window:
    found = known(number)
    if seen is not None and seen != found.version:
        raise Changed(found)
    return found


def _checked(window: Window) -> Window:
    """Check a window, and that its target is there."""
    window = check_window(window)
    match window.scope:
        case Scope.CUSTOMER:
            customers.check_there("target", window.target)
        case Scope.DOMAIN if fleet.by_key(window.target) is None:
            raise Refused("target", f"target: there is no domain with the address {shown(window.target)}.")
    return window


def _target(it: Window) -> str:
    return f"window {it.id}"
