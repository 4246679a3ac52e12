"""What every channel is: it knows whom it may notify, and how to."""

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

    `id` stands in an incident once this target has taken its notice, `name` is what people read. It gets what concerns its
    `customers`, has one of `severities` and is of one of `domains`; None stands for everything, also what concerns the
    monitor itself. Where people read it, notices of one cause are gathered (rules/grouping.py); machines get each by itself,
    and at once. The second list gets what nobody has acknowledged in time, besides its own. One that people have added is
    told of the end of what it was told of, and of no other; until `not_before` it is left alone, as it fails.
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
        """Tell whether an incident concerns it. That it does not work itself, others are told."""
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
    """What all that is sent in one run has in common.

    `lines` gives the report's lines: of these customers' domains, or of all. It is asked only by a channel that shows them.
    """

    now: Millis
    config: Config
    settings: Settings
    customers: Mapping[str, Customer]
    lines: Callable[[Collection[str] | None], Sequence[Line]]


type Sent = tuple[Notice, str]
"""A notice, and what went wrong with it; nothing if it was taken."""


class Channel(Protocol):
    """One way for notices to go out."""

    @property
    def name(self) -> str:
        """What people call it."""

    def lacks(self) -> str:
        """Say what is missing for anybody to be notified by it; nothing if it is ready."""

    def targets(self, config: Config, customers: Mapping[str, Customer]) -> Sequence[Target]:
        """Give all whom it is to notify, each once."""

    def send(self, target: Target, notices: Sequence[Notice]) -> Iterator[Sent]:
        """Send notices to a target, together or one by one, and give each as soon as it is known to be taken or not.

        The caller writes down what was taken before the next one goes out, so that nothing is sent twice without need.
        """
