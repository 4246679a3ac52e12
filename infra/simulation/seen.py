"""What is observed in a play: the tests that went out, and the notices with their times."""

from collections import Counter
from dataclasses import dataclass, field

from infra.simulation.model import Mail, Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice of one incident, on one channel (`mail`, `topic`). `mail` is the id of the test that it is based on.

    `kind` is the product's word for the first one, a reminder, the closing one.
    """

    channel: str
    at: Millis
    incident: str
    kind: str
    domain: str
    cause: str
    mail: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Mailed:
    """One alert mail: when it was sent, and its incidents with their kinds of notice."""

    at: Millis
    incidents: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Played:
    """A play's result. `dropped` and `untold` count incidents, `counted` sums the days' figures, `cpu` is in seconds."""

    mails: dict[str, Mail] = field(default_factory=dict)
    by_domain: dict[str, list[Mail]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    mailed: list[Mailed] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    counted: dict[str, int] = field(default_factory=dict)
    dropped: int = 0
    untold: int = 0
    cpu: float = 0.0

    def took(self, mail: Mail) -> None:
        """Record a test that SES accepted."""
        self.mails[mail.id] = mail
        self.by_domain.setdefault(mail.domain, []).append(mail)
