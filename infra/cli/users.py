"""`mxtrax users`: who may log in, and what they may do. They are kept by Cognito."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer
from botocore.exceptions import ClientError

from infra.cli import show
from infra.cli.changes import change
from infra.cli.frame import AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.api.rights import CUSTOMER_GROUP, GROUPS
from mxtrax.checks import check_address, check_codename
from mxtrax.errors import Exists, Missing, Refused
from mxtrax.store import audit, fleet

app = typer.Typer(help="List, add and remove users, and say what they may do.", no_args_is_help=True)

POOL: Final = "UserPoolId"
"""The stack's output that names the user pool."""

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The mail address that they log in with.")]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in."""

    address: str
    status: str
    groups: tuple[str, ...]


@app.command("list")
@deployed
def list_(here: Here, *, as_json: AsJson = False) -> None:
    """List the users with their groups."""
    columns = (
        Column[User]("user", lambda it: it.address),
        Column[User]("groups", lambda it: ", ".join(it.groups) or "none: they may nothing"),
        Column[User]("status", lambda it: it.status),
    )
    show.listing(_users(here), columns, as_json=as_json, nothing="There are no users yet.")


@app.command()
@deployed
def add(
    here: Here,
    *,
    address: Address,
    group: Annotated[
        list[str], typer.Option(metavar="GROUP", help="viewer, operator, admin, or customer:CODENAME; repeatable.")
    ],
) -> None:
    """Add a user. Cognito mails them a first password."""
    name, groups = check_address("user", address), _checked(group)
    attributes = [{"Name": "email", "Value": name}, {"Name": "email_verified", "Value": "true"}]
    # An address cannot be the name in a pool that takes it for another name of the user; the audit shows this one.
    user = name.replace("@", "_at_")
    first = f"{secrets.token_urlsafe(18)}Aa1"
    way = (
        {"TemporaryPassword": first, "MessageAction": "SUPPRESS"}
        if here.local
        else {"DesiredDeliveryMediums": ["EMAIL"]}
    )
    try:
        _pool(here, "admin_create_user", Username=user, UserAttributes=attributes, **way)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"UsernameExistsException", "AliasExistsException"}:
            raise Exists("user", f"{name} is a user already: `mxtrax users groups` says what they may do.") from error
        raise
    for each in groups:
        _join(here, user, each)
    if here.local:
        typer.echo(f"No mail leaves the local world; the first password is {first}")
    audit.note(change(here, "user.add", f"user {name}", after={"groups": groups}))


@app.command()
@deployed
def groups(
    here: Here,
    *,
    address: Address,
    group: Annotated[list[str], typer.Argument(metavar="GROUP...", help="All groups they are in from now on.")],
) -> None:
    """Say which groups a user is in: viewer, operator, admin, or customer:CODENAME."""
    wanted, user = _checked(group), _known(here, address)
    before = list(_groups(here, user))
    for each in wanted:
        if each not in before:
            _join(here, user, each)
    for each in before:
        if each not in wanted:
            _pool(here, "admin_remove_user_from_group", Username=user, GroupName=each)
    audit.note(change(here, "user.change", f"user {address}", before={"groups": before}, after={"groups": wanted}))


@app.command()
@deployed
def remove(here: Here, *, address: Address, yes: Yes = False) -> None:
    """Remove a user. A token that they hold is good until it expires, an hour at most."""
    user = _known(here, address)
    before = list(_groups(here, user))
    show.sure(f"Remove the user {show.plain(address)} of {here.name}?", yes=yes)
    _pool(here, "admin_delete_user", Username=user)
    audit.note(change(here, "user.remove", f"user {address}", before={"groups": before}))


def _checked(wanted: Iterable[str]) -> list[str]:
    """Check groups: a role, or a customer that is there."""
    for each in wanted:
        if each.startswith(CUSTOMER_GROUP):
            codename = check_codename(each.removeprefix(CUSTOMER_GROUP), "group")
            if fleet.customer(codename) is None:
                raise Missing("group", f"There is no customer {codename!r}: `mxtrax customers list` shows them.")
        elif each not in GROUPS:
            raise Refused(
                "group", f"group: {each!r} should be one of {', '.join(GROUPS)}, or {CUSTOMER_GROUP}CODENAME."
            )
    return list(dict.fromkeys(wanted))


def _users(here: Here) -> Iterator[User]:
    client = here.client("cognito-idp")
    for page in client.get_paginator("list_users").paginate(UserPoolId=here.output(POOL)):
        for each in page["Users"]:
            attributes = {it["Name"]: it["Value"] for it in each.get("Attributes", ())}
            status = "disabled" if not each.get("Enabled", True) else each["UserStatus"].lower().replace("_", " ")
            known = tuple(_groups(here, each["Username"]))
            yield User(attributes.get("email", each["Username"]), status, known)


def _groups(here: Here, name: str) -> Iterator[str]:
    for each in _pool(here, "admin_list_groups_for_user", Username=name)["Groups"]:
        yield each["GroupName"]


def _join(here: Here, name: str, group: str) -> None:
    """Put a user into a group; one of a customer is made when it is first needed."""
    if group.startswith(CUSTOMER_GROUP):
        try:
            _pool(here, "create_group", GroupName=group)
        except ClientError as error:
            if error.response["Error"]["Code"] != "GroupExistsException":
                raise
    _pool(here, "admin_add_user_to_group", Username=name, GroupName=group)


def _known(here: Here, address: str) -> str:
    """Give the name that the pool has for a user."""
    name = check_address("user", address)
    found = _pool(here, "list_users", Filter=f'email = "{name}"')["Users"]
    if not found:
        raise Missing("user", f"There is no user {name}: `mxtrax users list` shows them.")
    return str(found[0]["Username"])


def _pool(here: Here, call: str, **request: object) -> Any:  # noqa: ANN401 -- boto3 makes its answers at run time
    return getattr(here.client("cognito-idp"), call)(UserPoolId=here.output(POOL), **request)
