"""SES's events about an outgoing mail: a few seconds later, sometimes much later, sometimes never."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from infra.simulation.model import SECOND, Domain, Mail, Millis

type Detail = dict[str, Any]

OWN_SERVER: Final = "a8-70.smtp-out.eu-west-1.amazonses.com"
OWN_ADDRESS: Final = "54.240.8.70"
MEMBER: Final = {"Delivery": "delivery", "DeliveryDelay": "deliveryDelay", "Bounce": "bounce"}
"""The key of the detail in each kind of event."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: when we get it, its kind, when it happened, and its detail in SES's words."""

    told: Millis
    kind: str
    at: Millis
    detail: Detail


@dataclass(slots=True)
class Teller:
    """SES, reporting on one mail. `postponed` gives when an event that is due at a moment is finally published."""

    mail: Mail
    luck: Random
    postponed: Callable[[Millis], Millis]
    events: list[Event] = field(default_factory=list)

    def delivered(self, at: Millis, domain: Domain | None) -> None:
        """Report that their server accepted it."""
        self.mail.delivered = at
        server = domain.address if domain else "10.0.0.1"
        detail = {
            "smtpResponse": "250 2.0.0 Ok: queued as 4F2A",
            "remoteMtaIp": server,
            "recipients": [self.mail.domain],
            "reportingMTA": OWN_SERVER,
        }
        self._tell(at, "Delivery", detail)

    def greylisted(self, at: Millis, words: str, until: Millis) -> None:
        """Report a greylisting at once, after some minutes, or not at all."""
        luck = self.luck.random()
        if luck > 0.8:
            return
        if luck > 0.5:
            at += self.luck.randint(120, 600) * SECOND
            if at > until:
                return
        self._delayed(at, "General", "4.2.0", words, sure=False)

    def unreachable(self, at: Millis, words: str) -> None:
        """Report that there is no connection to their server."""
        self.luck.random()  # Drawn for nothing, or a seed would not give what it has always given.
        self._delayed(at, "TransientCommunicationFailure", "4.4.1", words, sure=True)

    def bounced(self, at: Millis, status: str, words: str, kind: str = "Permanent") -> None:
        """Report a bounce."""
        recipient = {
            "emailAddress": self.mail.domain,
            "status": status,
            "diagnosticCode": words,
            "action": "failed",
        }
        detail = {
            "bounceType": kind,
            "bounceSubType": "General",
            "bouncedRecipients": [recipient],
            "feedbackId": f"f-{self.mail.id}",
        }
        self._tell(at, "Bounce", detail, sure=True)
        self.mail.bounced = self.mail.heard["Bounce"]

    def _delayed(self, at: Millis, kind: str, status: str, words: str, *, sure: bool) -> None:
        recipient = {"emailAddress": self.mail.domain, "status": status, "diagnosticCode": words}
        self._tell(at, "DeliveryDelay", {"delayType": kind, "delayedRecipients": [recipient]}, sure=sure)

    def _tell(self, at: Millis, kind: str, detail: Detail, *, sure: bool = False) -> None:
        luck, wait = self.luck.random(), 1 + self.luck.expovariate(0.5)
        if luck < 0.005 and not sure:
            return
        if luck < 0.025:
            wait += self.luck.uniform(30, 900)
        told = self.postponed(at + round(wait * SECOND))
        self.mail.heard.setdefault(kind, told)
        self.events.append(Event(told, kind, at, detail))
