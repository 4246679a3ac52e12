"""From the feedback queue: SES's events about mails on their way. From send's dead letters: tests that never left."""

import json
from typing import Any

from mxtrax.edge import clock, settings
from mxtrax.jobs import feedback
from mxtrax.model.orders import SendBatch, from_json
from mxtrax.runtime.log import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """Record each event; only those that failed are redelivered (ReportBatchItemFailures)."""
    failed = []
    for record in event["Records"]:
        try:
            _note(record["body"])
        except Exception:  # noqa: BLE001 -- one bad event must not hold up the others
            logger.exception("an event could not be noted", message_id=record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _note(body: str) -> None:
    if said := json.loads(body).get("detail"):
        feedback.run(said, settings())
    else:
        from mxtrax.jobs import send  # noqa: PLC0415 -- what writes letters is brought by the rare dead letter, not by each event

        send.give_up(from_json(SendBatch, body), clock())
