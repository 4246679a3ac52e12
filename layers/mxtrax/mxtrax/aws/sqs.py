"""SQS: what one job orders of another."""

from collections.abc import Iterator, Sequence
from typing import Final

from mxtrax.aws.clients import client
from mxtrax.errors import TryAgain
from mxtrax.model.orders import Message, to_json

MESSAGES_PER_CALL: Final = 10
BYTES_PER_CALL: Final = 240 * 1024
"""What SQS accepts in one SendMessageBatch, with room for its own overhead."""


def queue_all(queue: str, messages: Sequence[tuple[Message, int]]) -> None:
    """Queue messages, each with its delay in seconds. Raises TryAgain if the queue accepted only some of them."""
    for batch in _batches([(to_json(message), delay) for message, delay in messages]):
        entries = [
            {"Id": str(number), "MessageBody": body, "DelaySeconds": delay}
            for number, (body, delay) in enumerate(batch)
        ]
        answer = client("sqs").send_message_batch(QueueUrl=queue, Entries=entries)
        if failed := answer.get("Failed"):
            raise TryAgain(f"SQS took all but {len(failed)} messages: {failed[0].get('Message', failed[0]['Code'])}")


def waiting(queue: str) -> int:
    """Give the approximate number of messages in a queue."""
    wanted = ["ApproximateNumberOfMessages"]
    return int(client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=wanted)["Attributes"][wanted[0]])


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
