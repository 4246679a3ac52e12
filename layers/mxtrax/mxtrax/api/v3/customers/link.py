"""The link of a customer's public page: one that nobody can guess, off until somebody makes it."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax.admin import customers as use_cases
from mxtrax.api.problems import both_shown
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import record
from mxtrax.api.v3 import customers

PATH: Final = f"{customers.PATH}/<codename>/link"
router: Final = Router("Public pages")


@router.route(f"POST {PATH}", "createPublicLink", gives=record(link=str), problems=(HTTPStatus.CONFLICT,))
def make(request: Request, codename: str) -> dict[str, Any]:
    """Create a customer's public page, or a new link to it. The old link stops working."""
    with both_shown(request, lambda it: customers.shown(request, it)):
        return {"link": customers.path_of(use_cases.make_link(request.caller, request.now, codename))}


@router.delete(PATH, "deletePublicLink", problems=(HTTPStatus.CONFLICT,))
def end(request: Request, codename: str) -> None:
    """Close a customer's public page. It is no error if there is none."""
    with both_shown(request, lambda it: customers.shown(request, it)):
        use_cases.end_link(request.caller, request.now, codename)
