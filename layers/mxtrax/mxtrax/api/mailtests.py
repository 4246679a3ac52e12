"""Single tests."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import domains, edits, lists, records
from mxtrax.api.fields import Moment
from mxtrax.api.routing import Call, Subject
from mxtrax.errors import Missing, Refused
from mxtrax.model import MessageTrace
from mxtrax.store import fleet, fleet_queries, mailtests

subject: Final = Subject("Tests")


@subject.route(
    "GET /api/v3/maildomains/<number>/mailtests",
    query={
        "from": Moment(note="Sent at this moment or after it."),
        "to": Moment(note="Sent before this moment."),
        **lists.PAGING,
    },
    gives=lists.list_of(records.TEST),
    problems=(HTTPStatus.NOT_FOUND,),
)
def listed(call: Call, number: str) -> dict[str, Any]:
    """List the tests of a domain, the latest first."""
    domain = domains.known(call, number)
    since, until = call.query.get("from", 0), call.query.get("to", call.now + 1)
    if since >= until:
        raise Refused("from", "from: this should be before `to`, which is now where it is not given.")
    found = fleet_queries.mailtests(domain.key, since, until - 1, lists.limit(call), lists.after(call))
    path = f"{domains.PATH}/{number}/mailtests"
    return lists.listed(call, path, [records.test(it, call.now) for it in found.items], found.after)


@subject.route("GET /api/v3/mailtests/<testid>", gives=records.WHOLE_TEST, problems=(HTTPStatus.NOT_FOUND,))
def one(call: Call, testid: str) -> dict[str, Any]:
    """Show all that was learnt of a test: its legs, its hops, what the servers said, and how it was told in words."""
    test, trace = mailtests.whole(testid) or (None, None)
    domain = fleet.by_key(test.maildomain) if test else None
    if test is None or not call.asker.sees(domain.customer if domain else ""):
        raise Missing("testid", "There is no such test.")
    shown = records.whole_test(test, domain, call.now, edits.config(call).timezone)
    return {**shown, **records.trace(trace or MessageTrace())}
