"""From API Gateway: a request for a customer's public status page, by anybody. It may only read."""

from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.web import status


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer the request."""
    return status.answer(event, clock(), settings().minute_seconds)
