"""List, add, edit and remove users."""

from collections.abc import Iterator
from typing import Annotated, Final

import typer

from infra.cli import show, values
from infra.cli.command import AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.admin import users as use_cases
from mxtrax.aws import user_pool
from mxtrax.aws.user_pool import User
from mxtrax.rules.roles import access_of
from mxtrax.rules.untrusted_text import for_terminal

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

SETTABLE: Final = {"role": str, "customer": str | None, "enabled": bool}

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The mail address that they sign in with.")]


@app.command("list")
@deployed
def list_(here: Here, *, as_json: AsJson = False) -> None:
    """List the users and their roles."""
    columns = (
        Column[User]("user", lambda it: it.email or it.name),
        Column[User]("role", lambda it: _role(it) or "no access"),
        Column[User]("customer", lambda it: access_of(it.groups)[1]),
        Column[User]("signs in with", lambda it: it.identity_provider),
        Column[User]("status", lambda it: it.status if it.enabled else "disabled"),
    )
    show.listing(_users(here), columns, as_json=as_json, record=_record, nothing="There are no users yet.")


@app.command()
@deployed
def add(
    here: Here,
    *,
    address: Address,
    role: Annotated[str, typer.Option(metavar="ROLE", help="viewer, operator or admin.")],
    customer: Annotated[
        str, typer.Option(metavar="CODENAME", help="The one customer that a viewer sees. (Default: all.)")
    ] = "",
    identity_provider: Annotated[
        str, typer.Option(metavar="NAME", help="Their company's, to sign in with. (Default: a password.)")
    ] = "",
) -> None:
    """Add a user. Cognito mails them an initial password, or we mail how to sign in with their company's provider."""
    own = {"customer": customer, "identity_provider": identity_provider}
    wanted = {"role": role} | {name: value for name, value in own.items() if value}
    first = user_pool.first_password() if here.local and not identity_provider else ""
    use_cases.invite(here.actor, here.now(), here.settings, address, wanted, password=first)
    if first:
        typer.echo(f"No mail leaves the local world; the initial password is {first}")


@app.command()
@deployed
def edit(
    here: Here,
    *,
    address: Address,
    changes: Annotated[
        list[str],
        typer.Argument(metavar="NAME=VALUE...", help="role=, customer= (empty: all customers) and enabled=."),
    ],
) -> None:
    """Change a user's role, the one customer they see, or whether they can sign in."""
    use_cases.change(here.actor, here.now(), here.settings, address.strip(), values.read(changes, SETTABLE))


@app.command()
@deployed
def remove(here: Here, *, address: Address, yes: Yes = False) -> None:
    """Remove a user. Their tokens become invalid within seconds."""
    user = use_cases.known(here.settings, address.strip())
    show.sure(f"Remove the user {for_terminal(address)} of {here.name}?", yes=yes)
    use_cases.remove(here.actor, here.now(), here.settings, user.name)


def _role(it: User) -> str:
    role, _ = access_of(it.groups)
    return role.name.lower() if role else ""


def _record(it: User) -> dict[str, object]:
    return {
        "name": it.name,
        "address": it.email,
        "role": _role(it) or None,
        "customer": access_of(it.groups)[1] or None,
        "status": it.status,
        "enabled": it.enabled,
        "identity_provider": it.identity_provider or None,
    }


def _users(here: Here) -> Iterator[User]:
    found, after = user_pool.page(here.user_pool, user_pool.MOST)
    yield from found
    while after:
        found, after = user_pool.page(here.user_pool, user_pool.MOST, after)
        yield from found
