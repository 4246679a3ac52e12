"""The document of this API."""

from typing import Any, Final

from mxtrax.api.openapi import document
from mxtrax.api.routing import Request, Router

router: Final = Router("This document")


@router.route("GET /api/v3/openapi.json", "getOpenApi", gives={"type": "object"})
def show(_: Request) -> dict[str, Any]:
    """Give this document."""
    return document()
