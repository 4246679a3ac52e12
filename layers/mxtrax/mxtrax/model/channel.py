"""A channel that people have added: what it is, who it is for, what it gets."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from mxtrax.frozen import dataclass
from mxtrax.model.moments import Millis


class ChannelKind(StrEnum):
    """The services that notices can go out through, besides mail and topic."""

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
    """One channel.

    Its secrets are stored elsewhere (aws/secrets.py), under its `id`. `settings` are the rest of what its kind needs.
    It gets the incidents of `customer` (empty: of all) that have one of `severities` and whose domain has one of
    `tags`, if any are named; with these, always their recoveries, and reminders if it wants them.
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
    """A channel's state: when it last accepted a notice, since when and why it fails, until when it is left alone."""

    last_ok: Millis | None = None
    failing_since: Millis | None = None
    problem: str = ""
    tries: int = 0
    not_before: Millis = 0
