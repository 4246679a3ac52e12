"""The whole fleet at a glance, in one call."""

from typing import Any, Final

from mxtrax.api import edits, paging, records
from mxtrax.api.public.health import ages, trouble
from mxtrax.api.routing import Call, Subject
from mxtrax.api.schema import AGES, MOMENT, TEXT, WHOLE, maybe, moment, record
from mxtrax.api.v3 import maildomains
from mxtrax.model import Incident
from mxtrax.rules.status import Status
from mxtrax.store import fleet, fleet_queries

PATH: Final = "/api/v3/overview"
subject: Final = Subject("Overview")

_COUNTS: Final = record(**{it.word: WHOLE for it in Status}, total=WHOLE)
_TROUBLE: Final = maybe(record(since=MOMENT, evidence=TEXT))


@subject.route(
    f"GET {PATH}",
    query={**maildomains.FILTERS, **paging.PAGING},
    gives=paging.list_of(
        records.ROW,
        counts=_COUNTS,
        ages=AGES,
        now=MOMENT,
        interval_minutes=WHOLE,
        monitor_fault=_TROUBLE,
        storm=_TROUBLE,
    ),
)
def overview(call: Call) -> dict[str, Any]:
    """Show how many domains stand where, how the monitor itself is, and a page of domains, the worst first.

    The counts are of all domains, or of the customer's that is asked for; the other filters are for the page alone.
    """
    found, follows = maildomains.page(call)
    whose = fleet.customers_named(it.customer for it, _ in found)
    rows = [records.row(it, known, whose.get(it.customer)) for it, known in found]
    fault, storm = trouble()
    return paging.listed(
        call,
        PATH,
        rows,
        follows,
        counts=counts(call),
        ages=ages(call.now),
        now=moment(call.now),
        interval_minutes=edits.config(call).interval_minutes,
        monitor_fault=_told(fault),
        storm=_told(storm),
    )


def counts(call: Call) -> dict[str, int]:
    """Count the domains that may be seen by where they stand."""
    view = maildomains.view_of(call)
    found = fleet_queries.counts(view.customer) if view else dict.fromkeys(Status, 0)
    return {**{it.word: number for it, number in found.items()}, "total": sum(found.values())}


def _told(trouble: Incident | None) -> dict[str, Any] | None:
    return {"since": moment(trouble.opened), "evidence": trouble.evidence} if trouble else None
