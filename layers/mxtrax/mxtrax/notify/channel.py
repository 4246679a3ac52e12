"""What every channel is: it knows whom it notifies, and how."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Protocol

from mxtrax.frozen import dataclass
from mxtrax.model import MONITOR, Config, Customer, Incident, Millis, Notice, Severity
from mxtrax.report.figures import Line
from mxtrax.rules.severity import severity_of
from mxtrax.runtime.environment import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Somebody, or something, that a channel notifies.

    `id` is recorded in an incident once this target has accepted its notice, `name` is what people read. It gets
    incidents of its `customers` and `domains` that have one of its `severities`; None means everything, including the
    monitor itself. If people read it, notices of one cause are gathered (rules/grouping.py); machines get each one
    separately and at once. The second list also gets what nobody has acknowledged in time. A target that people have
    added only gets the ends of incidents that it got before; until `not_before` it is left alone, because it fails.
    """

    id: str
    name: str
    customers: frozenset[str] | None = None
    severities: frozenset[Severity] | None = None
    domains: frozenset[str] | None = None
    gathers: bool = False
    second: bool = False
    added: bool = False
    not_before: Millis = 0

    def wants(self, incident: Incident) -> bool:
        """Say whether it gets an incident. That it does not work itself is reported to the others."""
        if incident.id == f"channel-{self.id.rpartition(':')[2]}":
            return False
        if self.added and incident.closed is not None:
            return self.id in incident.told
        if self.second and incident.escalated is not None:
            return True
        if self.customers is not None and (incident.maildomain == MONITOR or incident.customer not in self.customers):
            return False
        if self.domains is not None and incident.maildomain != MONITOR and incident.maildomain not in self.domains:
            return False
        return self.severities is None or severity_of(incident) in self.severities


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What all notices of one run have in common.

    `lines` gives the report's lines, for these customers' domains or for all; only a channel that shows them calls it.
    """

    now: Millis
    config: Config
    settings: Settings
    customers: Mapping[str, Customer]
    lines: Callable[[Collection[str] | None], Sequence[Line]]


type Sent = tuple[Notice, str]
"""A notice, and what went wrong with it; empty if it was accepted."""


class Channel(Protocol):
    """One way for notices to go out."""

    @property
    def name(self) -> str:
        """What people call it."""

    def lacks(self) -> str:
        """Say what is missing before it can notify anybody; empty if it is ready."""

    def targets(self, config: Config, customers: Mapping[str, Customer]) -> Sequence[Target]:
        """Give all its targets, each once."""

    def send(self, target: Target, notices: Sequence[Notice]) -> Iterator[Sent]:
        """Send notices to a target, together or one by one, and give the outcome of each as soon as it is known.

        The caller records what was accepted before the next one goes out, so that nothing is sent twice needlessly.
        """
