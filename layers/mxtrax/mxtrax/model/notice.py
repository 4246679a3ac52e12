"""What people and machines are notified of."""

from enum import StrEnum

from mxtrax.frozen import dataclass
from mxtrax.model.fleet import Customer, MailDomain
from mxtrax.model.health import DomainHealth
from mxtrax.model.incident import Incident
from mxtrax.model.moments import Millis


class NoticeKind(StrEnum):
    """What happened to an incident since the last notice; the values are those of the message for machines."""

    OPENED = "opened"
    CHANGED = "changed"
    REMINDER = "reminder"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One incident at the moment of its notice, with what is known then about its domain.

    It is worked out once and handed to every channel. `domain` and `health` are None if the domain is gone, or where
    the incident is the monitor's own; `customer` is None if nobody is named. `joined` is how many incidents of the same
    cause the reader already knows about, if that is why it comes as `changed`. `before` is when the reader accepted the
    last notice of the incident, 0 if this is the first. A `test` is about an incident that nobody had.
    """

    kind: NoticeKind
    at: Millis
    incident: Incident
    domain: MailDomain | None = None
    customer: Customer | None = None
    health: DomainHealth | None = None
    joined: int = 0
    before: Millis = 0
    test: bool = False
