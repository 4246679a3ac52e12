"""Customers."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax import model
from mxtrax.admin import customer_removal
from mxtrax.admin import customers as use_cases
from mxtrax.api import forms, paging
from mxtrax.api.problems import both_shown
from mxtrax.api.routing import Reply, Request, Router, created, current
from mxtrax.api.schema import of
from mxtrax.frozen import dataclass
from mxtrax.rules.roles import Role
from mxtrax.store import customers

PATH: Final = "/api/v3/customers"
router: Final = Router("Customers")


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A customer.

    `link` is the path of its public page, for those who may end it. People who see only it do not see who is notified.
    """

    codename: str
    friendlyname: str
    alertuser: tuple[str, ...]
    link: str | None
    public_note: str
    version: int


@router.route(f"GET {PATH}", "listCustomers", query=paging.PAGING, gives=paging.list_of(Customer))
def listed(request: Request) -> dict[str, Any]:
    """List the customers by codename."""
    if request.caller.customer:
        own = customers.get(request.caller.customer)
        return paging.listed(request, PATH, [shown(request, own)] if own else [], "")
    found = customers.page(paging.limit(request), paging.after(request))
    return paging.listed(request, PATH, [shown(request, it) for it in found.items], found.after)


@router.route(f"GET {PATH}/<codename>", "getCustomer", gives=Customer)
def one(request: Request, codename: str) -> Reply:
    """Show a customer."""
    return _given(request, use_cases.known(request.caller, codename))


@router.route(
    f"POST {PATH}",
    "createCustomer",
    body=forms.NEW_CUSTOMER,
    gives=Customer,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.CONFLICT,),
)
def add(request: Request) -> Reply:
    """Add a customer."""
    added = use_cases.add(request.caller, request.now, model.Customer(**_parts(request)))
    return created(shown(request, added), added.version, f"{PATH}/{added.codename}")


@router.route(f"PATCH {PATH}/<codename>", "updateCustomer", versioned=True, body=forms.CUSTOMER, gives=Customer)
def change(request: Request, codename: str) -> Reply:
    """Change parts of a customer."""
    with both_shown(request, lambda it: shown(request, it)):
        return _given(
            request, use_cases.change(request.caller, request.now, codename, _parts(request), seen=request.seen)
        )


@router.delete(f"{PATH}/<codename>", "deleteCustomer", versioned=True, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,))
def remove(request: Request, codename: str) -> None:
    """Remove a customer that has no domains left. Its users lose access; its windows and channels go with it."""
    with both_shown(request, lambda it: shown(request, it)):
        customer_removal.remove(request.caller, request.now, request.settings, codename, seen=request.seen)


def shown(request: Request, it: model.Customer) -> Customer:
    """Show a customer to the caller."""
    ends = (request.caller.role or Role.VIEWER) >= Role.OPERATOR
    told = () if request.caller.customer else it.alertuser
    return of(Customer, it, link=path_of(it) if ends else None, alertuser=told)


def path_of(it: model.Customer) -> str | None:
    """Give the path of a customer's public page."""
    return f"/status/{it.link}" if it.link else None


def _parts(request: Request) -> dict[str, Any]:
    given = request.wanted
    return {**given, "alertuser": tuple(given["alertuser"])} if "alertuser" in given else given


def _given(request: Request, customer: model.Customer) -> Reply:
    return current(shown(request, customer), customer.version)
