"""List, add, edit and remove customers."""

from collections import Counter
from typing import Annotated

import typer

from infra.cli import show, values
from infra.cli.command import AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.admin import customer_removal
from mxtrax.admin import customers as use_cases
from mxtrax.errors import Refused
from mxtrax.model import Customer
from mxtrax.rules.untrusted_text import for_terminal
from mxtrax.store import customers, fleet

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

SETTABLE = values.settable(Customer, but=("codename", "link", "version"))

Code = Annotated[str, typer.Argument(metavar="CODENAME", help="The short code.")]


@app.command("list")
@deployed
def list_(here: Here, *, as_json: AsJson = False) -> None:  # noqa: ARG001 -- the store is connected with it
    """List the customers."""
    domains = Counter(each.customer for each in fleet.everyone())
    columns = (
        Column[Customer]("code", lambda it: it.codename),
        Column[Customer]("name", lambda it: it.friendlyname),
        Column[Customer]("domains", lambda it: f"{domains[it.codename]:,}", number=True),
        Column[Customer]("alerts to", lambda it: values.word(it.alertuser)),
    )
    found = sorted(customers.everyone().values(), key=lambda it: it.codename)
    show.listing(found, columns, as_json=as_json, nothing="There are no customers yet.")


@app.command()
@deployed
def add(
    here: Here,
    *,
    codename: Code,
    friendlyname: Annotated[str, typer.Argument(metavar="NAME", help="The name as people know it.")],
    changes: Annotated[list[str] | None, typer.Argument(metavar="[NAME=VALUE...]", help="Other fields.")] = None,
) -> None:
    """Add a customer."""
    if (field := friendlyname.partition("=")[0]) in SETTABLE:
        raise Refused(field, f"the name comes before the fields, and alone: mxtrax customers add {codename} 'Acme Ltd'")
    wanted = Customer(codename=codename, friendlyname=friendlyname, **values.read(changes or (), SETTABLE))
    use_cases.add(here.actor, here.now(), wanted)


@app.command()
@deployed
def edit(
    here: Here, *, codename: Code, changes: Annotated[list[str], values.such_as("friendlyname='Acme Ltd'")]
) -> None:
    """Change a customer's name, alert recipients, or the note on its public page (public_note)."""
    use_cases.change(here.actor, here.now(), codename, values.read(changes, SETTABLE))


@app.command()
@deployed
def remove(here: Here, *, codename: Code, yes: Yes = False) -> None:
    """Remove a customer that has no domains left, with its windows and channels. Its people lose access."""
    before = use_cases.known(here.actor, codename)
    show.sure(f"Remove the customer {codename} ({for_terminal(before.friendlyname)}) of {here.name}?", yes=yes)
    for name in customer_removal.remove(here.actor, here.now(), here.settings, codename):
        show.note(f"{name} was bound to {codename} and no longer has access: `mxtrax users edit` restores it.")


@app.command()
@deployed
def link(
    here: Here,
    *,
    codename: Code,
    end: Annotated[bool, typer.Option("--end", help="Close the page: its link stops working.")] = False,
    yes: Yes = False,
) -> None:
    """Create a customer's public status page and print its link. An earlier link stops working."""
    before = use_cases.known(here.actor, codename)
    if before.link:
        show.sure(f"The current link of {codename} will stop working. Continue?", yes=yes)
    elif end:
        show.note(f"{codename} has no public page.")
    if end:
        use_cases.end_link(here.actor, here.now(), codename)
    else:
        made = use_cases.make_link(here.actor, here.now(), codename)
        typer.echo(f"{here.api_url}/status/{made.link}")
