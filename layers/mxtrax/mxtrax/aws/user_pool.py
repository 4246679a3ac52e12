"""Who may sign in, kept by Cognito: each call of its user pool once, with what its failures mean.

A user's name is made of their mail address, ann_at_operator.example: a pool that takes addresses for signing in takes
none as a name, and this one can be read in tokens and in the audit. What their groups mean is for api/rights.py to say.
"""

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from mxtrax.aws.cognito import NAMES_THEM, ask
from mxtrax.errors import Exists, Missing, MxtraxError, Refused
from mxtrax.frozen import dataclass
from mxtrax.model import CUSTOMER_GROUP, ROLES, SECOND, Millis

MOST: Final = 60
"""Users in a page: what Cognito gives at once."""

AT_ONCE: Final = 8
"""Users whose groups are read in parallel; Cognito has no call that gives users with their groups."""

_NAMED: Final = re.compile(r"[A-Za-z0-9._+'-]+@[a-z0-9.-]+")
_LONGEST: Final = 125
"""Characters of an address: a name has 128 at most, and three more for its @."""

_INVITED: Final = "invited"
_STATUS: Final = {"FORCE_CHANGE_PASSWORD": _INVITED, "RESET_REQUIRED": "password to be reset"}


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in. `status` is `invited` until they have.

    `identity_provider` is the company's that they sign in with; "" where that is a password or a passkey of their own.
    """

    name: str
    email: str
    enabled: bool
    status: str
    created: Millis
    groups: frozenset[str] = frozenset()
    identity_provider: str = ""


def page(pool: str, limit: int, after: str = "") -> tuple[list[User], str]:
    """Read a page of users with their groups, and where the next one begins."""
    more = {"PaginationToken": after} if after else {}
    try:
        found = ask(pool, "list_users", Limit=min(limit, MOST), **more)
    except Refused:
        raise Refused("after", "after: this is not from this list; begin without it, and follow the links.") from None
    with ThreadPoolExecutor(AT_ONCE) as side_by_side:
        known = list(side_by_side.map(lambda each: _known(pool, each, each.get("Attributes", [])), found["Users"]))
    return known, found.get("PaginationToken", "")


def find(pool: str, name: str) -> User:
    """Find a user by name, or by the address that they sign in with. Raises Missing."""
    try:
        found = ask(pool, "admin_get_user", Username=name)
    except Refused:  # not a possible name
        raise Missing("user", f"There is no user {name}.") from None
    return _known(pool, found, found["UserAttributes"])


def invite(pool: str, email: str, groups: Iterable[str], *, password: str = "", provider: str = "") -> User:
    """Add a user. Raises Exists.

    Cognito mails them a first password, unless one is given, which nobody is told, or they sign in with a company's
    identity provider: then there is a password that nobody knows. `email` is an address that was checked.
    """
    if len(email) > _LONGEST or not _NAMED.fullmatch(email):
        raise Refused(
            "email",
            f"email: {email!r} cannot be signed in with; one of at most {_LONGEST} letters, digits and . _ + - ' can.",
        )
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    quiet = bool(password or provider)
    made = ask(
        pool,
        "admin_create_user",
        Username=name_for(email),
        UserAttributes=attributes,
        TemporaryPassword=password or first_password(),
        **({"MessageAction": "SUPPRESS"} if quiet else {"DesiredDeliveryMediums": ["EMAIL"]}),
    )["User"]
    user = _user(made, made.get("Attributes", attributes))
    if provider:
        user = _linked(pool, user, provider)
    return regroup(pool, user, frozenset(groups))


def _linked(pool: str, user: User, provider: str) -> User:
    """Let an invited user sign in with a company's identity provider; where that cannot be, nobody is invited.

    A link is made before the first sign-in, or Cognito makes a second user of it. Letters are compared as they are, so
    the address is linked in lower case, too. A user has to be confirmed first: some pools took a link for a second
    owner of an address that was only invited.
    """
    try:
        ask(
            pool,
            "admin_set_user_password",
            Username=user.name,
            Password=f"{secrets.token_urlsafe(48)}Aa1-",
            Permanent=True,
        )
        for address in dict.fromkeys((user.email.lower(), user.email)):
            ask(
                pool,
                "admin_link_provider_for_user",
                DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": user.name},
                SourceUser={
                    "ProviderName": provider,
                    "ProviderAttributeName": NAMES_THEM,
                    "ProviderAttributeValue": address,
                },
            )
    except Exception as error:
        remove(pool, user)
        if isinstance(error, MxtraxError):
            raise Refused("identity_provider", f"identity_provider: {provider} could not be linked: {error}") from error
        raise
    return replace(user, identity_provider=provider, status=_INVITED)


def first_password() -> str:
    """Make a password that any pool takes: 27 characters of all kinds but signs that mails spoil."""
    return f"{secrets.token_urlsafe(18)}Aa1"


def name_for(email: str) -> str:
    """Give the name of the user with this address. No two addresses share one: a domain name has no underscore."""
    return email.replace("@", "_at_")


def regroup(pool: str, user: User, wanted: frozenset[str]) -> User:
    """Put a user into these groups and no others; a customer's is made when it is first needed.

    Where this is cut short, nobody sees more than before or after: who is bound to a customer is so from the first step
    to the last.
    """
    for group in sorted(wanted - user.groups, key=_of_role):
        if group.startswith(CUSTOMER_GROUP):
            _make(pool, group)
        ask(pool, "admin_add_user_to_group", Username=user.name, GroupName=group)
    for group in sorted(user.groups - wanted, key=_of_role, reverse=True):
        ask(pool, "admin_remove_user_from_group", Username=user.name, GroupName=group)
    return replace(user, groups=wanted)


def enable(pool: str, user: User, *, enabled: bool) -> User:
    """Let a user sign in, or no longer, which ends their sessions."""
    if enabled != user.enabled:
        if not enabled:
            end_sessions(pool, user)
        ask(pool, "admin_enable_user" if enabled else "admin_disable_user", Username=user.name)
    return replace(user, enabled=enabled)


def remove(pool: str, user: User) -> None:
    """Remove a user, and end their sessions. For the pool, a token that they have stays valid until it expires."""
    end_sessions(pool, user)
    ask(pool, "admin_delete_user", Username=user.name)


def end_sessions(pool: str, user: User) -> None:
    """Revoke the tokens that would renew a user's sessions: they must sign in again."""
    ask(pool, "admin_user_global_sign_out", Username=user.name)


def bound_to(pool: str, codename: str) -> list[str]:
    """Give the names of those who are in the group of a customer."""
    with suppress(Missing):  # nobody was ever bound to it
        return [each["Username"] for each in _everyone_in(pool, f"{CUSTOMER_GROUP}{codename}")]
    return []


def end_customer(pool: str, codename: str) -> None:
    """End the group of a customer.

    Its members have no access any more. They leave their other groups first; otherwise they would see everybody's
    domains. Anybody who joins the group meanwhile is removed as well.
    """
    group = f"{CUSTOMER_GROUP}{codename}"
    with suppress(Missing):  # nobody was ever bound to it, or another removal was quicker
        for each in list(_everyone_in(pool, group)):
            with suppress(Missing):  # somebody who is removed at the same moment
                user = _known(pool, each, each.get("Attributes", []))
                regroup(pool, user, user.groups - {*ROLES, group})
        ask(pool, "delete_group", GroupName=group)


def _everyone_in(pool: str, group: str) -> Iterator[dict[str, Any]]:
    after: dict[str, str] = {}
    while True:
        found = ask(pool, "list_users_in_group", GroupName=group, **after)
        yield from found["Users"]
        if "NextToken" not in found:
            return
        after = {"NextToken": found["NextToken"]}


def _of_role(group: str) -> bool:
    """Tell a role's group from a customer's, which takes precedence."""
    return not group.startswith(CUSTOMER_GROUP)


def _make(pool: str, group: str) -> None:
    try:
        ask(pool, "create_group", GroupName=group)
    except Exists:
        return


def _known(pool: str, said: dict[str, Any], attributes: list[dict[str, str]]) -> User:
    user = _user(said, attributes)
    found = ask(pool, "admin_list_groups_for_user", Username=user.name)["Groups"]
    return replace(user, groups=frozenset(each["GroupName"] for each in found))


def _user(said: dict[str, Any], attributes: list[dict[str, str]]) -> User:
    email = next((each["Value"] for each in attributes if each["Name"] == "email"), "")
    status, provider = said["UserStatus"], _identity_provider(attributes)
    invited = status == "CONFIRMED" and provider and not _came(attributes)
    return User(
        name=said["Username"],
        email=email,
        enabled=said.get("Enabled", True),
        status=_INVITED if invited else _STATUS.get(status, status.lower().replace("_", " ")),
        created=round(said["UserCreateDate"].timestamp() * SECOND),
        identity_provider=provider,
    )


def _came(attributes: list[dict[str, str]]) -> bool:
    """Say whether a linked user has signed in with their provider; for Cognito they are confirmed before that, too.

    With each sign-in, Cognito writes what the provider calls them into the attribute that it is mapped to.
    """
    return any(each["Name"] == NAMES_THEM for each in attributes)


def _identity_provider(attributes: list[dict[str, str]]) -> str:
    """Read which company's identity provider a user is linked to: Cognito keeps that as JSON in an attribute."""
    try:
        known = json.loads(next((each["Value"] for each in attributes if each["Name"] == "identities"), "[]"))
        return str(known[0]["providerName"]) if known else ""
    except (ValueError, LookupError, TypeError):
        return ""
