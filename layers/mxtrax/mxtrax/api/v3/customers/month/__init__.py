"""A customer's month, as it is reported to them."""

from http import HTTPStatus
from typing import Final

from mxtrax.admin import month as use_cases
from mxtrax.admin.customers import known
from mxtrax.admin.settings import current
from mxtrax.api.fields import Text
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Duration, Time, of
from mxtrax.api.v3 import customers
from mxtrax.api.v3.stats import MoreFigures, figures_of
from mxtrax.frozen import dataclass
from mxtrax.model import Cause, Config, Customer, Incident
from mxtrax.rules.explanation import in_words
from mxtrax.rules.month import Minutes, Month, OfDomain, is_slow
from mxtrax.rules.statistics import sum_of

PATH: Final = f"{customers.PATH}/<codename>/month"
router: Final = Router("Figures")

QUERY: Final = {"month": Text(shortest=7, longest=7, note="Such as 2026-11; by default the current month.")}


@dataclass(frozen=True, kw_only=True)
class MonthTime:
    """How the time was spent, in seconds. Time that was left out or not measured is not counted."""

    availability_percent: float | None
    counted: Duration
    down: Duration
    allowed: Duration
    slow: Duration
    left_out: Duration
    unmeasured: Duration


@dataclass(frozen=True, kw_only=True)
class MonthOfDomain:
    """A domain's month."""

    domain_id: int
    address: str
    incidents: int
    time: MonthTime
    figures: MoreFigures


@dataclass(frozen=True, kw_only=True)
class MonthIncident:
    """An incident of a month: `slow` if mail still came back, too late."""

    id: str
    address: str
    opened: Time
    closed: Time | None
    lasted: Duration
    slow: bool
    cause: Cause | None
    why: str | None


@dataclass(frozen=True, kw_only=True)
class MonthLeftOut:
    """A stretch that is not counted: maintenance, or a fault of our own. `target` is null if it applies to all."""

    start: Time
    end: Time
    ours: bool
    target: str | None


@dataclass(frozen=True, kw_only=True)
class MonthReport:
    """A customer's month by the clock of `zone`, up to `until`. Days of figures are in UTC."""

    codename: str
    friendlyname: str
    month: str
    zone: str
    start: Time
    until: Time
    target_percent: float
    time: MonthTime
    figures: MoreFigures
    domains: tuple[MonthOfDomain, ...]
    incidents: tuple[MonthIncident, ...]
    left_out: tuple[MonthLeftOut, ...]


@router.route(
    f"GET {PATH}", "getCustomerMonth", query=QUERY, gives=MonthReport, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)
)
def show(request: Request, codename: str) -> MonthReport:
    """Show a customer's month: how long mail could be received, the incidents, and what is excluded and why."""
    found, whose, config = asked(request, codename)
    target = config.target_percent
    return MonthReport(
        codename=whose.codename,
        friendlyname=whose.friendlyname,
        month=found.name,
        zone=config.timezone,
        start=found.period.start,
        until=found.period.end,
        target_percent=target,
        time=_time(found.minutes, target),
        figures=figures_of(sum_of(it.figures for it in found.domains)),
        domains=tuple(_domain(it, target) for it in found.domains),
        incidents=tuple(_incidents(found)),
        left_out=tuple(of(MonthLeftOut, it) for it in found.left_out),
    )


def asked(request: Request, codename: str) -> tuple[Month, Customer, Config]:
    """Read the month that is asked for, by the clock of the settings; both come with whose it is."""
    config, whose = current(request.settings), known(request.caller, codename)
    return use_cases.read(request.now, whose, request.query.get("month", ""), config.timezone), whose, config


def _time(it: Minutes, target: float) -> MonthTime:
    share = it.availability
    rounded = None if share is None else round(share, 4)
    return of(MonthTime, it, availability_percent=rounded, allowed=it.allowed(target))


def _domain(it: OfDomain, target: float) -> MonthOfDomain:
    return MonthOfDomain(
        domain_id=it.domain.id,
        address=it.domain.address,
        incidents=len(it.incidents),
        time=_time(it.minutes, target),
        figures=figures_of(it.figures),
    )


def _incidents(month: Month) -> list[MonthIncident]:
    """Give the incidents of all domains in the order in which they began."""
    found = sorted(
        ((it, of_domain.domain.address) for of_domain in month.domains for it in of_domain.incidents),
        key=lambda each: each[0].opened,
    )
    return [_incident(it, address, month) for it, address in found if it.dropped is None]


def _incident(it: Incident, address: str, month: Month) -> MonthIncident:
    lasted = (it.closed or month.period.end) - it.opened
    return of(MonthIncident, it, address=address, lasted=lasted, slow=is_slow(it), why=in_words(it.cause, it.reason))
