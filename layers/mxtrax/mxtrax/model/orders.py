"""What one job orders of another: the messages of the queues, and how they are written and read.

Both sides share only this module. While a new version is deployed, one side may be older than the other: unknown fields
are ignored, and missing ones get their default. So a new field has a default, and an old one keeps its meaning.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from mxtrax.frozen import dataclass
from mxtrax.model.moments import Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class TestOrder:
    """One test: all that `send` must know about it. `name` is the customer's; the times are seconds."""

    testid: str
    maildomain: str
    to: str
    name: str = ""
    maxreturntime: int
    max_sec_until_fail: int
    returns_bounce: bool = False
    early_mark: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBatch:
    """From plan to send: tests that go out together. What is not `in_time` is written down as unsent instead.

    `planned` is when they are to go out; 0 if nobody says.
    """

    sender: str
    keep_days: int
    planned: Millis = 0
    in_time: bool = True
    tests: tuple[TestOrder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldOrder:
    """To aggregate: fold what is due in these shards, and what is back before it is due, unless `due_only` is set.

    Where `ahead` is set, order what falls due before the next fold, too.
    """

    shards: tuple[int, ...]
    ahead: bool = False
    due_only: bool = False


NAMES_PER_ORDER: Final = 50
"""Domains that one worker of observe looks up at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObserveOrder:
    """From plan and aggregate to observe: look up whose servers accept the mail of these domains, by their keys."""

    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """To alert: an incident has opened or closed, an alert mail has come back, or our own inbox is said to refuse a test.

    `tries` counts how often another worker was running.

    `returned` is the address that did not get the mail of the run of `sent`, `why` is what its server said.

    `named_by` is the domain whose server said, at `sent`, that our own inbox refuses what it sends back.
    """

    tries: int = 0
    returned: str = ""
    sent: Millis = 0
    why: str = ""
    named_by: str = ""


type Message = SendBatch | FoldOrder | ObserveOrder | Wake
"""All messages in the queues between jobs."""


def to_json(message: Message) -> str:
    """Write a message for its queue."""
    return json.dumps(message, default=_parts, separators=(",", ":"))


def from_json[M: Message](kind: type[M], text: str) -> M:
    """Read a message of this kind. Raises TypeError if a required field is missing."""
    values = json.loads(text)
    if "tests" in values:
        values["tests"] = [_made(TestOrder, each) for each in values["tests"]]
    return _made(kind, values)


def _parts(it: Any) -> dict[str, Any]:  # noqa: ANN401 -- any of the dataclasses above
    return {each.name: getattr(it, each.name) for each in fields(it)}


def _made[M: Message | TestOrder](kind: type[M], values: Mapping[str, Any]) -> M:
    known = {each.name for each in fields(kind)}
    given: dict[str, Any] = {
        name: tuple(it) if isinstance(it, list) else it for name, it in values.items() if name in known
    }
    return kind(**given)
