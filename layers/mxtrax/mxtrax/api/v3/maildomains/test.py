"""A test that somebody asks for."""

from http import HTTPStatus
from typing import Final

from mxtrax.admin import send_now
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.api.v3 import maildomains
from mxtrax.frozen import dataclass

router: Final = Router("By hand")


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """A test that is on its way, and where it can be looked at."""

    testid: str
    href: str


@router.route(
    f"POST {maildomains.PATH}/<number>/test",
    "sendTest",
    gives=Ordered,
    status=HTTPStatus.ACCEPTED,
    problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
)
def test(request: Request, number: str) -> Reply:
    """Send one test now. You can read it once it is on its way, some seconds later."""
    domain = maildomains.known(request, number)
    testid = send_now.send(request.caller, request.now, request.settings, domain).testid
    body = Ordered(testid=testid, href=f"/api/v3/mailtests/{testid}")
    return Reply(body=body, status=HTTPStatus.ACCEPTED, headers={"Location": body.href})
