"""From the aggregate queue: some shards of the due index."""

from typing import Any

from mxtrax.edge import clock, has_left, settings
from mxtrax.jobs import aggregate
from mxtrax.model.orders import FoldOrder, from_json
from mxtrax.runtime.log import logger, metrics

ENOUGH = 10_000
"""Milliseconds that must be left to begin another page."""


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> list[dict[str, int]]:
    """Fold what is due, while there is time."""
    orders = [from_json(FoldOrder, record["body"]) for record in event["Records"]]
    return [aggregate.run(order, clock(), settings(), has_left(context, ENOUGH)) for order in orders]
