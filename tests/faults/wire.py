"""The wire between the jobs and AWS. It counts an invocation's calls, and makes the given one fail.

It uses botocore's own events: `before-call` begins a call, `before-send` is each attempt at it. So every call of every
client is found and can be disturbed without being listed, and botocore's own retries are included.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final, Protocol

import pytest
from botocore import endpoint, handlers
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.retries import quota
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber


class Killed(BaseException):
    """The function was ended in the middle of what it did; it makes no further call."""


class Do(Protocol):
    """A call's effect."""

    def __call__(self, body: bytes | None = None) -> AWSResponse:
        """Let the call have its effect, or that of another body, and give AWS's answer."""


_WRITING: Final = frozenset({"TransactWriteItems", "BatchExecuteStatement", "UpdateItem", "PutItem"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call as botocore names it."""

    service: str
    operation: str
    url: str
    body: bytes = b""

    def __str__(self) -> str:
        """Name it for people."""
        return f"{self.service}.{self.operation}"

    @property
    def writes_records(self) -> bool:
        """True where DynamoDB can find another transaction at work on the same records."""
        return self.service == "dynamodb" and self.operation in _WRITING

    @property
    def is_batch(self) -> bool:
        """True where some of what is asked may be done and the rest not."""
        return self.operation == "BatchExecuteStatement"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault at a call. A lasting one affects all later calls to that service in the invocation, too.

    `hidden` means that the effect took place although the caller did not learn it, `slow` that it only took long.
    """

    name: str
    strike: Callable[["Wire", Call, Do], AWSResponse]
    lasting: bool = False
    hidden: bool = False
    slow: bool = False
    meets: Callable[[Call], bool] = lambda _: True


@dataclass
class Invocation:
    """One run of a job. `fault` strikes at the call of number `at`.

    Then `beside` is what a second worker does, and `meanwhile` what goes on elsewhere while this call hangs.
    """

    fault: Fault | None = None
    at: int = -1
    beside: Callable[[], None] = lambda: None
    meanwhile: Callable[[], None] = lambda: None
    calls: list[Call] = field(default_factory=list)
    struck: str = ""
    strikes: int = 0
    dead: bool = False

    def meets(self, call: Call) -> bool:
        """Say whether the fault strikes at this attempt of the latest call."""
        if self.fault is None:
            return False
        if len(self.calls) - 1 == self.at and self.strikes == 0 and self.fault.meets(call):
            self.struck = call.service
            return True
        return self.fault.lasting and call.service == self.struck and self.fault.meets(call)


@dataclass
class Wire:
    """What botocore calls. Outside an invocation it only passes calls to moto."""

    took: Callable[[Call, bytes], AWSResponse | None] = lambda *_: None
    current: Invocation | None = None
    answers: dict[str, tuple[int, Any, bytes]] = field(default_factory=dict)

    def begins(self, model: Any, **_: Any) -> None:
        """Count a call that an invocation makes."""
        if self.current:
            service = model.service_model.service_id.hyphenize()
            self.current.calls.append(Call(service, model.name, ""))

    def attempt(self, event_name: str, request: Any, **_: Any) -> AWSResponse | None:
        """Answer one attempt at a call."""
        if not botocore_stubber.enabled or self.current is None:
            return botocore_stubber(event_name, request)
        it = self.current
        if it.dead:
            raise Killed
        service, operation = event_name.split(".")[1:]
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        call = Call(service, operation, request.url, body)

        def do(body: bytes | None = None) -> AWSResponse:
            if body is not None:
                request.body = body
            return self._effect(call, event_name, request)

        if it.fault and it.meets(call):
            it.strikes += 1
            return it.fault.strike(self, call, do)
        return do()

    def _effect(self, call: Call, event_name: str, request: Any) -> AWSResponse:
        """Let moto do it. A transaction that comes again under its token is answered and not done again, as AWS does."""
        token = json.loads(call.body)["ClientRequestToken"] if call.operation == "TransactWriteItems" else ""
        if token not in self.answers:
            answer = self.took(call, call.body) or botocore_stubber(event_name, request)
            assert answer is not None
            if not token or answer.status_code != 200:
                return answer
            self.answers = {token: (answer.status_code, answer.headers, answer.content)}
        return response(call, *self.answers[token])

    @contextmanager
    def invoked(self, invocation: Invocation) -> Iterator[Invocation]:
        """Let an invocation make calls; one that is running meanwhile goes on afterwards."""
        before, self.current = self.current, invocation
        try:
            yield invocation
        finally:
            self.current = before


@contextmanager
def installed() -> Iterator[Wire]:
    """Use every session opened within this context. Retries come without pauses, and never run out."""
    wire = Wire()
    mine = [("before-call", wire.begins), ("before-send", wire.attempt)]
    moto = ("before-send", botocore_stubber)
    handlers.BUILTIN_HANDLERS.remove(moto)
    handlers.BUILTIN_HANDLERS.extend(mine)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(endpoint, "time", SimpleNamespace(sleep=lambda _: None))
            patch.setattr(quota.RetryQuota, "acquire", lambda *_: True)
            yield wire
    finally:
        for each in mine:
            handlers.BUILTIN_HANDLERS.remove(each)
        handlers.BUILTIN_HANDLERS.append(moto)


# --- answers of an AWS that is in trouble, as its protocols write them -------------------------------------------------

_BUSY: Final = {
    "dynamodb": (400, "ProvisionedThroughputExceededException"),
    "sesv2": (429, "TooManyRequestsException"),
    "sqs": (400, "ThrottlingException"),
    "sns": (429, "Throttled"),
    "s3": (503, "SlowDown"),
}


def response(call: Call, status: int, headers: Any, body: str | bytes) -> AWSResponse:
    """Make an answer as moto does; botocore takes any mapping for headers."""
    return AWSResponse(call.url, status, headers, MockRawResponse(body))


def says(call: Call, status: int, code: str, **more: Any) -> AWSResponse:
    """Write an error as this service does."""
    headers = {"x-amzn-errortype": code}
    match call.service:
        case "s3":
            body = f"<Error><Code>{code}</Code><Message>injected</Message></Error>"
        case "sns":
            body = f"<ErrorResponse><Error><Code>{code}</Code><Message>injected</Message></Error></ErrorResponse>"
        case _:
            body = json.dumps({"__type": f"com.amazonaws#{code}", "message": "injected", **more})
    return response(call, status, headers, body)


def _error_before(_: Wire, call: Call, __: Do) -> AWSResponse:
    return says(call, 500, "InternalServerError")


def _error_after(_: Wire, call: Call, do: Do) -> AWSResponse:
    do()
    return says(call, 500, "InternalServerError")


def _time_out_before(_: Wire, call: Call, __: Do) -> AWSResponse:
    raise ConnectTimeoutError(endpoint_url=call.url)


def _time_out_after(_: Wire, call: Call, do: Do) -> AWSResponse:
    do()
    raise ReadTimeoutError(endpoint_url=call.url)


def _throttled(_: Wire, call: Call, __: Do) -> AWSResponse:
    return says(call, *_BUSY[call.service])


def _contended(_: Wire, call: Call, __: Do) -> AWSResponse:
    """Answer as DynamoDB does while another transaction is at work on one of the records."""
    if call.is_batch:
        return _refuses(call, len(json.loads(call.body)["Statements"]), b"")
    if call.operation != "TransactWriteItems":
        return says(call, 400, "TransactionConflictException")
    reasons = [{"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}]
    return says(call, 400, "TransactionCanceledException", CancellationReasons=reasons)


def _refuses(call: Call, number: int, done: bytes) -> AWSResponse:
    """Answer a batch of which the first ones were refused, and the rest was done with this answer."""
    refused = {"Error": {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}}
    rest = json.loads(done)["Responses"] if done else []
    return response(call, 200, {}, json.dumps({"Responses": [*[refused] * number, *rest]}))


def _halves(call: Call) -> tuple[int, bytes]:
    """Give the number of statements in the first half of a batch, and the batch without them."""
    asked = json.loads(call.body)
    half = (len(asked["Statements"]) + 1) // 2
    return half, json.dumps({**asked, "Statements": asked["Statements"][half:]}).encode()


def _half_refused(_: Wire, call: Call, do: Do) -> AWSResponse:
    half, rest = _halves(call)
    return _refuses(call, half, do(rest).content)


def _half_done(_: Wire, call: Call, do: Do) -> AWSResponse:
    do(_halves(call)[1])
    return says(call, 500, "InternalServerError")


def _killed_halfway(wire: Wire, call: Call, do: Do) -> AWSResponse:
    do(_halves(call)[1])
    return _killed_before(wire, call, do)


def _killed_before(wire: Wire, _: Call, __: Do) -> AWSResponse:
    assert wire.current
    wire.current.dead = True
    raise Killed


def _killed_after(wire: Wire, call: Call, do: Do) -> AWSResponse:
    do()
    return _killed_before(wire, call, do)


def _second_worker_before(wire: Wire, _: Call, do: Do) -> AWSResponse:
    assert wire.current
    wire.current.beside()
    return do()


def _second_worker_after(wire: Wire, _: Call, do: Do) -> AWSResponse:
    assert wire.current
    answer = do()
    wire.current.beside()
    return answer


def _slow(wire: Wire, _: Call, do: Do) -> AWSResponse:
    assert wire.current
    wire.current.meanwhile()
    return do()


FAULTS: Final = (
    Fault("error before the effect, once", _error_before),
    Fault("error before the effect, lasting", _error_before, lasting=True),
    Fault("error after the effect, once", _error_after, hidden=True),
    Fault("error after the effect, lasting", _error_after, lasting=True, hidden=True),
    Fault("time-out before the effect, once", _time_out_before),
    Fault("time-out before the effect, lasting", _time_out_before, lasting=True),
    Fault("time-out after the effect, once", _time_out_after, hidden=True),
    Fault("time-out after the effect, lasting", _time_out_after, lasting=True, hidden=True),
    Fault("throttled, once", _throttled),
    Fault("throttled, lasting", _throttled, lasting=True),
    Fault("another transaction at work, once", _contended, meets=lambda call: call.writes_records),
    Fault("another transaction at work, lasting", _contended, lasting=True, meets=lambda call: call.writes_records),
    Fault("half of a batch refused, once", _half_refused, meets=lambda call: call.is_batch),
    Fault("half of a batch refused, each time", _half_refused, lasting=True, meets=lambda call: call.is_batch),
    Fault("error after half of a batch, once", _half_done, hidden=True, meets=lambda call: call.is_batch),
    Fault("killed after half of a batch", _killed_halfway, hidden=True, meets=lambda call: call.is_batch),
    Fault("killed before the call", _killed_before),
    Fault("killed after the call", _killed_after, hidden=True),
    Fault("a second worker before the call", _second_worker_before),
    Fault("a second worker after the call", _second_worker_after),
    Fault("slow: all else of a minute before the call", _slow, slow=True),
)
"""Every kind of trouble at a call."""
