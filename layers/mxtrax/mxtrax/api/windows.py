"""Maintenance windows: times in which testing goes on and nothing is told."""

import secrets
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import edits, lists, records
from mxtrax.api.fields import Choice, Field, Flag, Shape, Text
from mxtrax.api.routing import Call, Given, Subject
from mxtrax.checks import MAX_ADDRESS, MAX_NOTE, check_window
from mxtrax.errors import Missing, Refused
from mxtrax.model import Scope, Window
from mxtrax.store import audit, fleet, windows

PATH: Final = "/api/v3/windows"
MOST: Final = 500
"""Windows that there may be: aggregate and alert read them all, each minute."""

subject: Final = Subject("Maintenance")

_WALL: Final = Text(shortest=16, longest=19, note="What a clock on the wall shows, such as 2026-11-22T22:00.")
_FIELDS: Final[dict[str, Field]] = {
    "scope": Choice(of=tuple(str(scope) for scope in Scope), note="Whom it is for."),
    "target": Text(longest=MAX_ADDRESS + 66, note="Which customer, by codename, or which domain, by address."),
    "start": _WALL,
    "end": _WALL,
    "zone": Text(shortest=1, longest=64, note="Where that clock hangs, such as Europe/Berlin."),
    "weekly": Flag(note="Again every seven days."),
    "note": Text(longest=MAX_NOTE, note="What is done then."),
}
_PROBLEMS: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


@subject.route(f"GET {PATH}", gives=lists.list_of(records.WINDOW))
def listed(call: Call) -> dict[str, Any]:
    """List all windows by their start."""
    found = sorted(windows.everything(), key=lambda it: (it.start, it.id))
    return lists.listed(call, PATH, [records.window(it, call.now) for it in found], "")


@subject.route(f"GET {PATH}/<number>", gives=records.WINDOW, problems=(HTTPStatus.NOT_FOUND,))
def one(call: Call, number: str) -> dict[str, Any]:
    """Show a window."""
    return records.window(_known(number), call.now)


@subject.route(
    f"POST {PATH}",
    body=Shape(_FIELDS, needed=("scope", "start", "end")),
    gives=records.WINDOW,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def add(call: Call) -> Given:
    """Plan a window."""
    if len(windows.everything()) >= MOST:
        raise Refused("windows", f"windows: {MOST} are the most; remove those that are over.")
    window = _checked(Window(id=secrets.token_hex(8), **_values(call)))
    windows.save(window)
    audit.note(edits.of(call, "window.add", f"window {window.id}", None, records.window(window, call.now)))
    where = {"Location": f"{PATH}/{window.id}"}
    return Given(body=records.window(window, call.now), status=HTTPStatus.CREATED, headers=where)


@subject.route(f"PATCH {PATH}/<number>", body=Shape(_FIELDS), gives=records.WINDOW, problems=_PROBLEMS)
def change(call: Call, number: str) -> dict[str, Any]:
    """Change parts of a window."""
    before = _known(number)
    after = _checked(replace(before, **_values(call)))
    windows.save(after)
    shown = records.window(before, call.now), records.window(after, call.now)
    audit.note(edits.of(call, "window.change", f"window {number}", *shown))
    return shown[1]


@subject.route(f"DELETE {PATH}/<number>", gives={}, status=HTTPStatus.NO_CONTENT, problems=(HTTPStatus.NOT_FOUND,))
def remove(call: Call, number: str) -> Given:
    """Remove a window; what fell into it stays apart in the figures."""
    before = _known(number)
    windows.remove(number)
    audit.note(edits.of(call, "window.remove", f"window {number}", records.window(before, call.now), None))
    return Given(status=HTTPStatus.NO_CONTENT)


def _known(number: str) -> Window:
    found = windows.get(number)
    if found is None:
        raise Missing("id", "There is no such window.")
    return found


def _values(call: Call) -> dict[str, Any]:
    return {name: Scope(value) if name == "scope" else value for name, value in call.body.items()}


def _checked(window: Window) -> Window:
    """Check a window, and that its target is there."""
    window = check_window(window)
    match window.scope:
        case Scope.CUSTOMER if fleet.customer(window.target) is None:
            raise Refused("target", f"target: there is no customer with the codename {window.target!r}.")
        case Scope.DOMAIN:
            window = replace(window, target=window.target.lower())
            if fleet.by_key(window.target) is None:
                raise Refused("target", f"target: there is no domain with the address {window.target!r}.")
    return window
