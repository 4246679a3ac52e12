"""From SES: a mail was received."""

from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.jobs import receive
from mxtrax.runtime.log import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> list[str]:
    """Account for the mail. If it raises, Lambda retries it twice; after that the sweep does."""
    return [receive.run(record["ses"], clock(), settings()) for record in event["Records"]]
