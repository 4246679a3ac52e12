"""What strangers see of a customer's mail: a status for each domain, and one for all of them."""

from collections.abc import Mapping
from enum import StrEnum

from mxtrax.frozen import dataclass
from mxtrax.rules.status import FAILING, Status


class PublicStatus(StrEnum):
    """The status of mail for strangers, the worst first. UNKNOWN: the fault may be the monitor's own."""

    DOWN = "down"
    SLOW = "slow"
    UNKNOWN = "unknown"
    SETUP = "setup"
    MAINTENANCE = "maintenance"
    OK = "ok"


def of_domain(status: Status, *, maintenance: bool, doubtful: bool, silent: bool) -> PublicStatus:
    """Give a domain's public status: one that is only suspect is OK to strangers.

    `maintenance`: it is in it now; `doubtful`: its failing may be the monitor's own fault; `silent`: no tests are sent.
    """
    if maintenance or status is Status.PAUSED:
        return PublicStatus.MAINTENANCE
    if status is Status.SETUP:
        return PublicStatus.SETUP
    if silent or (doubtful and status in FAILING):
        return PublicStatus.UNKNOWN
    return PublicStatus(status.word) if status in FAILING else PublicStatus.OK


@dataclass(frozen=True, slots=True)
class Summary:
    """The status of a customer's mail: this many of its domains are as bad as the worst."""

    status: PublicStatus
    concerned: int
    domains: int

    @property
    def sentence(self) -> str:
        """The page's headline."""
        match self.status:
            case PublicStatus.DOWN | PublicStatus.SLOW if self.domains == 1:
                return f"Mail is {self.status}"
            case PublicStatus.DOWN | PublicStatus.SLOW:
                verb = "is" if self.concerned == 1 else "are"
                return f"{self.concerned:,} of {counted(self.domains)} {verb} {self.status}"
            case PublicStatus.UNKNOWN:
                return "Not known at the moment: the monitor itself has a problem"
            case PublicStatus.MAINTENANCE:
                return "In maintenance"
            case PublicStatus.SETUP:
                return "Not tested yet"
            case PublicStatus.OK:
                return "Mail is working"

    @property
    def short(self) -> str:
        """What a badge says."""
        match self.status:
            case PublicStatus.DOWN | PublicStatus.SLOW if self.domains == 1:
                return str(self.status)
            case PublicStatus.DOWN | PublicStatus.SLOW:
                return f"{self.concerned:,} of {self.domains:,} {self.status}"
            case PublicStatus.UNKNOWN:
                return "not known"
            case PublicStatus.MAINTENANCE:
                return "maintenance"
            case PublicStatus.SETUP:
                return "not tested yet"
            case PublicStatus.OK:
                return "working"


def summary_of(counts: Mapping[PublicStatus, int], domains: int) -> Summary:
    """Give the status of a customer's mail, from the number of its domains by status."""
    there = [it for it in PublicStatus if counts.get(it)]
    worst = there[0] if there else PublicStatus.SETUP
    if worst in {PublicStatus.SETUP, PublicStatus.MAINTENANCE} and PublicStatus.OK in there:
        worst = PublicStatus.OK
    return Summary(worst, counts.get(worst, 0), domains)


def counted(number: int) -> str:
    """Count domains: 1 domain, 2 domains."""
    return f"{number:,} domain" if number == 1 else f"{number:,} domains"
