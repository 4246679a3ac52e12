"""The whole fleet at a glance, in one call."""

from typing import Any, Final

from mxtrax.api import domains, lists, records
from mxtrax.api.health import ages
from mxtrax.api.routing import Call, Subject
from mxtrax.api.shapes import AGES, WHOLE, record
from mxtrax.ranks import Place
from mxtrax.store import fleet, views
from mxtrax.store.views import View

PATH: Final = "/api/v3/overview"
subject: Final = Subject("Overview")

_COUNTS: Final = record(**{place.name.lower(): WHOLE for place in Place}, total=WHOLE)


@subject.route(
    f"GET {PATH}",
    query={**domains.FILTERS, **lists.PAGING},
    gives=lists.list_of(records.ROW, counts=_COUNTS, ages=AGES),
)
def overview(call: Call) -> dict[str, Any]:
    """Show how many domains stand where, how long ago the jobs ran, and a page of domains, the worst first.

    The counts are of all domains, or of the customer's that is asked for; the other filters are for the page alone.
    """
    found, follows = domains.page(call)
    whose = fleet.customers_named(it.customer for it, _ in found)
    rows = [records.row(it, known, whose.get(it.customer)) for it, known in found]
    return lists.listed(call, PATH, rows, follows, counts=counts(call), ages=ages(call.now))


def counts(call: Call) -> dict[str, int]:
    """Count the domains that may be seen by where they stand."""
    view = domains.view_of(call)
    found = views.counts(View(customer=view.customer)) if view else dict.fromkeys(Place, 0)
    return {**{place.name.lower(): number for place, number in found.items()}, "total": sum(found.values())}
