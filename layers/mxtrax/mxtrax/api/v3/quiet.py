"""Quiet for a while: a maintenance window that begins now and ends by itself."""

from http import HTTPStatus
from typing import Final

from mxtrax.admin import quiet as use_cases
from mxtrax.api.fields import Moment, Shape, Text
from mxtrax.api.problems import both_shown
from mxtrax.api.routing import Reply, Request, Router, created
from mxtrax.api.v3 import windows
from mxtrax.model import DAY, Scope
from mxtrax.rules.validation import MAX_NOTE

PATH: Final = "/api/v3/quiet"
router: Final = Router("Maintenance")

_BODY: Final = Shape(
    {
        **windows.WHOM,
        "until": Moment(note=f"When it ends, at most {use_cases.LONGEST // DAY} days ahead."),
        "note": Text(longest=MAX_NOTE, note="Why."),
    },
    needed=("scope", "until"),
)


@router.route(f"POST {PATH}", "startQuiet", body=_BODY, gives=windows.Window, status=HTTPStatus.CREATED)
def begin(request: Request) -> Reply:
    """Mute a domain, a customer or everything from now on: tests go on, and nobody is notified."""
    given = request.wanted
    added = use_cases.begin(
        request.caller,
        request.now,
        Scope(given["scope"]),
        given.get("target", ""),
        given["until"],
        given.get("note", ""),
    )
    return created(windows.shown(added, request.now), added.version, f"{windows.PATH}/{added.id}")


@router.delete(f"{PATH}/<window>", "endQuiet", problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY))
def end(request: Request, window: str) -> None:
    """Close an open window now; the path has the id of the window."""
    with both_shown(request, lambda it: windows.shown(it, request.now)):
        use_cases.end(request.caller, request.now, window)
