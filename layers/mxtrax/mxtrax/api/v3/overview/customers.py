"""The customers and their status, worst first: from the lists and from sums, so that no test costs more for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mxtrax.api import flags, paging
from mxtrax.api.fields import Choice, Text
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Day, Time
from mxtrax.frozen import dataclass
from mxtrax.model import SECOND, Customer, MailDomain, Millis, Stat
from mxtrax.rules.statistics import availability
from mxtrax.rules.status import STATUSES, Status
from mxtrax.rules.validation import MAX_CODENAME
from mxtrax.store import customers, fleet, fleet_queries, rollups
from mxtrax.store.fleet_queries import DomainStatus

PATH: Final = "/api/v3/overview/customers"
router: Final = Router("Overview")

_BAD: Final = (Status.DOWN, Status.SLOW)
_COUNTED: Final = tuple(it for it in Status if it is not Status.OK)
"""What is read one by one; a domain in none of these is OK."""


@dataclass(frozen=True, kw_only=True)
class DayShare:
    """The share of the tests of a day that came back on time, in per cent; null where none was judged."""

    day: Day
    ontime_percent: float | None


@dataclass(frozen=True, kw_only=True)
class CustomerRow:
    """A customer and how its domains are: `status` is the worst, null where it has none; `failing` are down or slow.

    Share and days are brought up to date once an hour.
    """

    codename: str
    friendlyname: str
    status: Status | None
    since: Time | None
    failing: int
    domains: int
    quiet_until: Time | None
    ontime_percent: float | None
    days: tuple[DayShare, ...]


@router.route(
    f"GET {PATH}",
    "listCustomersWorstFirst",
    query={
        "search": Text(shortest=1, longest=MAX_CODENAME, note="Part of the name or the codename."),
        "status": Choice(of=tuple(STATUSES), note="Customers whose worst domain has this status."),
        "sort": Choice(of=("worst", "name"), note="Worst first, or by name."),
        **paging.PAGING,
    },
    gives=paging.list_of(CustomerRow, total=int),
)
def listed(request: Request) -> dict[str, Any]:
    """List the customers with their status, worst first; `total` counts all that you may see."""
    everyone, statuses = _everyone(request), _statuses(request)
    found = sorted(
        (it for it in everyone if _fits(request, it[0], statuses)),
        key=lambda it: _order(request, it[0], statuses[it[0].codename]),
    )
    begin = paging.number_of("after", paging.after(request)) if paging.after(request) else 0
    end = begin + paging.limit(request)
    rows = list(_rows(request, found[begin:end], statuses))
    return paging.listed(request, PATH, rows, str(end) if len(found) > end else "", total=len(everyone))


def _everyone(request: Request) -> list[tuple[Customer, int]]:
    if not request.caller.customer:
        return list(customers.sizes())
    own = customers.get(request.caller.customer)
    return [(own, fleet.count(own.codename))] if own else []


def _statuses(request: Request) -> Mapping[str, list[DomainStatus]]:
    """Read the domains of each customer that are not OK, the worst first."""
    found = defaultdict[str, list[DomainStatus]](list)
    for it in fleet_queries.of_status(request.caller.customer, _COUNTED):
        found[it.customer or request.caller.customer].append(it)
    return found


def _fits(request: Request, it: Customer, statuses: Mapping[str, list[DomainStatus]]) -> bool:
    part, wanted = request.query.get("search", "").casefold(), request.query.get("status")
    if part not in it.codename.casefold() and part not in it.friendlyname.casefold():
        return False
    worst = statuses[it.codename][0].status if statuses[it.codename] else Status.OK
    return not wanted or worst is STATUSES[wanted]


def _order(request: Request, it: Customer, statuses: Sequence[DomainStatus]) -> tuple[object, ...]:
    name = it.friendlyname.casefold(), it.codename
    if request.query.get("sort") == "name":
        return name
    bad = sum(each.status in _BAD for each in statuses)
    return (statuses[0].status if statuses else Status.OK, -bad, *name)


def _rows(
    request: Request, found: Sequence[tuple[Customer, int]], statuses: Mapping[str, list[DomainStatus]]
) -> Iterator[CustomerRow]:
    known = flags.read(request)
    recent = rollups.recent_of(rollups.of_customer(it.codename) for it, _ in found)
    today = datetime.fromtimestamp(request.now // SECOND, UTC).date()
    dates = [(today - timedelta(days=back)).isoformat() for back in range(rollups.RECENT_DAYS)][::-1]
    for it, domains in found:
        own, days = statuses[it.codename], recent.get(rollups.of_customer(it.codename), {})
        yield CustomerRow(
            codename=it.codename,
            friendlyname=it.friendlyname,
            status=own[0].status if own else Status.OK if domains else None,
            since=own[0].since or None if own else None,
            failing=sum(each.status in _BAD for each in own),
            domains=domains,
            quiet_until=_quiet_until(known, it),
            ontime_percent=_share(days.values()),
            days=tuple(DayShare(day=d, ontime_percent=_share([days[d]] if d in days else [])) for d in dates),
        )


def _quiet_until(known: flags.Flags, it: Customer) -> Millis | None:
    """Give until when alerts of all its domains are quiet."""
    return known.quiet_until(MailDomain(id=0, testuser="", domainname="", customer=it.codename))


def _share(days: Iterable[Stat]) -> float | None:
    known = availability(days)
    return round(known.ontime, 3) if known else None
