"""Who may do what: one table. A route that is not in it is closed to all.

People come with the groups that Cognito put into their token, machines with the scopes that their client was given. A
person of the group `customer:<codename>` sees that one customer and nothing else, and is never more than a viewer.
"""

from collections.abc import Mapping
from typing import Any, Final

from mxtrax.admin.actor import Actor
from mxtrax.errors import MxtraxError
from mxtrax.frozen import dataclass
from mxtrax.model import Door
from mxtrax.rules.roles import Role, access_of, highest

SCOPES: Final = "mxtrax/"
"""The prefix of our own scopes: the resource server's identifier."""


MACHINES: Final[Mapping[str, Role]] = {"read": Role.VIEWER, "operate": Role.OPERATOR, "admin": Role.ADMIN}
"""The roles of machines by their scopes."""


@dataclass(frozen=True, slots=True)
class Right:
    """What a route requires. `role` None: open to all; `single_customer`: also for people who see only one customer."""

    role: Role | None
    single_customer: bool = False


OPEN: Final = Right(None, single_customer=True)
LOOK: Final = Right(Role.VIEWER, single_customer=True)
LOOK_AT_ALL: Final = Right(Role.VIEWER)
OPERATE: Final = Right(Role.OPERATOR)
ADMINISTER: Final = Right(Role.ADMIN)

RIGHTS: Final[Mapping[str, Right]] = {
    "GET /health": OPEN,
    "GET /metrics": LOOK_AT_ALL,
    "GET /api/v3/openapi.json": LOOK,
    "GET /api/v3/me": LOOK,
    "GET /api/v3/health": LOOK,
    "GET /api/v3/now": LOOK,
    "GET /api/v3/overview": LOOK,
    "GET /api/v3/overview/customers": LOOK,
    "GET /api/v3/maildomains": LOOK,
    "POST /api/v3/maildomains": OPERATE,
    "POST /api/v3/maildomains/bulk": OPERATE,
    "POST /api/v3/maildomains/import": OPERATE,
    "GET /api/v3/maildomains/export": LOOK,
    "GET /api/v3/maildomains/<number>": LOOK,
    "PATCH /api/v3/maildomains/<number>": OPERATE,
    "DELETE /api/v3/maildomains/<number>": OPERATE,
    "POST /api/v3/maildomains/<number>/test": OPERATE,
    "GET /api/v3/maildomains/<number>/stats": LOOK,
    "GET /api/v3/maildomains/<number>/hours": LOOK,
    "GET /api/v3/maildomains/<number>/mailtests": LOOK,
    "GET /api/v3/stats": LOOK,
    "GET /api/v3/mailtests/<testid>": LOOK,
    "GET /api/v3/incidents": LOOK,
    "GET /api/v3/incidents/<incident>": LOOK,
    "PATCH /api/v3/incidents/<incident>": OPERATE,
    "POST /api/v3/incidents/<incident>/accept": OPERATE,
    "GET /api/v3/customers": LOOK,
    "POST /api/v3/customers": OPERATE,
    "GET /api/v3/customers/<codename>": LOOK,
    "PATCH /api/v3/customers/<codename>": OPERATE,
    "DELETE /api/v3/customers/<codename>": OPERATE,
    "GET /api/v3/customers/<codename>/month": LOOK,
    "GET /api/v3/customers/<codename>/month/csv": LOOK,
    "POST /api/v3/customers/<codename>/link": OPERATE,
    "DELETE /api/v3/customers/<codename>/link": OPERATE,
    "POST /api/v3/test-alert": OPERATE,
    "GET /api/v3/channels": ADMINISTER,
    "POST /api/v3/channels": ADMINISTER,
    "GET /api/v3/channels/<channel>": ADMINISTER,
    "PATCH /api/v3/channels/<channel>": ADMINISTER,
    "DELETE /api/v3/channels/<channel>": ADMINISTER,
    "POST /api/v3/channels/<channel>/test": ADMINISTER,
    "GET /api/v3/channel-kinds": ADMINISTER,
    "GET /api/v3/wall-links": ADMINISTER,
    "POST /api/v3/wall-links": ADMINISTER,
    "DELETE /api/v3/wall-links/<link>": ADMINISTER,
    "GET /api/v3/windows": LOOK_AT_ALL,
    "POST /api/v3/windows": OPERATE,
    "GET /api/v3/windows/<window>": LOOK_AT_ALL,
    "PATCH /api/v3/windows/<window>": OPERATE,
    "DELETE /api/v3/windows/<window>": OPERATE,
    "POST /api/v3/quiet": OPERATE,
    "DELETE /api/v3/quiet/<window>": OPERATE,
    "GET /api/v3/unmatched": LOOK_AT_ALL,
    "GET /api/v3/unmatched/<mail>": LOOK_AT_ALL,
    "DELETE /api/v3/unmatched/<mail>": OPERATE,
    "GET /api/v3/config": LOOK_AT_ALL,
    "PUT /api/v3/config": ADMINISTER,
    "POST /api/v3/config/preview": ADMINISTER,
    "GET /api/v3/branding": LOOK_AT_ALL,
    "PATCH /api/v3/branding": ADMINISTER,
    "PATCH /api/v3/branding/note": OPERATE,
    "GET /api/v3/users": ADMINISTER,
    "POST /api/v3/users": ADMINISTER,
    "PATCH /api/v3/users/<name>": ADMINISTER,
    "DELETE /api/v3/users/<name>": ADMINISTER,
    "GET /api/v3/audit": ADMINISTER,
    "GET /api/v2/maildomain/": LOOK,
    "GET /api/v2/maildomain/<number>/": LOOK,
    "GET /api/v1/stat/": LOOK,
    "GET /api/v1/stat/<number>/": LOOK,
}
"""Method and path of every route, and what it requires."""


class NobodyKnown(MxtraxError):
    """The caller has not signed in."""


class NotAllowed(MxtraxError):
    """The caller may not do this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller(Actor):
    """Who is asking. `role` is None if they may do nothing."""

    role: Role | None
    door: Door = Door.API

    @property
    def operates(self) -> bool:
        """Say whether they may know the ids of tests that are still out: with one, a return can be forged."""
        return self.role is not None and self.role >= Role.OPERATOR


def caller(claims: Mapping[str, Any]) -> Caller:
    """Read who is asking from a token that API Gateway has checked."""
    name = claims.get("cognito:username") or claims.get("username")
    if not name:
        return Caller(name=str(claims.get("client_id", "")), role=highest(MACHINES, _scopes(claims)))
    role, customer = access_of(_groups(claims.get("cognito:groups", "")))
    return Caller(name=str(name), role=role, customer=customer)


def check(route: str, who: Caller | None) -> None:
    """Raise NobodyKnown or NotAllowed if a route is not for this caller."""
    right = RIGHTS.get(route)
    if right is None:
        raise NotAllowed("Nobody is allowed to do this.")
    if right.role is None:
        return
    if who is None:
        raise NobodyKnown("Sign in first; this needs your token in the Authorization header.")
    if who.role is None:
        raise NotAllowed("You have no role yet; an admin can add you to the group viewer, operator or admin.")
    if who.role < right.role or (who.customer and not right.single_customer):
        needed = f"This needs the role {right.role.name.lower()}"
        raise NotAllowed(f"{needed}, not limited to one customer." if who.customer else f"{needed}.")


def _groups(claim: Any) -> set[str]:  # noqa: ANN401 -- API Gateway's form of a list is "[one two]"; others keep it a list
    return set(claim) if isinstance(claim, list) else set(str(claim).strip("[]").replace(",", " ").split())


def _scopes(claims: Mapping[str, Any]) -> set[str]:
    given = str(claims.get("scope", "")).split()
    return {scope.removeprefix(SCOPES) for scope in given if scope.startswith(SCOPES)}
