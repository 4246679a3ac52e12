"""Listen to botocore: which AWS calls are made, how many items they return, and the responses."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from botocore import handlers

from infra.bench.item_size import size_of

READ_BYTES: Final = 4 * 1024

type SmtpReply = tuple[int, dict[str, str], bytes]
"""Status, headers and body of one HTTP response."""


@dataclass
class Heard:
    """What was recorded: calls by kind, items returned, and all responses as they came."""

    calls: Counter[str] = field(default_factory=Counter)
    items: int = 0
    read_units: float = 0.0
    answers: list[SmtpReply] = field(default_factory=list)
    asked: defaultdict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Request and response of each mail that was sent and each message that was queued."""

    def forget(self) -> None:
        """Start again from nothing."""
        self.calls.clear()
        self.asked.clear()
        self.answers.clear()
        self.items = 0
        self.read_units = 0.0


def _read_units(operation: str, asked: Mapping[str, Any], found: Mapping[str, Any]) -> float:
    """Give a DynamoDB call's read units: one for each started 4 KB, half if eventually consistent."""
    match operation:
        case "GetItem":
            sizes, consistent = [size_of(found.get("Item", {}))], asked.get("ConsistentRead", False)
        case "Query" | "Scan":
            sizes, consistent = [sum(map(size_of, found["Items"]))], asked.get("ConsistentRead", False)
        case "BatchGetItem":
            sizes = [size_of(item) for items in found["Responses"].values() for item in items]
            consistent = any(of.get("ConsistentRead", False) for of in asked["RequestItems"].values())
        case _:
            return 0.0
    return sum(max(1, math.ceil(size / READ_BYTES)) for size in sizes) * (1.0 if consistent else 0.5)


@contextmanager
def listening() -> Iterator[Heard]:
    """Listen to every session opened within this context."""
    heard = Heard()

    def asks(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:  # noqa: ANN401 -- botocore's
        context["bench"] = params

    def answered(response_dict: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
        body = response_dict["body"]
        if isinstance(body, bytes):
            heard.answers.append((response_dict["status_code"], dict(response_dict["headers"]), body))

    def done(parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
        heard.calls[f"{model.service_model.service_name} {model.name}"] += 1
        heard.items += len(parsed.get("Items", ()))
        if model.name == "BatchGetItem":
            heard.items += sum(map(len, parsed["Responses"].values()))
        heard.read_units += _read_units(model.name, context["bench"], parsed)
        if model.name in {"SendEmail", "SendMessageBatch"}:
            heard.asked[model.name].append((context["bench"], parsed))

    with hearing(("before-parameter-build", asks), ("before-parse", answered), ("after-call", done)):
        yield heard


@contextmanager
def hearing(*ears: tuple[str, Callable[..., None]]) -> Iterator[None]:
    """Have every session opened within this context report some events of botocore, which passes handlers to each."""
    handlers.BUILTIN_HANDLERS.extend(ears)
    try:
        yield
    finally:
        for ear in ears:
            handlers.BUILTIN_HANDLERS.remove(ear)
