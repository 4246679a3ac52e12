"""List, add and remove users, and say what they may do."""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from infra.cli import show
from infra.cli.changes import change
from infra.cli.command import AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.api.rights import GROUPS
from mxtrax.aws import user_pool
from mxtrax.aws.user_pool import User
from mxtrax.errors import Exists, Missing, Refused
from mxtrax.model import CUSTOMER_GROUP
from mxtrax.rules.untrusted_text import for_terminal
from mxtrax.rules.validation import check_address, check_codename
from mxtrax.store import audit, customers

app = typer.Typer(help=__doc__, no_args_is_help=True)

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The mail address that they log in with.")]


@app.command("list")
@deployed
def list_(here: Here, *, as_json: AsJson = False) -> None:
    """List the users with their groups."""
    columns = (
        Column[User]("user", lambda it: it.email or it.name),
        Column[User]("groups", lambda it: ", ".join(sorted(it.groups)) or "none: no access"),
        Column[User]("status", lambda it: it.status if it.enabled else "disabled"),
    )
    show.listing(_users(here), columns, as_json=as_json, record=_record, nothing="There are no users yet.")


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
    email, groups = check_address("user", address), _checked(group)
    first = user_pool.first_password() if here.local else ""
    try:
        user = user_pool.invite(here.user_pool, email, groups, first)
    except Exists as there:
        raise Exists("user", f"{email} is a user already: `mxtrax users groups` says what they may do.") from there
    if first:
        typer.echo(f"No mail leaves the local world; the first password is {first}")
    audit.note(change(here, "user.add", f"user {user.name}", after={"groups": sorted(groups)}))


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
    user_pool.regroup(here.user_pool, user, wanted)
    sides = {"groups": sorted(user.groups)}, {"groups": sorted(wanted)}
    audit.note(change(here, "user.change", f"user {user.name}", before=sides[0], after=sides[1]))


@app.command()
@deployed
def remove(here: Here, *, address: Address, yes: Yes = False) -> None:
    """Remove a user. A token that they hold is good until it expires, an hour at most."""
    user = _known(here, address)
    show.sure(f"Remove the user {for_terminal(address)} of {here.name}?", yes=yes)
    user_pool.remove(here.user_pool, user)
    audit.note(change(here, "user.remove", f"user {user.name}", before={"groups": sorted(user.groups)}))


def _record(it: User) -> dict[str, object]:
    return {
        "name": it.name,
        "address": it.email,
        "groups": sorted(it.groups),
        "status": it.status,
        "enabled": it.enabled,
    }


def _checked(wanted: Iterable[str]) -> frozenset[str]:
    """Check groups: a role, or a customer that is there."""
    for each in wanted:
        if each.startswith(CUSTOMER_GROUP):
            codename = check_codename(each.removeprefix(CUSTOMER_GROUP), "group")
            if customers.get(codename) is None:
                raise Missing("group", f"There is no customer {codename!r}: `mxtrax customers list` shows them.")
        elif each not in GROUPS:
            raise Refused(
                "group", f"group: {each!r} should be one of {', '.join(GROUPS)}, or {CUSTOMER_GROUP}CODENAME."
            )
    return frozenset(wanted)


def _users(here: Here) -> Iterator[User]:
    found, after = user_pool.page(here.user_pool, user_pool.MOST)
    yield from found
    while after:
        found, after = user_pool.page(here.user_pool, user_pool.MOST, after)
        yield from found


def _known(here: Here, address: str) -> User:
    try:
        return user_pool.find(here.user_pool, address.strip())
    except Missing as nobody:
        raise Missing("user", f"There is no user {address}: `mxtrax users list` shows them.") from nobody
