"""The days of a domain."""

from http import HTTPStatus
from typing import Final

from mxtrax.api import days
from mxtrax.api.routing import Request, Router
from mxtrax.api.v3 import maildomains, stats
from mxtrax.store.stats import of_domain as days_of

router: Final = Router("Figures")


@router.route(
    "GET /api/v3/maildomains/<number>/stats",
    "getDomainStats",
    query=days.fields(stats.DEFAULT_DAYS),
    gives=stats.Stats,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def of_domain(request: Request, number: str) -> stats.Stats:
    """Show a domain's days and their total."""
    domain = maildomains.known(request, number)
    first, last = days.asked(request, stats.MOST_DAYS, stats.DEFAULT_DAYS)
    return stats.shown(first, last, list(days_of(domain.key, first, last)))
