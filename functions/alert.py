"""Every minute: tell what is to be told. By hand: rehearse it."""

from dataclasses import asdict
from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.jobs import alert, rehearsal
from mxtrax.log import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Tell of incidents that have opened, gone on or ended; where `rehearse` is asked for, of a simulated one."""
    if event.get("rehearse"):
        return {"taken": [asdict(taken) for taken in rehearsal.rehearse(clock(), settings())]}
    return alert.run(clock(), settings())
