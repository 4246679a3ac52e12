"""SNS: messages to machines."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mxtrax.aws.clients import client
from mxtrax.errors import Refused, TryAgain


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


def announce(topic: str, message: str) -> str:
    """Publish a message as it is, and give its id. Raises Refused if SNS will not accept it, otherwise TryAgain."""
    try:
        return str(client("sns").publish(TopicArn=topic, Message=message)["MessageId"])
    except ClientError as error:
        code, status = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        said = f"SNS: {code}: {error.response['Error'].get('Message', '')}".strip(": ")
        if status >= 500 or "throttl" in code.lower():
            raise TryAgain(said) from error
        raise Refused("topic", said) from error
    except BotoCoreError as error:
        raise TryAgain(f"SNS: {error}") from error
