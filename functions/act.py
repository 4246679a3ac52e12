"""From API Gateway: a request by a link in a notice, from anybody who has it. It may do little, and for a short time."""

from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.web import act


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer the request."""
    settings()
    return act.answer(event, clock())
