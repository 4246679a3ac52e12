"""The tests of a domain."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import paging
from mxtrax.api.fields import Moment
from mxtrax.api.routing import Call, Subject
from mxtrax.api.v3 import maildomains, mailtests
from mxtrax.errors import Refused
from mxtrax.store.mailtests import page

subject: Final = Subject("Tests")


@subject.route(
    "GET /api/v3/maildomains/<number>/mailtests",
    query={
        "from": Moment(note="Sent at this moment or after it."),
        "to": Moment(note="Sent before this moment."),
        **paging.PAGING,
    },
    gives=paging.list_of(mailtests.Test),
    problems=(HTTPStatus.NOT_FOUND,),
)
def listed(call: Call, number: str) -> dict[str, Any]:
    """List the tests of a domain, the latest first."""
    domain = maildomains.known(call, number)
    since, until = call.query.get("from", 0), call.query.get("to", call.now + 1)
    if since >= until:
        raise Refused("from", "from: this should be before `to`, which is now where it is not given.")
    found = page(domain.key, since, until - 1, paging.limit(call), paging.after(call))
    path = f"{maildomains.PATH}/{number}/mailtests"
    return paging.listed(call, path, [mailtests.shown(it, call.now) for it in found.items], found.after)
