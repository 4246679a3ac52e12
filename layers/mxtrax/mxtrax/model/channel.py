"""A channel that people have added: what it is, whom it is for, what it is to be told."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from mxtrax.frozen import dataclass
from mxtrax.model.moments import Millis


class ChannelKind(StrEnum):
    """The services that notices can go out by, beside mail and topic."""

    WEBHOOK = "webhook"
    SLACK = "slack"
    TEAMS = "teams"
    PAGERDUTY = "pagerduty"
    OPSGENIE = "opsgenie"
    DISCORD = "discord"
    TELEGRAM = "telegram"
    NTFY = "ntfy"
    PUSHOVER = "pushover"
    AMAZON_Q = "amazon_q"
    TICKET = "ticket"


class Severity(StrEnum):
    """How bad an incident is for a customer, worst first. SETUP: the test mailbox, no outage. OURS: the monitor itself."""

    DOWN = "down"
    SLOW = "slow"
    SETUP = "setup"
    OURS = "ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelConfig:
    """One channel. What is secret of it stands elsewhere (aws/secrets.py), under its `id`.

    `settings` are what its kind needs besides. It is told of the incidents of `customer` (all where empty) that have one of
    `severities` and whose domain has one of `tags`, each where any are named; of those, recoveries always, and reminders
    where it wants them.
    """

    id: str
    name: str
    kind: ChannelKind
    customer: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    severities: frozenset[Severity] = frozenset()
    tags: frozenset[str] = frozenset()
    reminders: bool = True
    enabled: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """How a channel fares: when it last took a notice, since when it fails and why, and until when it is left alone."""

    last_ok: Millis | None = None
    failing_since: Millis | None = None
    problem: str = ""
    tries: int = 0
    not_before: Millis = 0
