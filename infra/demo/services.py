"""The chat and the pager of the demonstration: doubles of Slack and PagerDuty, and what these have accepted."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mxtrax.edge import clock
from infra.demo.captured_alerts import CLOSED, OPENED, Message
from infra.demo.checks import Check
from infra.local.deploy import STACK
from infra.local.doubles.server import Call, Doubles
from mxtrax.admin import channels
from mxtrax.admin.actor import Actor
from mxtrax.model import ChannelKind, Door
from mxtrax.runtime.environment import Settings

HOSTS: Final[Mapping[ChannelKind, str]] = {
    ChannelKind.SLACK: "hooks.slack.com",
    ChannelKind.PAGERDUTY: "events.pagerduty.com",
}
_TOLD: Final = {
    ChannelKind.SLACK: {"url": "https://hooks.slack.com/services/T000/B000/XXXX"},
    ChannelKind.PAGERDUTY: {"routing_key": "0" * 32},
}
_KEY: Final = "mxtrax-{}"
"""PagerDuty's key for an incident."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many openings and ends a service has accepted, and how many it has refused. A pager counts an incident once."""

    kind: str
    opened: int
    resolved: int
    refused: int


def add() -> None:
    """Add both channels, as people do."""
    settings = Settings(tables="", secrets=f"/mxtrax/{STACK}/channel")
    actor = Actor(name="demo", door=Door.COMMAND_LINE)
    for kind, told in _TOLD.items():
        channels.add(actor, clock(), settings, kind, {"settings": told})


def taken(services: Doubles) -> tuple[Taken, ...]:
    """Count what each has accepted and refused."""
    return tuple(_taken(kind, [it for it in services.calls if it.asked.host == host]) for kind, host in HOSTS.items())


def _taken(kind: ChannelKind, calls: Sequence[Call]) -> Taken:
    refused = sum(it.said.status >= 400 for it in calls)
    return Taken(str(kind), len(_keys(calls, "opened")), len(_keys(calls, "resolved")), refused)


def _keys(calls: Iterable[Call], what: str) -> set[str]:
    """Name the incidents of a kind of call; if a service has no key for them, each call counts as one."""
    return {_body(it).get("dedup_key", str(number)) for number, it in enumerate(calls) if it.said.took == what}


def _body(it: Call) -> Mapping[str, str]:
    body: Mapping[str, str] = json.loads(it.asked.body)
    return body


def checks(services: Doubles, messages: Iterable[Message]) -> tuple[Check, ...]:
    """Check that both have accepted what the topic has: the beginning of each incident, and its end."""
    known = list(messages)
    return _chat(services, known), _pager(services, known)


def _chat(services: Doubles, messages: Iterable[Message]) -> Check:
    posts = services.took(HOSTS[ChannelKind.SLACK])
    said = " ".join(it.asked.body.decode() for it in posts)
    wanted = {it.customer for it in messages if it.customer}
    unsaid = sorted(name for name in wanted if name not in said)
    refused = taken(services)[0].refused
    return Check(
        "Slack received a message about every customer in an alert.",
        bool(wanted) and not unsaid and not refused,
        f"{len(posts)} accepted, {refused} refused" + (f", nothing about {', '.join(unsaid)}" if unsaid else ""),
    )


def _pager(services: Doubles, messages: Sequence[Message]) -> Check:
    calls = services.took(HOSTS[ChannelKind.PAGERDUTY])
    opened, ended = ({_KEY.format(it.incident) for it in messages if it.notice == kind} for kind in (OPENED, CLOSED))
    right = bool(opened) and _keys(calls, "opened") == opened and _keys(calls, "resolved") == ended
    refused = taken(services)[1].refused
    return Check(
        "PagerDuty has one incident for each of ours, open for as long as ours.",
        right and not refused,
        f"{len(_keys(calls, 'opened'))} of {len(opened)} opened, {len(_keys(calls, 'resolved'))} of {len(ended)} "
        f"resolved, {refused} refused",
    )
