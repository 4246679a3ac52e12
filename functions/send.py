"""From the send queue: one batch of tests."""

from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.jobs import send
from mxtrax.model.orders import SendBatch, from_json
from mxtrax.runtime.log import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> None:
    """Send the batch. If it raises, the batch comes back after the queue's visibility time-out."""
    for record in event["Records"]:
        send.run(from_json(SendBatch, record["body"]), clock, settings())
