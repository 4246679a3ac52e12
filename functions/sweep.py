"""Every few minutes: account for the mail that receive has missed."""

from typing import Any

from mxtrax.edge import clock, has_left, settings
from mxtrax.jobs import sweep
from mxtrax.runtime.log import logger, metrics

ENOUGH = 60_000
"""Milliseconds that must be left to begin another mail."""


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Sweep the inbox, while there is time."""
    return sweep.run(clock(), settings(), has_left(context, ENOUGH))
