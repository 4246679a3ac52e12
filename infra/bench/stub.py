"""An AWS that answers at once: canned answers in place of botocore's HTTP, so that only our own work is measured."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore import handlers
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from infra.bench.ears import SmtpReply
from mxtrax.runtime import memory
from mxtrax.store import tables

type Answers = Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]
"""By operation: a function from request to response."""


def as_asked(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Answer UpdateItem: PynamoDB requests the updated item, and reads it."""
    return {"Attributes": asked["Key"]}


def all_done(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Answer BatchExecuteStatement: an answer for each statement, without an error."""
    return {"Responses": [{} for _ in asked["Statements"]]}


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        """Give the body in one piece."""
        yield self._content


@contextmanager
def answering(answers: Answers) -> Iterator[None]:
    """Give every session opened within this context these answers; other operations find and change nothing."""
    known = {"UpdateItem": as_asked, "BatchExecuteStatement": all_done, **answers}

    def answer(request: Any) -> SmtpReply:  # noqa: ANN401 -- botocore's
        target = request.headers.get("X-Amz-Target", b"SendEmail")
        operation = (target if isinstance(target, str) else target.decode()).rpartition(".")[2]
        found = known[operation](json.loads(request.body)) if operation in known else {}
        return 200, {"content-type": "application/x-amz-json-1.0"}, json.dumps(found, default=_as_sent).encode()

    with _in_place_of_http(answer):
        yield


@contextmanager
def answering_in_person(answer: Callable[[str, Any], bytes]) -> Iterator[None]:
    """Give every session opened within this context answers in bytes, made from operation and request."""

    def answered(request: Any) -> SmtpReply:  # noqa: ANN401 -- botocore's
        target, body = request.headers.get("X-Amz-Target", b""), request.body
        operation = (target if isinstance(target, str) else target.decode()).rpartition(".")[2]
        if operation:
            return 200, {"content-type": "application/x-amz-json-1.0"}, answer(operation, json.loads(body))
        operation = "Publish" if ".sns." in request.url or "://sns." in request.url else "SendEmail"
        return 200, {"content-type": "application/json"}, answer(operation, None)

    with _in_place_of_http(answered):
        yield


def _as_sent(binary: bytes) -> str:
    return b64encode(binary).decode()


@contextmanager
def replaying(answers: Sequence[SmtpReply]) -> Iterator[Callable[[], None]]:
    """Give every session opened within this context these answers in turn; calling the result starts again."""
    left = iter(answers)

    def begin() -> None:
        nonlocal left
        left = iter(answers)

    with _in_place_of_http(lambda _: next(left)):
        yield begin


@contextmanager
def _in_place_of_http(answer: Callable[[Any], SmtpReply]) -> Iterator[None]:
    def answered(request: Any, **_: Any) -> AWSResponse:  # noqa: ANN401 -- botocore's
        status, headers, body = answer(request)
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), _Body(body))

    ear = ("before-send", answered)
    handlers.BUILTIN_HANDLERS.append(ear)
    memory.reset()
    tables.connect("bench-")
    try:
        yield
    finally:
        handlers.BUILTIN_HANDLERS.remove(ear)
        memory.reset()
