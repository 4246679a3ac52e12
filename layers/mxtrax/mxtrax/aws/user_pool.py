"""Who may sign in, kept by Cognito: each call of its user pool once, with what its failures mean.

A user's name is made of their mail address, ann_at_operator.example: a pool that takes addresses for signing in takes
none as a name, and this one can be read in tokens and in the audit. What their groups mean is for api/rights.py to say.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from mxtrax.aws import clients
from mxtrax.errors import Exists, Missing, Refused, TryAgain
from mxtrax.model import CUSTOMER_GROUP, ROLES, SECOND, Millis

MOST: Final = 60
"""Users in a page: what Cognito gives at once."""

AT_ONCE: Final = 8
"""Users whose groups are asked for side by side; Cognito has no call that gives users with their groups."""

_NAMED: Final = re.compile(r"[A-Za-z0-9._+'-]+@[a-z0-9.-]+")
_LONGEST: Final = 125
"""Characters of an address: a name has 128 at most, and three more for its @."""

_STATUS: Final = {"FORCE_CHANGE_PASSWORD": "invited", "RESET_REQUIRED": "password to be reset"}
_GONE: Final = frozenset({"UserNotFoundException", "ResourceNotFoundException"})
_THERE: Final = frozenset({"UsernameExistsException", "AliasExistsException"})
_MALFORMED: Final = frozenset({"InvalidParameterException", "InvalidToken"})
"""The latter is what others than AWS say of a page's beginning that is none."""

_PASSING: Final = frozenset(
    {"TooManyRequestsException", "LimitExceededException", "InternalErrorException", "CodeDeliveryFailureException"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in. `status` is `invited` until they have."""

    name: str
    email: str
    enabled: bool
    status: str
    created: Millis
    groups: frozenset[str] = frozenset()


def page(pool: str, limit: int, after: str = "") -> tuple[list[User], str]:
    """Read a page of users with their groups, and where the next one begins."""
    more = {"PaginationToken": after} if after else {}
    try:
        found = _ask(pool, "list_users", Limit=min(limit, MOST), **more)
    except Refused:
        raise Refused("after", "after: this is not from this list; begin without it, and follow the links.") from None
    with ThreadPoolExecutor(AT_ONCE) as side_by_side:
        known = list(side_by_side.map(lambda each: _known(pool, each, each.get("Attributes", [])), found["Users"]))
    return known, found.get("PaginationToken", "")


def find(pool: str, name: str) -> User:
    """Find a user by name, or by the address that they sign in with. Raises Missing."""
    try:
        found = _ask(pool, "admin_get_user", Username=name)
    except Refused:  # what cannot be a name is nobody's
        raise Missing("user", f"There is no user {name}.") from None
    return _known(pool, found, found["UserAttributes"])


def invite(pool: str, email: str, groups: Iterable[str], password: str = "") -> User:
    """Add a user; Cognito mails them a first password, unless one is given, which nobody is told. Raises Exists.

    `email` is an address that was checked.
    """
    if len(email) > _LONGEST or not _NAMED.fullmatch(email):
        raise Refused(
            "email",
            f"email: {email!r} cannot be signed in with; one of at most {_LONGEST} letters, digits and . _ + - ' can.",
        )
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    way = {"MessageAction": "SUPPRESS"} if password else {"DesiredDeliveryMediums": ["EMAIL"]}
    made = _ask(
        pool,
        "admin_create_user",
        Username=name_for(email),
        UserAttributes=attributes,
        TemporaryPassword=password or first_password(),
        **way,
    )["User"]
    user = _user(made, made.get("Attributes", attributes))
    return regroup(pool, user, frozenset(groups))


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
        _ask(pool, "admin_add_user_to_group", Username=user.name, GroupName=group)
    for group in sorted(user.groups - wanted, key=_of_role, reverse=True):
        _ask(pool, "admin_remove_user_from_group", Username=user.name, GroupName=group)
    return replace(user, groups=wanted)


def enable(pool: str, user: User, *, enabled: bool) -> User:
    """Let a user sign in, or not any more."""
    if enabled != user.enabled:
        _ask(pool, "admin_enable_user" if enabled else "admin_disable_user", Username=user.name)
    return replace(user, enabled=enabled)


def remove(pool: str, user: User) -> None:
    """Remove a user. A token that they hold is good until it expires."""
    _ask(pool, "admin_delete_user", Username=user.name)


def bound_to(pool: str, codename: str) -> list[str]:
    """Give the names of those who are in the group of a customer."""
    with suppress(Missing):  # nobody was ever bound to it
        return [each["Username"] for each in _everyone_in(pool, f"{CUSTOMER_GROUP}{codename}")]
    return []


def end_customer(pool: str, codename: str) -> None:
    """End the group of a customer. Those who are in it have no access any more.

    They leave their other groups first; bound to nobody, they would see everybody's domains. Who comes to the group
    meanwhile goes with it.
    """
    group = f"{CUSTOMER_GROUP}{codename}"
    with suppress(Missing):  # nobody was ever bound to it, or another removal was quicker
        for each in list(_everyone_in(pool, group)):
            with suppress(Missing):  # somebody who is removed at the same moment
                user = _known(pool, each, each.get("Attributes", []))
                regroup(pool, user, user.groups - {*ROLES, group})
        _ask(pool, "delete_group", GroupName=group)


def _everyone_in(pool: str, group: str) -> Iterator[dict[str, Any]]:
    after: dict[str, str] = {}
    while True:
        found = _ask(pool, "list_users_in_group", GroupName=group, **after)
        yield from found["Users"]
        if "NextToken" not in found:
            return
        after = {"NextToken": found["NextToken"]}


def _of_role(group: str) -> bool:
    """Tell a role's group from a customer's, which goes before it."""
    return not group.startswith(CUSTOMER_GROUP)


def _make(pool: str, group: str) -> None:
    try:
        _ask(pool, "create_group", GroupName=group)
    except Exists:
        return


def _known(pool: str, said: dict[str, Any], attributes: list[dict[str, str]]) -> User:
    user = _user(said, attributes)
    found = _ask(pool, "admin_list_groups_for_user", Username=user.name)["Groups"]
    return replace(user, groups=frozenset(each["GroupName"] for each in found))


def _user(said: dict[str, Any], attributes: list[dict[str, str]]) -> User:
    email = next((each["Value"] for each in attributes if each["Name"] == "email"), "")
    status = said["UserStatus"]
    return User(
        name=said["Username"],
        email=email,
        enabled=said.get("Enabled", True),
        status=_STATUS.get(status, status.lower().replace("_", " ")),
        created=round(said["UserCreateDate"].timestamp() * SECOND),
    )


def _ask(pool: str, call: str, **request: Any) -> Any:  # noqa: ANN401 -- botocore makes its answers at run time
    try:
        return getattr(clients.client("cognito-idp"), call)(UserPoolId=pool, **request)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _GONE:
            raise Missing("user", "There is no such user.") from error
        if code in _THERE:
            raise Exists("email", "email: somebody signs in with this address already.") from error
        if code == "GroupExistsException":
            raise Exists("group", "This group is there already.") from error
        if code in _MALFORMED:
            raise Refused("user", f"user: {error.response['Error'].get('Message', code)}") from error
        if code in _PASSING:
            raise TryAgain(f"Cognito: {code}") from error
        raise
    except BotoCoreError as error:
        raise TryAgain(f"Cognito: {error}") from error
