"""Quiet for a while: a maintenance window that begins now and ends by itself."""

from http import HTTPStatus
from typing import Final

from mxtrax.admin import quiet as use_cases
from mxtrax.api.fields import Choice, Moment, Shape, Text
from mxtrax.api.problems import both_shown
from mxtrax.api.routing import Reply, Request, Router, etag
from mxtrax.api.v3 import windows
from mxtrax.model import DAY, Scope
from mxtrax.rules.validation import MAX_ADDRESS, MAX_NOTE

PATH: Final = "/api/v3/quiet"
router: Final = Router("Maintenance")

_BODY: Final = Shape(
    {
        "scope": Choice(of=tuple(str(scope) for scope in Scope), note="Whom it is for."),
        "target": Text(longest=MAX_ADDRESS + 66, note="The customer's codename or the domain's address."),
        "until": Moment(note=f"When it ends, at most {use_cases.LONGEST // DAY} days ahead."),
        "note": Text(longest=MAX_NOTE, note="Why."),
    },
    needed=("scope", "until"),
)


@router.route(
    f"POST {PATH}",
    "startQuiet",
    body=_BODY,
    gives=windows.Window,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
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
    where = {"Location": f"{windows.PATH}/{added.id}", **etag(added.version)}
    return Reply(body=windows.shown(added, request.now), status=HTTPStatus.CREATED, headers=where)


@router.route(
    f"DELETE {PATH}/<window>",
    "endQuiet",
    gives={},
    status=HTTPStatus.NO_CONTENT,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def end(request: Request, window: str) -> Reply:
    """Close an open window now; the path has the id of the window."""
    with both_shown(request, lambda it: windows.shown(it, request.now)):
        use_cases.end(request.caller, request.now, window)
    return Reply(status=HTTPStatus.NO_CONTENT)
