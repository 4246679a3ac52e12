"""SNS: messages to machines."""

import json
from collections.abc import Mapping
from typing import Any

from mxtrax.aws.clients import client


def publish(topic: str, subject: str, message: Mapping[str, Any], attributes: Mapping[str, str]) -> None:
    """Publish a JSON message with attributes that subscribers can filter by."""
    client("sns").publish(
        TopicArn=topic,
        Subject=subject[:100],
        Message=json.dumps(message, ensure_ascii=False),
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items() if value
        },
    )
