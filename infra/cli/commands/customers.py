"""List, add, edit and remove customers."""

import secrets
from collections import Counter
from dataclasses import replace
from typing import Annotated

import typer

from infra.cli import show, values
from infra.cli.changes import change, must
from infra.cli.command import AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.api.v3.customers.link import BYTES
from mxtrax.aws import user_pool
from mxtrax.errors import Exists, Missing, Refused
from mxtrax.model import Customer
from mxtrax.report.words import many
from mxtrax.rules.untrusted_text import for_terminal
from mxtrax.rules.validation import check_customer
from mxtrax.store import customers, fleet

app = typer.Typer(help=__doc__, no_args_is_help=True)

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
    wanted = values.read(changes or (), SETTABLE)
    new = check_customer(replace(Customer(codename=codename, friendlyname=friendlyname), **wanted))
    if not customers.add(new, change(here, "customer.add", f"customer {new.codename}", after=new)):
        raise Exists("codename", f"There is a customer {new.codename} already: `mxtrax customers edit` changes it.")


@app.command()
@deployed
def edit(
    here: Here,
    *,
    codename: Code,
    changes: Annotated[list[str], typer.Argument(metavar="NAME=VALUE...", help="Such as friendlyname='Acme Ltd'.")],
) -> None:
    """Change a customer's name, or whom its alerts go to."""
    before = _found(codename)
    after = check_customer(replace(before, **values.read(changes, SETTABLE)))
    saved = customers.save(after, change(here, "customer.change", f"customer {codename}", before=before, after=after))
    must(saved, codename)


@app.command()
@deployed
def remove(here: Here, *, codename: Code, yes: Yes = False) -> None:
    """Remove a customer that has no domains any more."""
    before = _found(codename)
    if domains := fleet.count(codename):
        raise Refused(
            "codename", f"{codename} has {many(domains, 'domain')}: remove them first, or give them to another."
        )
    show.sure(f"Remove the customer {codename} ({for_terminal(before.friendlyname)}) of {here.name}?", yes=yes)
    for name in user_pool.end_customer(here.user_pool, codename):
        show.note(
            f"{name} was bound to {codename} and no longer has any access: `mxtrax users groups` gives them a group."
        )
    must(customers.remove(before, change(here, "customer.remove", f"customer {codename}", before=before)), codename)


@app.command()
@deployed
def link(
    here: Here,
    *,
    codename: Code,
    end: Annotated[bool, typer.Option("--end", help="End it: the link shows nothing any more.")] = False,
    yes: Yes = False,
) -> None:
    """Give a customer a public status page behind a new link, and print that; the one before it is void."""
    before = _found(codename)
    if before.link:
        show.sure(f"The link that {codename} has will be void. Go on?", yes=yes)
    elif end:
        show.note(f"{codename} has no public page.")
        return
    after = replace(before, link="" if end else secrets.token_urlsafe(BYTES))
    sides = {"public": bool(before.link)}, {"public": bool(after.link)}
    what = "customer.unlink" if end else "customer.link"
    done = change(here, what, f"customer {codename}", before=sides[0], after=sides[1])
    must(customers.save(after, done), codename)
    if after.link:
        typer.echo(f"{here.api_url}/status/{after.link}")


def _found(codename: str) -> Customer:
    found = customers.get(codename)
    if found is None:
        raise Missing("codename", f"There is no customer {codename!r}: `mxtrax customers list` shows them.")
    return found
