"""From API Gateway: a request of the JSON API."""

from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.api import answer
from mxtrax.runtime.log import logger


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer the request."""
    return answer(event, clock(), settings())
