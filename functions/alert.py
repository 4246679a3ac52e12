"""Every minute: tell what is to be told. By hand: rehearse it."""

from dataclasses import asdict
from typing import Any

from mxtrax.admin import test_alert
from mxtrax.edge import clock, settings
from mxtrax.jobs import alert
from mxtrax.runtime.log import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Tell of incidents that have opened, gone on or ended; where `rehearse` is asked for, of a simulated one."""
    if event.get("rehearse"):
        return {"taken": [asdict(taken) for taken in test_alert.rehearse(clock(), settings())]}
    return alert.run(clock(), settings())
