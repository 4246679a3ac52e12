"""List, add, edit and remove customers."""

from collections import Counter
from dataclasses import asdict
from typing import Annotated, Any

import typer

from infra.cli import show, values
from infra.cli.command import AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.admin import customer_removal
from mxtrax.admin import customers as use_cases
from mxtrax.admin import month as months
from mxtrax.model import Customer
from mxtrax.report.month import render
from mxtrax.rules.cause import span
from mxtrax.rules.month import Minutes, OfDomain
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
    wanted = Customer(codename=codename, friendlyname=friendlyname, **values.read(changes or (), SETTABLE))
    use_cases.add(here.actor, here.now(), wanted)


@app.command()
@deployed
def edit(
    here: Here,
    *,
    codename: Code,
    changes: Annotated[list[str], typer.Argument(metavar="NAME=VALUE...", help="Such as friendlyname='Acme Ltd'.")],
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


@app.command()
@deployed
def month(
    here: Here,
    *,
    codename: Code,
    name: Annotated[str, typer.Argument(metavar="[MONTH]", help="Such as 2026-11. (Default: the current month.)")] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="As a CSV file, with times in minutes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Report a customer's month: how long each domain could receive mail, and what is excluded."""
    config = here.config
    found = months.read(here.now(), use_cases.known(here.actor, codename), name, config.timezone)
    if as_csv:
        typer.echo(render(found, config.target_percent).decode(), nl=False)
        return
    columns = (
        Column[OfDomain]("domain", lambda it: it.domain.address),
        Column[OfDomain]("available", lambda it: _share(it.minutes), number=True),
        Column[OfDomain]("down", lambda it: span(it.minutes.down), number=True),
        Column[OfDomain]("slow", lambda it: span(it.minutes.slow), number=True),
        Column[OfDomain]("left out", lambda it: span(it.minutes.left_out), number=True),
        Column[OfDomain]("unmeasured", lambda it: span(it.minutes.unmeasured), number=True),
        Column[OfDomain]("incidents", lambda it: f"{len(it.incidents):,}", number=True),
    )
    show.listing(found.domains, columns, as_json=as_json, record=_record, nothing="It has no domains.")
    if as_json:
        return
    whole = found.minutes
    used = f"{span(whole.down)} of {span(whole.allowed(config.target_percent))} allowed"
    show.note(f"{found.name}: {_share(whole)} available, {config.target_percent:g} % is the target; {used}.")


def _record(it: OfDomain) -> dict[str, Any]:
    return {"domain": it.domain.address, **asdict(it.minutes), "incidents": [each.id for each in it.incidents]}


def _share(it: Minutes) -> str:
    return "-" if it.availability is None else f"{it.availability:.3f} %"
