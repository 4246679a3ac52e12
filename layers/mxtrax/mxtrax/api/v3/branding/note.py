"""The note that stands on all public pages."""

from typing import Final

from mxtrax.api import forms
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.api.v3.branding import PATH, Branding, changed

router: Final = Router("Public pages")


@router.route(f"PATCH {PATH}/note", "updateNoteToAll", versioned=True, body=forms.NOTE_TO_ALL, gives=Branding)
def change(request: Request) -> Reply:
    """Tell all customers something on their public pages; an empty note takes it back."""
    return changed(request)
