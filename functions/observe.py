"""From the observe queue: domains whose servers must be looked up."""

from typing import Any

from mxtrax.edge import clock, has_left, settings
from mxtrax.jobs import observe
from mxtrax.model.orders import ObserveOrder, from_json
from mxtrax.runtime.log import logger, metrics

ENOUGH = 30_000
"""Milliseconds that must be left to begin another name."""


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> list[dict[str, int]]:
    """Observe some domains, while there is time."""
    orders = [from_json(ObserveOrder, record["body"]) for record in event["Records"]]
    return [observe.run(order, clock(), settings(), has_left(context, ENOUGH)) for order in orders]
