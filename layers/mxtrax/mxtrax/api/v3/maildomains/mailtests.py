"""The tests of a domain."""

from typing import Any, Final

from mxtrax.api import paging
from mxtrax.api.fields import Moment
from mxtrax.api.routing import Request, Router
from mxtrax.api.v3 import maildomains, mailtests
from mxtrax.errors import Refused
from mxtrax.store.mailtests import page

router: Final = Router("Tests")


@router.route(
    "GET /api/v3/maildomains/<number>/mailtests",
    "listTests",
    query={
        "from": Moment(note="Sent at this moment or after it."),
        "to": Moment(note="Sent before this moment."),
        **paging.PAGING,
    },
    gives=paging.list_of(mailtests.Test),
)
def listed(request: Request, number: str) -> dict[str, Any]:
    """List the tests of a domain, latest first."""
    domain = maildomains.known(request, number)
    since, until = request.query.get("from", 0), request.query.get("to", request.now + 1)
    if since >= until:
        raise Refused("from", "from: this should be before `to`, which is now by default.")
    found = page(domain.key, since, until - 1, paging.limit(request), paging.after(request))
    path = f"{maildomains.PATH}/{number}/mailtests"
    return paging.listed(request, path, [mailtests.shown(request, it) for it in found.items], found.after)
