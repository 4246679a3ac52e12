"""The hours of a domain."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import days
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Time, of, record, several
from mxtrax.api.v3 import maildomains
from mxtrax.frozen import dataclass
from mxtrax.model import HOUR, SECOND, Millis, Stat
from mxtrax.store import stats

MOST_DAYS: Final = 31
DEFAULT_DAYS: Final = 6

router: Final = Router("Figures")


@dataclass(frozen=True, kw_only=True)
class Hour:
    """The tests that were sent in an hour. What fell into maintenance is in `quiet` alone."""

    at: Time
    ontime: int
    late: int
    missed: int
    unsent: int
    quiet: int
    total: int


@router.route(
    "GET /api/v3/maildomains/<number>/hours",
    "getDomainHours",
    query=days.fields(DEFAULT_DAYS),
    gives=record(items=several(Hour)),
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def hours_of_domain(request: Request, number: str) -> dict[str, Any]:
    """Count a domain's tests by the hour they were sent (UTC); hours without tests are left out."""
    domain = maildomains.known(request, number)
    first, last = days.asked(request, MOST_DAYS, DEFAULT_DAYS)
    found = stats.of_domain(domain.key, first, last)
    return {"items": [of(Hour, day.hours[hour], at=_at(day, hour)) for day in found for hour in sorted(day.hours)]}


def _at(day: Stat, hour: int) -> Millis:
    """Give the moment at which an hour of a day begins."""
    midnight = datetime.fromisoformat(day.d).replace(tzinfo=UTC)
    return round(midnight.timestamp()) * SECOND + hour * HOUR
