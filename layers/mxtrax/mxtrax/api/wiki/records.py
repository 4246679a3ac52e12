"""What records of the wiki look like: its fields first, under its names, in its order; additions after them."""

from datetime import date
from typing import Final

from mxtrax import model
from mxtrax.api.figures import Additions, percentiles
from mxtrax.api.schema import Day, Duration, Time, of
from mxtrax.frozen import dataclass
from mxtrax.model import DomainHealth, State
from mxtrax.rules.statistics import all_done
from mxtrax.rules.status import Status, status_of

MAILDOMAINS: Final = "/api/v2/maildomain/"
STATS: Final = "/api/v1/stat/"

EPOCH: Final = date(1970, 1, 1)
DAYS: Final = 100_000
"""A stat's id is its domain's id times this, and the days since 1970."""


@dataclass(frozen=True, kw_only=True)
class MailDomain:
    """A domain."""

    domainname: str
    failing: bool
    id: int
    maintmode: bool
    resource_uri: str
    testuser: str
    customer: str | None
    status: Status
    since: Time | None


@dataclass(frozen=True, kw_only=True)
class _Stat:
    """A day of a domain, as the wiki has it."""

    all_done: bool
    d: Day
    domain: MailDomain
    fail_num: int
    id: int
    late_num: int
    max_delivery_time: Duration | None
    min_delivery_time: Duration | None
    ontime_num: int
    resource_uri: str
    total_delivery_time: Duration
    total_num: int


@dataclass(frozen=True, kw_only=True)
class Stat(Additions, _Stat):
    """A day of a domain."""


def maildomain(domain: model.MailDomain, health: DomainHealth) -> MailDomain:
    """Show a domain."""
    return of(
        MailDomain,
        domain,
        health,
        failing=health.state is State.FAILING,
        resource_uri=f"{MAILDOMAINS}{domain.id}/",
        status=status_of(health, maintmode=domain.maintmode),
    )


def stat(day: model.Stat, domain: model.MailDomain, health: DomainHealth, today: date) -> Stat:
    """Show a day of a domain."""
    number = stat_id(domain.id, day.d)
    return of(
        Stat,
        day,
        all_done=all_done(day, today),
        domain=maildomain(domain, health),
        id=number,
        resource_uri=f"{STATS}{number}/",
        **percentiles(day),
    )


def stat_id(domain: int, d: str) -> int:
    """Give the number of a day of a domain."""
    return domain * DAYS + (date.fromisoformat(d) - EPOCH).days


def of_stat_id(number: int) -> tuple[int, str]:
    """Give the domain's id and the day that a stat's id stands for."""
    domain, days = divmod(number, DAYS)
    return domain, date.fromordinal(EPOCH.toordinal() + days).isoformat()
