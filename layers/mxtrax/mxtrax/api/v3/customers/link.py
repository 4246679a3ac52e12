"""The link of a customer's public page: one that nobody can guess, off until somebody makes it."""

import secrets
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import edits
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.api.schema import record
from mxtrax.api.v3 import customers
from mxtrax.model import Customer
from mxtrax.store.customers import save

PATH: Final = f"{customers.PATH}/<codename>/link"
BYTES: Final = 24
"""Random bytes in a link: 192 bits."""

router: Final = Router("Public pages")


@router.route(f"POST {PATH}", gives=record(link=str), problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT))
def make(request: Request, codename: str) -> dict[str, Any]:
    """Give a customer a public page, or its page another link; the one before it is void."""
    saved = _save(request, codename, secrets.token_urlsafe(BYTES), "customer.link")
    return {"link": customers.path_of(saved)}


@router.route(
    f"DELETE {PATH}",
    gives={},
    status=HTTPStatus.NO_CONTENT,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def end(request: Request, codename: str) -> Reply:
    """End a customer's public page; where there is none, there is none already."""
    if customers.known(request, codename).link:
        _save(request, codename, "", "customer.unlink")
    return Reply(status=HTTPStatus.NO_CONTENT)


def _save(request: Request, codename: str, link: str, what: str) -> Customer:
    """Put a link in the place of a customer's. The audit says that it was done, and not what the link is."""
    before = customers.known(request, codename)
    after = replace(before, link=link)
    shown = {"public": bool(before.link)}, {"public": bool(link)}
    if not save(after, edits.audit_entry(request, what, f"customer {codename}", *shown)):
        raise edits.changed(request, customers.shown(request, customers.known(request, codename)))
    return after
