"""Who may sign in, and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import edits, paging
from mxtrax.api.fields import Choice, Field, Flag, Or, Shape, Text, Whole
from mxtrax.api.rights import GROUPS, Role, groups_of, place
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.api.schema import Time, of
from mxtrax.aws import user_pool
from mxtrax.aws.user_pool import User
from mxtrax.errors import Refused
from mxtrax.model import CUSTOMER_GROUP
from mxtrax.rules.validation import MAX_ADDRESS, MAX_CODENAME, check_address
from mxtrax.store import audit, customers

PATH: Final = "/api/v3/users"
router: Final = Router("People")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who may sign in; `role` is null where they have no access."""

    name: str
    email: str
    role: Role | None
    customer: str | None
    enabled: bool
    status: str
    created: Time


_PARTS: Final[dict[str, Field]] = {
    "role": Choice(of=tuple(GROUPS), note="What they may do."),
    "customer": Or(
        Text(shortest=1, longest=MAX_CODENAME, note="The one customer that a viewer sees, by codename; null: all.")
    ),
}
_NEW: Final = Shape(
    {"email": Text(shortest=1, longest=MAX_ADDRESS, note="The address that they sign in with."), **_PARTS},
    needed=("email", "role"),
)
_CHANGES: Final = Shape({**_PARTS, "enabled": Flag(note="Whether they may sign in.")})
_QUERY: Final[dict[str, Field]] = {
    "limit": Whole(low=1, high=user_pool.MOST, note=f"How many at most; {paging.DEFAULT_LIMIT} where nothing is said."),
    "after": Text(shortest=1, longest=4_000, note="Where this page begins; take it from `next`, nowhere else."),
}
_PROBLEMS: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)


@router.route(f"GET {PATH}", query=_QUERY, gives=paging.list_of(Person))
def listed(request: Request) -> dict[str, Any]:
    """List who may sign in, in the order of the user pool."""
    found, follows = user_pool.page(request.settings.user_pool, paging.limit(request), paging.after(request))
    return paging.listed(request, PATH, [user(it) for it in found], follows)


@router.route(
    f"POST {PATH}",
    body=_NEW,
    gives=Person,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def add(request: Request) -> Reply:
    """Add somebody. They are mailed a first password, which is good for three days."""
    email = check_address("email", request.body["email"])
    wanted = _wanted(frozenset(), request.body)
    added = user(user_pool.invite(request.settings.user_pool, email, wanted))
    audit.note(edits.audit_entry(request, "user.add", f"user {added.name}", None, added))
    return Reply(body=added, status=HTTPStatus.CREATED, headers={"Location": f"{PATH}/{added.name}"})


@router.route(f"PATCH {PATH}/<name>", body=_CHANGES, gives=Person, problems=_PROBLEMS)
def change(request: Request, name: str) -> Person:
    """Change what somebody may do, whose domains alone they see, or whether they may sign in.

    It holds for the next token they are given; one that they have is good for an hour at most.
    """
    pool = request.settings.user_pool
    before = user_pool.find(pool, name)
    wanted = _wanted(before.groups, request.body)
    enabled = request.body.get("enabled", before.enabled)
    if _is_oneself(request, before) and not (enabled and place(wanted) == (Role.ADMIN, "")):
        raise Refused("name", "name: this is you; let another admin take your rights away.")
    after = user_pool.enable(pool, user_pool.regroup(pool, before, wanted), enabled=enabled)
    if after != before:
        audit.note(edits.audit_entry(request, "user.change", f"user {after.name}", user(before), user(after)))
    return user(after)


@router.route(f"DELETE {PATH}/<name>", gives={}, status=HTTPStatus.NO_CONTENT, problems=_PROBLEMS)
def remove(request: Request, name: str) -> Reply:
    """Remove somebody. A token that they have is good for an hour at most."""
    pool = request.settings.user_pool
    before = user_pool.find(pool, name)
    if _is_oneself(request, before):
        raise Refused("name", "name: this is you; let another admin remove you.")
    user_pool.remove(pool, before)
    audit.note(edits.audit_entry(request, "user.remove", f"user {before.name}", user(before), None))
    return Reply(status=HTTPStatus.NO_CONTENT)


def user(it: User) -> Person:
    """Show somebody."""
    role, customer = place(it.groups)
    return of(Person, it, role=role, customer=customer)


def _wanted(groups: frozenset[str], body: Mapping[str, Any]) -> frozenset[str]:
    """Give the groups that somebody of these groups is to be in. Those that mean nothing here stay."""
    role, customer = place(groups)
    bound = customer
    if "role" in body:
        role = GROUPS[body["role"]]
    if "customer" in body:
        customer = body["customer"] or ""
    if role is None:
        if "customer" in body:
            raise Refused("role", "role: this has to be given, too; they have none.")
        return groups
    if customer and role is not Role.VIEWER:
        raise Refused("customer", f"customer: only viewers can be bound to one; give null for {role.name.lower()}s.")
    if customer and customer != bound and customers.get(customer) is None:
        raise Refused("customer", f"customer: there is none with the codename {customer!r}; add it first.")
    others = {group for group in groups if group not in GROUPS and not group.startswith(CUSTOMER_GROUP)}
    return groups_of(role, customer) | others


def _is_oneself(request: Request, it: User) -> bool:
    """Tell whether somebody is who asks; names differ in more than their case."""
    return it.name.lower() == request.caller.name.lower()
