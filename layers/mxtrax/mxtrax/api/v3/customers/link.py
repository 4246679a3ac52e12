"""The link of a customer's public page: one that nobody can guess, off until somebody makes it."""

import secrets
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import edits
from mxtrax.api.routing import Call, Given, Subject
from mxtrax.api.schema import record
from mxtrax.api.v3 import customers
from mxtrax.model import Customer
from mxtrax.store.customers import save

PATH: Final = f"{customers.PATH}/<codename>/link"
BYTES: Final = 24
"""Random bytes in a link: 192 bits."""

subject: Final = Subject("Public pages")


@subject.route(f"POST {PATH}", gives=record(link=str), problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT))
def make(call: Call, codename: str) -> dict[str, Any]:
    """Give a customer a public page, or its page another link; the one before it is void."""
    saved = _save(call, codename, secrets.token_urlsafe(BYTES), "customer.link")
    return {"link": customers.path_of(saved)}


@subject.route(
    f"DELETE {PATH}",
    gives={},
    status=HTTPStatus.NO_CONTENT,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def end(call: Call, codename: str) -> Given:
    """End a customer's public page; where there is none, there is none already."""
    if customers.known(call, codename).link:
        _save(call, codename, "", "customer.unlink")
    return Given(status=HTTPStatus.NO_CONTENT)


def _save(call: Call, codename: str, link: str, what: str) -> Customer:
    """Put a link in the place of a customer's. The audit says that it was done, and not what the link is."""
    before = customers.known(call, codename)
    after = replace(before, link=link)
    shown = {"public": bool(before.link)}, {"public": bool(link)}
    if not save(after, edits.of(call, what, f"customer {codename}", *shown)):
        raise edits.changed(call, customers.shown(call, customers.known(call, codename)))
    return after
