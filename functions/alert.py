"""Every minute: tell what is to be told."""

from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.jobs import alert
from mxtrax.log import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Tell of incidents that have opened, gone on or ended."""
    return alert.run(clock(), settings())
