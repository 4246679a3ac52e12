"""Every minute: see that each job does its work."""

from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.jobs import watch
from mxtrax.runtime.log import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Look after the jobs, and tell people or the outside switch."""
    return watch.run(clock(), settings())
