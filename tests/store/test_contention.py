"""Temporary refusals of DynamoDB are retried, and nothing else is."""

import json
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError

from mxtrax.store import contention

ITEMS = [{"Delete": {"TableName": "t", "Key": {"id": {"S": "1"}}}}]
OURS = ["ConditionalCheckFailed", "ValidationError", "TransactionConflict ConditionalCheckFailed"]


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        """Give the body in one piece."""
        yield self._content


def _answers(*reasons: str) -> tuple[Any, list[str]]:
    """Give a client whose transaction is turned away for each of these reasons in turn, and then is not."""
    left, asked = list(reasons), list[str]()

    def answer(request: Any, **_: Any) -> AWSResponse:
        asked.append(request.url)
        if not left:
            return _response(200, {})
        kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
        cancelled = [{"Code": "None"}, *({"Code": code} for code in left.pop(0).split())]
        return _response(400, {"__type": kind, "Message": "cancelled", "CancellationReasons": cancelled})

    session: Any = botocore.session.get_session()
    session.register("before-send.dynamodb", answer)
    client: Any = session.create_client("dynamodb", "eu-west-1", aws_access_key_id="k", aws_secret_access_key="s")  # noqa: S106
    contention.retry_conflicts(client)
    return client, asked


def _response(status: int, body: dict[str, Any]) -> AWSResponse:
    content: Any = _Body(json.dumps(body).encode())
    return AWSResponse("https://local", status, HTTPHeaders(), content)


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contention, "PAUSE", 0)


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_what_is_in_the_way_of_others_is_tried_again(reason: str) -> None:
    """It met another transaction, or a partition that has had its fill for this second."""
    client, asked = _answers(reason, reason)
    client.transact_write_items(TransactItems=ITEMS)
    assert len(asked) == 3


@pytest.mark.parametrize(
    "reason", ["ConditionalCheckFailed", "ValidationError", "TransactionConflict ConditionalCheckFailed"]
)
def test_what_would_fail_again_is_an_answer(reason: str) -> None:
    """A failed condition, or a mistake of ours, is reported at once."""
    client, asked = _answers(reason)
    with pytest.raises(ClientError):
        client.transact_write_items(TransactItems=ITEMS)
    assert len(asked) == 1


def test_patience_ends() -> None:
    """After some tries, the caller gets the error."""
    client, asked = _answers(*["TransactionConflict"] * contention.TRIES)
    with pytest.raises(ClientError):
        client.transact_write_items(TransactItems=ITEMS)
    assert len(asked) == contention.TRIES
