"""Branding: who all public pages say they are from, and what they say to all customers."""

from typing import Final

from mxtrax import model
from mxtrax.admin import branding as use_cases
from mxtrax.api import forms
from mxtrax.api.problems import both_shown
from mxtrax.api.routing import Reply, Request, Router, current
from mxtrax.api.schema import of
from mxtrax.frozen import dataclass

PATH: Final = "/api/v3/branding"
router: Final = Router("Public pages")


@dataclass(frozen=True, kw_only=True)
class Branding:
    """The operator's name, contact and logo, a PNG in base64, and a note to all customers; empty if there is none."""

    name: str
    contact: str
    logo: str
    note: str
    version: int


@router.route(f"GET {PATH}", "getBranding", gives=Branding)
def show(request: Request) -> Reply:  # noqa: ARG001 -- who asks changes nothing
    """Show the branding of public pages."""
    return _given(use_cases.current())


@router.route(f"PATCH {PATH}", "updateBranding", versioned=True, body=forms.BRANDING, gives=Branding)
def change(request: Request) -> Reply:
    """Change parts of the branding of public pages."""
    return changed(request)


def changed(request: Request) -> Reply:
    """Apply a request's changes, and give the branding as it is then."""
    with both_shown(request, lambda it: of(Branding, it)):
        return _given(use_cases.change(request.caller, request.now, request.wanted, seen=request.seen))


def _given(it: model.Branding) -> Reply:
    return current(of(Branding, it), it.version)
