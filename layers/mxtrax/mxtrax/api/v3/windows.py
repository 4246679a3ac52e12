"""Maintenance windows: times in which testing goes on and nobody is notified."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from mxtrax import model
from mxtrax.admin import windows as use_cases
from mxtrax.api import paging
from mxtrax.api.fields import Choice, Field, Flag, Moment, Shape, Text
from mxtrax.api.problems import both_shown
from mxtrax.api.routing import Reply, Request, Router, created, current
from mxtrax.api.schema import Time, of
from mxtrax.errors import Refused
from mxtrax.frozen import dataclass
from mxtrax.model import DAY, Customer, Millis, Scope
from mxtrax.rules.validation import MAX_ADDRESS, MAX_NOTE
from mxtrax.rules.windows import is_quiet, occurrences
from mxtrax.store import customers, windows

PATH: Final = "/api/v3/windows"
LONGEST: Final = 100 * DAY
"""How far a calendar may look at once."""

router: Final = Router("Maintenance")


@dataclass(frozen=True, kw_only=True)
class Window:
    """A maintenance window, and whether it is on now."""

    id: str
    scope: Scope
    target: str
    start: str
    end: str
    zone: str
    weekly: bool
    note: str
    now: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """When a window is."""

    start: Time
    end: Time


@dataclass(frozen=True, kw_only=True)
class WindowOfCalendar(Window):
    """A maintenance window with its customer's name, and when it is between two moments, where those are given."""

    friendlyname: str | None
    occurrences: tuple[Occurrence, ...] | None


_WALL: Final = Text(shortest=16, longest=19, note="Local time in its zone, such as 2026-11-22T22:00.")
WHOM: Final[dict[str, Field]] = {
    "scope": Choice(of=tuple(map(str, Scope)), note="Whom it is for."),
    "target": Text(longest=MAX_ADDRESS + 66, note="The customer's codename or the domain's address."),
}
_FIELDS: Final[dict[str, Field]] = {
    **WHOM,
    "start": _WALL,
    "end": _WALL,
    "zone": Text(shortest=1, longest=64, note="The time zone, such as Europe/Berlin."),
    "weekly": Flag(note="Again every seven days."),
    "note": Text(longest=MAX_NOTE, note="What happens then."),
}
_BETWEEN: Final[dict[str, Field]] = {
    "from": Moment(note="Show when each window is open, from this moment on; needs `to`."),
    "to": Moment(note=f"Up to this moment, at most {LONGEST // DAY} days later."),
}


@router.route(
    f"GET {PATH}",
    "listWindows",
    query=_BETWEEN,
    gives=paging.list_of(WindowOfCalendar),
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def listed(request: Request) -> dict[str, Any]:
    """List all windows by their start; for a calendar, with each time they are open."""
    between = _between(request)
    found = sorted(windows.everything(), key=lambda it: (it.start, it.id))
    whose = customers.by_codenames({it.target for it in found if it.scope is Scope.CUSTOMER})
    return paging.listed(request, PATH, [_of_calendar(it, whose, request.now, between) for it in found], "")


@router.route(f"GET {PATH}/<window>", "getWindow", gives=Window)
def one(request: Request, window: str) -> Reply:
    """Show a window."""
    return _shown(request, use_cases.known(window))


@router.route(
    f"POST {PATH}",
    "createWindow",
    body=Shape(_FIELDS, needed=("scope", "start", "end")),
    gives=Window,
    status=HTTPStatus.CREATED,
)
def add(request: Request) -> Reply:
    """Plan a window."""
    added = use_cases.add(request.caller, request.now, model.Window(id="", **_parts(request)))
    return created(shown(added, request.now), added.version, f"{PATH}/{added.id}")


@router.route(f"PATCH {PATH}/<window>", "updateWindow", versioned=True, body=Shape(_FIELDS), gives=Window)
def change(request: Request, window: str) -> Reply:
    """Change parts of a window."""
    with both_shown(request, lambda it: shown(it, request.now)):
        return _shown(
            request, use_cases.change(request.caller, request.now, window, _parts(request), seen=request.seen)
        )


@router.delete(f"{PATH}/<window>", "deleteWindow", versioned=True)
def remove(request: Request, window: str) -> None:
    """Remove a window. Tests that fell into it stay separate in the statistics."""
    with both_shown(request, lambda it: shown(it, request.now)):
        use_cases.remove(request.caller, request.now, window, seen=request.seen)


def _shown(request: Request, window: model.Window) -> Reply:
    return current(shown(window, request.now), window.version)


def shown(it: model.Window, now: Millis) -> Window:
    """Show a window, and whether it is on."""
    return of(Window, it, now=is_quiet(it, now))


def _of_calendar(
    it: model.Window, whose: Mapping[str, Customer], now: Millis, between: tuple[Millis, Millis] | None
) -> WindowOfCalendar:
    customer = whose.get(it.target) if it.scope is Scope.CUSTOMER else None
    name = customer.friendlyname if customer else None
    times = tuple(Occurrence(start=start, end=end) for start, end in occurrences(it, *between)) if between else None
    return of(WindowOfCalendar, it, now=is_quiet(it, now), friendlyname=name, occurrences=times)


def _between(request: Request) -> tuple[Millis, Millis] | None:
    """Read for which time it is asked when the windows are."""
    if not request.query:
        return None
    if len(request.query) < len(_BETWEEN):
        raise Refused("to", "from and to: give both or neither.")
    first, last = request.query["from"], request.query["to"]
    if not first < last <= first + LONGEST:
        raise Refused("to", f"to: this should be after `from`, and at most {LONGEST // DAY} days.")
    return first, last


def _parts(request: Request) -> dict[str, Any]:
    return {name: Scope(value) if name == "scope" else value for name, value in request.wanted.items()}
