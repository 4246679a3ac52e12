"""The status of a domain, and how urgently it needs attention: one number, so that an index lists the worst first.

Urgency goes by status first; within one status, the latest change comes first.
"""

from enum import IntEnum
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import DomainHealth, State, Verdict

_STEP: Final = 10**13
"""Urgencies of one status: more than there are milliseconds until the year 2286."""


class Status(IntEnum):
    """What people see of a domain, the worst first. SUSPECT: tested more often after a miss, and no limit is exceeded."""

    DOWN = 0
    SLOW = 1
    SUSPECT = 2
    SETUP = 3
    OK = 4
    PAUSED = 5

    @property
    def word(self) -> str:
        """The word that people, tables and machines use."""
        return self.name.lower()


STATUSES: Final = {status.word: status for status in Status}
"""Each status by its word."""

FAILING: Final = (Status.DOWN, Status.SLOW)
"""The statuses of a domain that exceeds its limits."""


def status_of(health: DomainHealth, *, maintmode: bool) -> Status:
    """Give a domain's status."""
    if maintmode:
        return Status.PAUSED
    match health.state:
        case State.SETUP:
            return Status.SETUP
        case State.FAILING if health.trouble_from:
            return Status.SLOW if _mostly_late(health) else Status.DOWN
        case State.FAILING:
            return Status.SUSPECT
        case State.OK:
            return Status.SUSPECT if health.retest else Status.OK


def urgency(health: DomainHealth, *, maintmode: bool) -> int:
    """Give a domain's urgency; the lowest number is the most urgent."""
    return status_of(health, maintmode=maintmode) * _STEP + max(0, _STEP - 1 - health.since)


@dataclass(frozen=True, slots=True)
class Listing:
    """A domain's place in the lists of the fleet: its urgency, which gives its status, and what plan must know.

    That is who runs its mail server, and its early mark in seconds (evidence.py), 0 before it was ever judged.
    """

    urgency: int
    provider: str = ""
    early_mark: int = 0

    @property
    def status(self) -> str:
        """The word of its status."""
        return word_of(self.urgency)


def listing_of(health: DomainHealth, *, maintmode: bool) -> Listing:
    """Give a domain's place in the lists, from what is known about it."""
    return Listing(urgency(health, maintmode=maintmode), health.provider, health.early_mark)


def listing_of_new(*, maintmode: bool = False) -> Listing:
    """Give the place in the lists of a domain about which nothing is known."""
    return listing_of(DomainHealth(maildomain=""), maintmode=maintmode)


def urgencies(wanted: Status) -> tuple[int, int]:
    """Give the lowest and the highest urgency of a status."""
    return wanted * _STEP, (wanted + 1) * _STEP - 1


def word_of(number: int) -> str:
    """Give the word of the status for an urgency."""
    return Status(number // _STEP).word


def since_of(number: int) -> int:
    """Give since when a domain has had the status that its urgency says; 0 if nothing is known."""
    return _STEP - 1 - number % _STEP


def _mostly_late(health: DomainHealth) -> bool:
    """Say whether most of the bad tests since the counts were wiped came back after all."""
    bad = [it.verdict for it in health.recent if it.sendtime > health.clean_from and not it.quiet]
    late, missed = bad.count(Verdict.LATE), sum(verdict.missed for verdict in bad)
    return late > missed
