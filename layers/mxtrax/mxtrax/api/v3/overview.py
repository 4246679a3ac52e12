"""The whole fleet at a glance, in one request."""

from dataclasses import dataclass
from typing import Any, Final

from mxtrax.admin.settings import current
from mxtrax.api import paging
from mxtrax.api.public.health import Ages, ages, trouble
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Time
from mxtrax.api.v3 import maildomains
from mxtrax.api.v3.maildomains import records
from mxtrax.model import Incident
from mxtrax.model.moments import iso
from mxtrax.rules.status import Status
from mxtrax.store import customers, fleet_queries

PATH: Final = "/api/v3/overview"
router: Final = Router("Overview")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many domains have each status."""

    down: int
    slow: int
    suspect: int
    setup: int
    ok: int
    paused: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A problem of the monitor itself, and what says so."""

    since: Time
    evidence: str


@router.route(
    f"GET {PATH}",
    query={**maildomains.FILTERS, **paging.PAGING},
    gives=paging.list_of(
        records.DomainRow,
        counts=Counts,
        ages=Ages,
        now=Time,
        interval_minutes=int,
        monitor_fault=Trouble | None,
        storm=Trouble | None,
    ),
)
def overview(request: Request) -> dict[str, Any]:
    """Show how many domains have each status, how the monitor itself is, and a page of domains, the worst first.

    The counts are of all domains, or of the customer's that is asked for; the other filters are for the page alone.
    """
    found, follows = maildomains.page(request)
    whose = customers.by_codenames(it.customer for it, _ in found)
    rows = [records.row(it, known, whose.get(it.customer)) for it, known in found]
    fault, storm = trouble()
    return paging.listed(
        request,
        PATH,
        rows,
        follows,
        counts=counts(request),
        ages=ages(request.now),
        now=iso(request.now),
        interval_minutes=current(request.settings).interval_minutes,
        monitor_fault=_trouble(fault),
        storm=_trouble(storm),
    )


def counts(request: Request) -> Counts:
    """Count the domains that may be seen by their status."""
    view = maildomains.view_of(request)
    found = fleet_queries.counts(view.customer) if view else dict.fromkeys(Status, 0)
    return Counts(**{it.word: number for it, number in found.items()}, total=sum(found.values()))


def _trouble(trouble: Incident | None) -> Trouble | None:
    return Trouble(since=trouble.opened, evidence=trouble.evidence) if trouble else None
