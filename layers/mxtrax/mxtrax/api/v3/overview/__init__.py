"""The whole fleet at a glance, in one request."""

from typing import Any, Final

from mxtrax.api import flags, paging
from mxtrax.api.public.health import Ages, ages, trouble
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Time
from mxtrax.api.v3 import maildomains
from mxtrax.api.v3.maildomains import records
from mxtrax.frozen import dataclass
from mxtrax.model import Incident
from mxtrax.model.moments import iso
from mxtrax.rules.status import Status
from mxtrax.store import fleet_queries
from mxtrax.store.customers import by_codenames

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
class Flagged:
    """How many of the failing domains are quiet, and how many of the others are on hold."""

    quiet: int
    held: int


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A problem of the monitor itself, and what says so."""

    since: Time
    evidence: str


@router.route(
    f"GET {PATH}",
    "getOverview",
    query={**maildomains.FILTERS, **paging.PAGING},
    gives=paging.list_of(
        records.DomainRow,
        counts=Counts,
        flagged=Flagged,
        ages=Ages,
        now=Time,
        interval_minutes=int,
        monitor_fault=Trouble | None,
        storm=Trouble | None,
    ),
)
def overview(request: Request) -> dict[str, Any]:
    """Count domains by status, show the monitor's own health, and list a page of domains, worst first.

    The counts are of all domains, or of the customer's that is asked for; the other filters are for the page alone.
    """
    found, follows = maildomains.page(request)
    whose = by_codenames(it.customer for it, _ in found)
    known_flags = flags.read(request)
    held = flags.held_among(known_flags, (known.incident for _, known in found))
    rows = [
        records.row(
            it,
            known,
            whose.get(it.customer),
            quiet_until=known_flags.quiet_until(it),
            held=known.incident in held,
        )
        for it, known in found
    ]
    fault, storm = trouble()
    return paging.listed(
        request,
        PATH,
        rows,
        follows,
        counts=counts(request),
        flagged=_flagged(request, known_flags),
        ages=ages(request.now),
        now=iso(request.now),
        interval_minutes=known_flags.config.interval_minutes,
        monitor_fault=shown(request, fault),
        storm=shown(request, storm),
    )


def counts(request: Request) -> Counts:
    """Count the domains that may be seen by their status."""
    view = maildomains.view_of(request)
    found = fleet_queries.counts(view.customer, request.now) if view else dict.fromkeys(Status, 0)
    return Counts(**{it.word: number for it, number in found.items()}, total=sum(found.values()))


def _flagged(request: Request, known: flags.Flags) -> Flagged:
    view = maildomains.view_of(request)
    found = flags.flagged(known, view.customer) if view else flags.Flagged()
    return Flagged(quiet=len(found.quiet), held=len(found.held))


def shown(request: Request, trouble: Incident | None) -> Trouble | None:
    """Show a problem of the monitor itself, without evidence to people who see one customer: it may name another's."""
    if trouble is None:
        return None
    return Trouble(since=trouble.opened, evidence="" if request.caller.customer else trouble.evidence)
