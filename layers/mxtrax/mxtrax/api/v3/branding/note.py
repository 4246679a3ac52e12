"""The note that stands on all public pages."""

from http import HTTPStatus
from typing import Final

from mxtrax.admin import branding as use_cases
from mxtrax.api import forms
from mxtrax.api.problems import both_shown
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.api.schema import of
from mxtrax.api.v3.branding import PATH, Branding, given

router: Final = Router("Public pages")


@router.route(
    f"PATCH {PATH}/note",
    "updateNoteToAll",
    versioned=True,
    body=forms.NOTE_TO_ALL,
    gives=Branding,
    problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def change(request: Request) -> Reply:
    """Tell all customers something on their public pages; an empty note takes it back."""
    with both_shown(request, lambda it: of(Branding, it)):
        return given(use_cases.change(request.caller, request.now, request.wanted, seen=request.seen))
