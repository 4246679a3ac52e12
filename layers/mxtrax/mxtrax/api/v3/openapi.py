"""The document of this API."""

from typing import Any, Final

from mxtrax.api.openapi import document
from mxtrax.api.routing import Call, Subject

subject: Final = Subject("This document")


@subject.route("GET /api/v3/openapi.json", gives={"type": "object"})
def show(_: Call) -> dict[str, Any]:
    """Give this document."""
    return document()
