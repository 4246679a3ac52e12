"""What every inbox does: list what has come in, read it, delete it, and set it aside."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Protocol

from mxtrax.frozen import dataclass
from mxtrax.model import Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A mail in an inbox: its id there, when our side accepted it, and what is known about it before it is read.

    `headers` are None if the inbox knows none, or not all of them. `verdicts` are those of the server that accepted it
    for us: spf, dkim and others. `tries` counts how often a sweep has begun to account for it, `failures` how often
    that failed; the difference is how many sweeps it killed.
    """

    id: str
    at: Millis
    headers: tuple[tuple[str, str], ...] | None = None
    recipients: tuple[str, ...] = ()
    verdicts: Mapping[str, str] = field(default_factory=dict)
    tries: int = 0
    failures: int = 0

    @property
    def sweeps_ended(self) -> int:
        """How many sweeps it has killed, by being too slow or too large to read."""
        return self.tries - self.failures


class Inbox(Protocol):
    """Mail that has come in and is not accounted for yet."""

    @property
    def where(self) -> str:
        """Where it is, as people write it."""

    @property
    def grace(self) -> Millis:
        """How long a mail is left to the function that was called when it came in; after that, a sweep takes it."""

    def arrivals(self, until: Millis) -> Iterator[Arrival]:
        """List the mails that came in until then and are still here."""

    def read(self, arrival: Arrival) -> bytes | None:
        """Read a mail; None if it is gone, which means that it has been accounted for."""

    def attempt(self, arrival: Arrival) -> None:
        """Record that a sweep is about to read a mail: a sweep that the mail kills can record nothing any more."""

    def failed(self, arrival: Arrival) -> None:
        """Record that this attempt has failed, and that the sweep goes on."""

    def done(self, arrival: Arrival) -> None:
        """Delete a mail that is accounted for; if it is gone, this changes nothing."""

    def set_aside(self, arrival: Arrival, why: str, most: int | None = None) -> bool:
        """Keep a mail for people to look at, or its first bytes if it has more than `most`. False if it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that was set aside: its id here, when it came in, why it is here, and its first bytes."""

    id: str
    at: Millis
    why: str
    head: bytes


class Aside(Protocol):
    """Mail that was set aside, for people to look at."""

    def latest(self, skip: int, limit: int) -> tuple[list[Letter], bool]:
        """List mails, the latest first, and say whether there are more."""

    def read(self, number: str) -> bytes | None:
        """Read a mail; None if it is gone."""

    def has(self, number: str) -> bool:
        """Say whether a mail is here."""

    def delete(self, numbers: Iterable[str]) -> None:
        """Delete mails for good; it is no error if they are gone."""
