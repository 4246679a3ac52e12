"""Customers."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

from mxtrax import model
from mxtrax.api import edits, paging
from mxtrax.api.rights import Role
from mxtrax.api.routing import Call, Given, Subject, etag
from mxtrax.api.schema import as_json, of
from mxtrax.aws import user_pool
from mxtrax.errors import Exists, Missing, Refused
from mxtrax.rules.validation import check_customer
from mxtrax.store import customers, fleet

PATH: Final = "/api/v3/customers"
subject: Final = Subject("Customers")


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A customer. `link` is the path of its public page, for those who may end it."""

    codename: str
    friendlyname: str
    alertuser: tuple[str, ...]
    link: str | None
    version: int


@subject.route(f"GET {PATH}", query=paging.PAGING, gives=paging.list_of(Customer))
def listed(call: Call) -> dict[str, Any]:
    """List the customers by codename."""
    if call.asker.customer:
        own = customers.get(call.asker.customer)
        return paging.listed(call, PATH, [shown(call, own)] if own else [], "")
    found = customers.page(paging.limit(call), paging.after(call))
    return paging.listed(call, PATH, [shown(call, it) for it in found.items], found.after)


@subject.route(f"GET {PATH}/<codename>", gives=Customer, problems=(HTTPStatus.NOT_FOUND,))
def one(call: Call, codename: str) -> Given:
    """Show a customer."""
    return _given(call, known(call, codename))


@subject.route(
    f"POST {PATH}",
    body=edits.NEW_CUSTOMER,
    gives=Customer,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def add(call: Call) -> Given:
    """Add a customer."""
    customer = check_customer(model.Customer(**_values(call)))
    change = edits.of(call, "customer.add", f"customer {customer.codename}", None, _noted(customer))
    if not customers.add(customer, change):
        raise Exists(
            "codename", f"codename: {customer.codename!r} is there already; change that one, or choose another."
        )
    where = {"Location": f"{PATH}/{customer.codename}", **etag(customer.version)}
    return Given(body=shown(call, customer), status=HTTPStatus.CREATED, headers=where)


@subject.route(
    f"PATCH {PATH}/<codename>",
    versioned=True,
    body=edits.CUSTOMER,
    gives=Customer,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def change(call: Call, codename: str) -> Given:
    """Change parts of a customer."""
    before = known(call, codename)
    edits.check_version(call, shown(call, before))
    after = check_customer(replace(before, **_values(call)))
    saved = replace(after, version=before.version + 1)
    done = edits.of(call, "customer.change", f"customer {codename}", _noted(before), _noted(saved))
    if not customers.save(after, done):
        raise edits.changed(call, shown(call, known(call, codename)))
    return _given(call, saved)


@subject.route(
    f"DELETE {PATH}/<codename>",
    versioned=True,
    gives={},
    status=HTTPStatus.NO_CONTENT,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def remove(call: Call, codename: str) -> Given:
    """Remove a customer that has no domains any more. Whoever was bound to it may nothing from then on."""
    before = known(call, codename)
    edits.check_version(call, shown(call, before))
    if fleet.of_customer(codename, 1):
        raise Refused("codename", f"codename: {codename!r} still has domains; remove those first, or move them.")
    bound = user_pool.end_customer(call.settings.user_pool, codename)
    gone = {**as_json(_noted(before)), "people": bound}
    if not customers.remove(before, edits.of(call, "customer.remove", f"customer {codename}", gone, None)):
        raise edits.changed(call, shown(call, known(call, codename)))
    return Given(status=HTTPStatus.NO_CONTENT)


def known(call: Call, codename: str) -> model.Customer:
    """Find the customer of a path. What may not be seen looks like what is not there."""
    found = customers.get(codename) if call.asker.sees(codename) else None
    if found is None:
        raise Missing("codename", "There is no such customer.")
    return found


def _values(call: Call) -> dict[str, Any]:
    values = {name: value for name, value in call.body.items() if name != "version"}
    return {**values, "alertuser": tuple(values["alertuser"])} if "alertuser" in values else values


def shown(call: Call, it: model.Customer) -> Customer:
    """Show a customer to whoever asks."""
    ends = (call.asker.role or Role.VIEWER) >= Role.OPERATOR
    return of(Customer, it, link=path_of(it) if ends else None)


def path_of(it: model.Customer) -> str | None:
    """Give the path of a customer's public page."""
    return f"/status/{it.link}" if it.link else None


def _noted(it: model.Customer) -> Customer:
    """Show a customer in the audit, which tells no link."""
    return of(Customer, it, link=None)


def _given(call: Call, customer: model.Customer) -> Given:
    return Given(body=shown(call, customer), headers=etag(customer.version))
