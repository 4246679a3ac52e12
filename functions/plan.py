"""Every minute: queue the tests that are due."""

from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.jobs import plan
from mxtrax.runtime.log import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Plan the minute that the schedule names, so that a retried tick plans the same one."""
    return plan.run(plan.moment(event.get("time"), clock()), settings())
