"""SES, S3, SQS and SNS: each call once, with what its failures mean.

Clients are made on first use and share one session, so that importing this costs nothing. They are botocore's own:
boto3 would add a layer that no function uses, and the time to import it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import botocore.session
from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError

from mxtrax.errors import Refused, TryAgain
from mxtrax.model import Millis

MAX_MAIL: Final = 40 * 1024 * 1024
"""Bytes of a mail that are read: what SES accepts at most, inbound."""

MESSAGES_PER_CALL: Final = 10
BYTES_PER_CALL: Final = 240 * 1024
"""What SQS takes in one SendMessageBatch, with room for its own words."""

_REFUSALS: Final = frozenset(
    {
        "MessageRejected",
        "MailFromDomainNotVerifiedException",
        "AccountSuspendedException",
        "SendingPausedException",
        "BadRequestException",
        "NotFoundException",
        "AccessDeniedException",
    }
)
_RETRIES: Final = ClientConfig(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=3,
    read_timeout=10,
    max_pool_connections=32,
)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:  # noqa: ANN401 -- botocore makes its clients at run time
    """Give the client of an AWS service."""
    return _session().create_client(service, config=_RETRIES)


def forget_clients() -> None:
    """Let go of all clients; the next call makes new ones in the surroundings of then."""
    _session.cache_clear()
    client.cache_clear()


# --- SES -------------------------------------------------------------------------------------------------------------


def send_mail(raw: bytes, sender: str, recipient: str, configuration_set: str, tags: Mapping[str, str]) -> str:
    """Hand a mail to SES and give its message id.

    Raises Refused where SES will not take this mail, TryAgain where it was too busy or not to be reached.
    """
    request: dict[str, Any] = {
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": [recipient]},
        "Content": {"Raw": {"Data": raw}},
        "EmailTags": [{"Name": name, "Value": value} for name, value in tags.items()],
    }
    if configuration_set:
        request["ConfigurationSetName"] = configuration_set
    try:
        return str(client("sesv2").send_email(**request)["MessageId"])
    except ClientError as error:
        said = error.response["Error"]
        if said["Code"] in _REFUSALS:
            raise Refused("mail", f"{said['Code']}: {said.get('Message', '')}".strip(": ")) from error
        raise TryAgain(f"SES: {said['Code']}") from error
    except BotoCoreError as error:
        raise TryAgain(f"SES: {error}") from error


# --- S3 --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stored:
    """An object in the inbox."""

    key: str
    at: Millis


def read_mail(bucket: str, key: str) -> bytes | None:
    """Read a stored mail; None where it is gone, which means that it has been accounted for."""
    try:
        body = client("s3").get_object(Bucket=bucket, Key=key)["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
            return None
        raise
    return bytes(body.read(MAX_MAIL))


def read_head(bucket: str, key: str, size: int) -> bytes:
    """Read the first bytes of a stored mail; nothing where it is gone or empty."""
    try:
        body = client("s3").get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{size - 1}")["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404", "InvalidRange"}:
            return b""
        raise
    return bytes(body.read(size))


def delete_mail(bucket: str, key: str) -> None:
    """Delete a stored mail; once it is gone, deleting it again changes nothing."""
    client("s3").delete_object(Bucket=bucket, Key=key)


def move_mail(bucket: str, key: str, target: str) -> bool:
    """Move a stored mail; False where it is gone. It is copied before it is deleted: being cut short loses nothing."""
    try:
        client("s3").copy_object(Bucket=bucket, Key=target, CopySource={"Bucket": bucket, "Key": key})
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
            raise
        return False
    delete_mail(bucket, key)
    return True


def stored_mails(bucket: str, prefix: str) -> Iterator[Stored]:
    """List the stored mails under a prefix."""
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for each in page.get("Contents", ()):
            yield Stored(each["Key"], int(each["LastModified"].timestamp() * 1000))


# --- SQS and SNS -----------------------------------------------------------------------------------------------------


def queue_all(queue: str, messages: Sequence[tuple[Mapping[str, Any], int]]) -> None:
    """Queue messages, each with its delay in seconds. Raises TryAgain where the queue took only some of them."""
    for batch in _batches([(json.dumps(body, separators=(",", ":")), delay) for body, delay in messages]):
        entries = [
            {"Id": str(number), "MessageBody": body, "DelaySeconds": delay}
            for number, (body, delay) in enumerate(batch)
        ]
        answer = client("sqs").send_message_batch(QueueUrl=queue, Entries=entries)
        if failed := answer.get("Failed"):
            raise TryAgain(f"SQS took all but {len(failed)} messages: {failed[0].get('Message', failed[0]['Code'])}")


def _batches(messages: Sequence[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    batch, size = list[tuple[str, int]](), 0
    for body, delay in messages:
        if batch and (len(batch) == MESSAGES_PER_CALL or size + len(body) > BYTES_PER_CALL):
            yield batch
            batch, size = [], 0
        batch.append((body, delay))
        size += len(body)
    if batch:
        yield batch


UNREACHABLE: Final = (ClientError, BotoCoreError)
"""What a call raises that did not get through."""


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
