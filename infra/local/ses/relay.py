"""Outbound: each recipient's server is tried until it accepts the mail, rejects it, or the retry time is over."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from infra.local.clockwork import Clockwork
from infra.local.ses.events import REPORTING_MTA
from infra.local.ses.sending import Outcome, Sending
from infra.local.smtp import Place, Reply, hand_over

_THREADS: Final = 16


@dataclass(frozen=True, slots=True)
class Routes:
    """Which server accepts a domain's mail. `everything` overrides `domains`, except for the inbox's own domain, `ours`."""

    domains: Mapping[str, Place]
    everything: Place | None = None
    ours: str = ""

    def to(self, recipient: str) -> Place | None:
        """Give the server for a recipient; None if its domain has none."""
        domain = recipient.rpartition("@")[2].lower()
        return self.domains.get(domain) if domain == self.ours or self.everything is None else self.everything


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a mail is retried at a server that defers it: the pauses before each further try, in seconds.

    SES itself retries for 14 hours. A delay of more than `tell_after` seconds is reported, once.
    """

    pauses: tuple[float, ...] = (5.0, 10.0, 30.0, 60.0, 300.0, 900.0)
    tell_after: float = 0.0

    @property
    def total(self) -> float:
        """Give the seconds after which the relay gives up."""
        return sum(self.pauses)


@dataclass(frozen=True, slots=True)
class Told:
    """What the relay calls with the outcome of a recipient."""

    delivered: Callable[[Outcome], None]
    delayed: Callable[[Outcome], None]
    refused: Callable[[Outcome], None]
    expired: Callable[[Outcome], None]


class Relay:
    """Delivers mails in threads. `envelope_sender` gives each sending an address of its own (VERP)."""

    def __init__(
        self, routes: Routes, patience: Patience, told: Told, envelope_sender: Callable[[Sending], str]
    ) -> None:
        self._routes, self._patience, self._told = routes, patience, told
        self._envelope_sender = envelope_sender
        self._clockwork = Clockwork("ses relay", _THREADS)

    def take(self, sending: Sending, recipient: str) -> None:
        """Accept a mail for one recipient; the first try starts at once."""
        self._clockwork.after(0, lambda: self._try(sending, recipient, 0, told=False))

    def stop(self) -> None:
        """End; undelivered mails are lost."""
        self._clockwork.stop()

    def _try(self, sending: Sending, recipient: str, tries: int, *, told: bool) -> None:
        place = self._routes.to(recipient)
        if place is None:
            reply = Reply(0, "4.4.4 Unable to lookup DNS for " + recipient.rpartition("@")[2])
        else:
            reply = hand_over(place, REPORTING_MTA, self._envelope_sender(sending), recipient, sending.content)
        outcome = Outcome(sending, recipient, reply, time.time(), place.host if place else "")
        if reply.taken:
            self._told.delivered(outcome)
        elif not reply.passing:
            self._told.refused(outcome)
        elif tries >= len(self._patience.pauses):
            self._told.expired(outcome)
        else:
            if not told and outcome.at - sending.accepted >= self._patience.tell_after:
                self._told.delayed(outcome)
                told = True
            again = tries + 1
            self._clockwork.after(self._patience.pauses[tries], lambda: self._try(sending, recipient, again, told=told))
