"""Single tests."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import edits, records
from mxtrax.api.routing import Call, Subject
from mxtrax.errors import Missing
from mxtrax.model import MessageTrace
from mxtrax.store import fleet, mailtests

subject: Final = Subject("Tests")


@subject.route("GET /api/v3/mailtests/<testid>", gives=records.WHOLE_TEST, problems=(HTTPStatus.NOT_FOUND,))
def one(call: Call, testid: str) -> dict[str, Any]:
    """Show all that was learnt of a test: its legs, its hops, what the servers said, and how it was told in words."""
    test, trace = mailtests.whole(testid) or (None, None)
    domain = fleet.by_key(test.maildomain) if test else None
    if test is None or not call.asker.sees(domain.customer if domain else ""):
        raise Missing("testid", "There is no such test.")
    shown = records.whole_test(test, domain, call.now, edits.config(call).timezone)
    return {**shown, **records.trace(trace or MessageTrace())}
