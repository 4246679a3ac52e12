"""A test that somebody asks for."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from mxtrax.admin import send_now
from mxtrax.api import edits
from mxtrax.api.routing import Call, Given, Subject
from mxtrax.api.v3 import maildomains
from mxtrax.store import audit

subject: Final = Subject("By hand")


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """A test that is on its way, and where it can be looked at."""

    testid: str
    href: str


@subject.route(
    f"POST {maildomains.PATH}/<number>/test",
    gives=Ordered,
    status=HTTPStatus.ACCEPTED,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def test(call: Call, number: str) -> Given:
    """Send one test now. It is there to be looked at once it is on its way, some seconds later."""
    domain = maildomains.known(call, number)
    testid = send_now.send(domain, call.now, call.settings)
    audit.note(edits.of(call, "maildomain.test", domain.key, None, {"testid": testid}))
    body = Ordered(testid=testid, href=f"/api/v3/mailtests/{testid}")
    return Given(body=body, status=HTTPStatus.ACCEPTED, headers={"Location": body.href})
