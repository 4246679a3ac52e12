"""What is seen of a play: the tests that went out, what people were told, and when."""

from collections import Counter
from dataclasses import dataclass, field

from infra.simulation.model import Mail, Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice of one incident, by one channel (`mail`, `topic`). `mail` is the id of the test that it rests on.

    `kind` is what the product calls the first one, a reminder, the closing one.
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
    """One alert mail: when it went out, and of which incidents it told, and by which kind of notice."""

    at: Millis
    incidents: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Played:
    """What came of a play. `dropped` and `untold` count incidents, `counted` sums the days' figures, `cpu` is seconds."""

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
        """Note a test that SES took."""
        self.mails[mail.id] = mail
        self.by_domain.setdefault(mail.domain, []).append(mail)
