"""Every minute, and when a fold wakes it: send the notices that are due. By hand: a test alert."""

from dataclasses import asdict
from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.jobs import alert
from mxtrax.model.orders import Wake, from_json
from mxtrax.runtime.log import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Notify people of incidents that have opened, continued or closed; for a test alert, of a simulated one."""
    if event.get("test_channel") or event.get("test_alert"):
        return _by_hand(event)
    woken = [from_json(Wake, record["body"]) for record in event.get("Records", ())]
    return alert.run(clock(), settings(), *woken)


def _by_hand(event: dict[str, Any]) -> dict[str, Any]:
    from mxtrax.admin import channel_test, test_alert  # noqa: PLC0415 -- what each minute needs is imported with it

    if number := event.get("test_channel"):
        return asdict(channel_test.try_out(clock(), settings(), number))
    return {"taken": [asdict(taken) for taken in test_alert.send(clock(), settings())]}
