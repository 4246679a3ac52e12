"""Every minute: check that each job does its work."""

from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.jobs import watch
from mxtrax.runtime.log import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Check the jobs, and notify people or call the dead man's switch."""
    return watch.run(clock(), settings())
