"""Every hour: add up the days of single domains."""

from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.jobs import rollup
from mxtrax.runtime.log import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Add up the days that may still change."""
    return rollup.run(clock(), settings())
