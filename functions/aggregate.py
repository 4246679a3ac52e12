"""From the aggregate queue: some shards of the due index."""

import json
from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.jobs import aggregate
from mxtrax.log import logger, metrics

ENOUGH = 10_000
"""Milliseconds that must be left to begin another page."""


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> None:
    """Fold what is due, while there is time."""
    for record in event["Records"]:
        order = json.loads(record["body"])
        aggregate.run(order, clock(), settings(), lambda: context.get_remaining_time_in_millis() > ENOUGH)
