"""Customers."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

from mxtrax import model
from mxtrax.api import edits, paging
from mxtrax.api.rights import Role
from mxtrax.api.routing import Reply, Request, Router, etag
from mxtrax.api.schema import as_json, of
from mxtrax.aws import user_pool
from mxtrax.errors import Exists, Missing, Refused
from mxtrax.rules.validation import check_customer
from mxtrax.store import customers, fleet

PATH: Final = "/api/v3/customers"
router: Final = Router("Customers")


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A customer. `link` is the path of its public page, for those who may end it."""

    codename: str
    friendlyname: str
    alertuser: tuple[str, ...]
    link: str | None
    version: int


@router.route(f"GET {PATH}", query=paging.PAGING, gives=paging.list_of(Customer))
def listed(request: Request) -> dict[str, Any]:
    """List the customers by codename."""
    if request.caller.customer:
        own = customers.get(request.caller.customer)
        return paging.listed(request, PATH, [shown(request, own)] if own else [], "")
    found = customers.page(paging.limit(request), paging.after(request))
    return paging.listed(request, PATH, [shown(request, it) for it in found.items], found.after)


@router.route(f"GET {PATH}/<codename>", gives=Customer, problems=(HTTPStatus.NOT_FOUND,))
def one(request: Request, codename: str) -> Reply:
    """Show a customer."""
    return _given(request, known(request, codename))


@router.route(
    f"POST {PATH}",
    body=edits.NEW_CUSTOMER,
    gives=Customer,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def add(request: Request) -> Reply:
    """Add a customer."""
    customer = check_customer(model.Customer(**_values(request)))
    change = edits.audit_entry(request, "customer.add", f"customer {customer.codename}", None, _noted(customer))
    if not customers.add(customer, change):
        raise Exists(
            "codename", f"codename: {customer.codename!r} is there already; change that one, or choose another."
        )
    where = {"Location": f"{PATH}/{customer.codename}", **etag(customer.version)}
    return Reply(body=shown(request, customer), status=HTTPStatus.CREATED, headers=where)


@router.route(
    f"PATCH {PATH}/<codename>",
    versioned=True,
    body=edits.CUSTOMER,
    gives=Customer,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def change(request: Request, codename: str) -> Reply:
    """Change parts of a customer."""
    before = known(request, codename)
    edits.check_version(request, shown(request, before))
    after = check_customer(replace(before, **_values(request)))
    saved = replace(after, version=before.version + 1)
    done = edits.audit_entry(request, "customer.change", f"customer {codename}", _noted(before), _noted(saved))
    if not customers.save(after, done):
        raise edits.changed(request, shown(request, known(request, codename)))
    return _given(request, saved)


@router.route(
    f"DELETE {PATH}/<codename>",
    versioned=True,
    gives={},
    status=HTTPStatus.NO_CONTENT,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def remove(request: Request, codename: str) -> Reply:
    """Remove a customer that has no domains any more. Its people no longer have access."""
    before = known(request, codename)
    edits.check_version(request, shown(request, before))
    if fleet.of_customer(codename, 1):
        raise Refused("codename", f"codename: {codename!r} still has domains; remove those first, or move them.")
    bound = user_pool.end_customer(request.settings.user_pool, codename)
    gone = {**as_json(_noted(before)), "people": bound}
    if not customers.remove(before, edits.audit_entry(request, "customer.remove", f"customer {codename}", gone, None)):
        raise edits.changed(request, shown(request, known(request, codename)))
    return Reply(status=HTTPStatus.NO_CONTENT)


def known(request: Request, codename: str) -> model.Customer:
    """Find the customer of a path. What may not be seen looks like what is not there."""
    found = customers.get(codename) if request.caller.sees(codename) else None
    if found is None:
        raise Missing("codename", "There is no such customer.")
    return found


def _values(request: Request) -> dict[str, Any]:
    values = {name: value for name, value in request.body.items() if name != "version"}
    return {**values, "alertuser": tuple(values["alertuser"])} if "alertuser" in values else values


def shown(request: Request, it: model.Customer) -> Customer:
    """Show a customer to the caller."""
    ends = (request.caller.role or Role.VIEWER) >= Role.OPERATOR
    return of(Customer, it, link=path_of(it) if ends else None)


def path_of(it: model.Customer) -> str | None:
    """Give the path of a customer's public page."""
    return f"/status/{it.link}" if it.link else None


def _noted(it: model.Customer) -> Customer:
    """Show a customer in the audit, where no link stands."""
    return of(Customer, it, link=None)


def _given(request: Request, customer: model.Customer) -> Reply:
    return Reply(body=shown(request, customer), headers=etag(customer.version))
