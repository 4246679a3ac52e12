"""Who may sign in, and what they may do."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax.admin import users
from mxtrax.api import paging
from mxtrax.api.fields import Choice, Field, Flag, Or, Shape, Text, Whole
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.api.schema import Time, of
from mxtrax.aws import user_pool
from mxtrax.aws.user_pool import User
from mxtrax.frozen import dataclass
from mxtrax.rules.roles import GROUPS, Role, access_of
from mxtrax.rules.validation import MAX_ADDRESS, MAX_CODENAME

PATH: Final = "/api/v3/users"
router: Final = Router("People")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who may sign in; `role` is null where they have no access.

    `identity_provider` names the company's that they sign in with, and is null where that is a password or a passkey.
    """

    name: str
    email: str
    role: Role | None
    customer: str | None
    enabled: bool
    status: str
    created: Time
    identity_provider: str | None


_PARTS: Final[dict[str, Field]] = {
    "role": Choice(of=tuple(GROUPS), note="What they may do."),
    "customer": Or(
        Text(shortest=1, longest=MAX_CODENAME, note="The one customer that a viewer sees (codename); null: all.")
    ),
}
_NEW: Final = Shape(
    {
        "email": Text(shortest=1, longest=MAX_ADDRESS, note="The address that they sign in with."),
        **_PARTS,
        "identity_provider": Or(
            Text(shortest=3, longest=32, note="The company's that they sign in with; null: a password or a passkey.")
        ),
    },
    needed=("email", "role"),
)
_CHANGES: Final = Shape({**_PARTS, "enabled": Flag(note="Whether they may sign in.")})
_QUERY: Final[dict[str, Field]] = {
    "limit": Whole(low=1, high=user_pool.MOST, note=f"At most this many; by default {paging.DEFAULT_LIMIT}."),
    "after": Text(shortest=1, longest=4_000, note="Where this page begins; only use the value from `next`."),
}


@router.route(f"GET {PATH}", "listUsers", query=_QUERY, gives=paging.list_of(Person))
def listed(request: Request) -> dict[str, Any]:
    """List the users, in the order of the user pool."""
    found, follows = user_pool.page(request.settings.user_pool, paging.limit(request), paging.after(request))
    return paging.listed(request, PATH, [user(it) for it in found], follows)


@router.route(
    f"POST {PATH}", "createUser", body=_NEW, gives=Person, status=HTTPStatus.CREATED, problems=(HTTPStatus.CONFLICT,)
)
def add(request: Request) -> Reply:
    """Add a user. They are mailed an initial password, valid for three days, or how to sign in with their company's."""
    given = request.wanted
    added = user(users.invite(request.caller, request.now, request.settings, given.pop("email"), given))
    return Reply(body=added, status=HTTPStatus.CREATED, headers={"Location": f"{PATH}/{added.name}"})


@router.route(f"PATCH {PATH}/<name>", "updateUser", body=_CHANGES, gives=Person)
def change(request: Request, name: str) -> Person:
    """Change a user's role, the one customer that they see, or whether they may sign in.

    It takes effect within seconds: tokens that they have are void.
    """
    return user(users.change(request.caller, request.now, request.settings, name, request.wanted))


@router.delete(f"{PATH}/<name>", "deleteUser", problems=(HTTPStatus.UNPROCESSABLE_ENTITY,))
def remove(request: Request, name: str) -> None:
    """Remove a user. Tokens that they have are void within seconds."""
    users.remove(request.caller, request.now, request.settings, name)


def user(it: User) -> Person:
    """Show somebody."""
    role, customer = access_of(it.groups)
    return of(Person, it, role=role, customer=customer, identity_provider=it.identity_provider or None)
