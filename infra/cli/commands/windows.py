"""List, add and remove maintenance windows."""

import secrets
from dataclasses import asdict
from typing import Annotated, Final

import typer

from infra.cli import find, show
from infra.cli.changes import change, must
from infra.cli.command import AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.errors import Missing, Refused
from mxtrax.model import Scope, Window
from mxtrax.rules.validation import check_window
from mxtrax.rules.windows import is_quiet
from mxtrax.store import customers, windows

app = typer.Typer(help=__doc__, no_args_is_help=True)

MOMENT: Final = "What a clock on the wall shows then, as 2026-11-22T22:00."


@app.command("list")
@deployed
def list_(here: Here, *, as_json: AsJson = False) -> None:
    """List the windows."""
    now = here.now()
    columns = (
        Column[Window]("id", lambda it: it.id),
        Column[Window]("now", lambda it: "on" if is_quiet(it, now) else ""),
        Column[Window]("start", lambda it: it.start),
        Column[Window]("end", lambda it: it.end),
        Column[Window]("zone", lambda it: it.zone),
        Column[Window]("again", lambda it: "weekly" if it.weekly else "once"),
        Column[Window]("for", lambda it: f"{it.scope} {it.target}".strip()),
        Column[Window]("note", lambda it: " ".join(it.note.split())),
    )
    found = sorted(windows.everything(), key=lambda it: (it.start, it.id))
    show.listing(
        found,
        columns,
        as_json=as_json,
        record=lambda it: asdict(it) | {"on": is_quiet(it, now)},
        nothing="There are no maintenance windows.",
    )


@app.command()
@deployed
def add(
    here: Here,
    *,
    start: Annotated[str, typer.Argument(metavar="START", help=MOMENT)],
    end: Annotated[str, typer.Argument(metavar="END", help=MOMENT)],
    domain: Annotated[str, typer.Option(metavar="DOMAIN", help="For one domain.")] = "",
    customer: Annotated[str, typer.Option(metavar="CODENAME", help="For one customer's domains.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="For all domains.")] = False,
    weekly: Annotated[bool, typer.Option("--weekly", help="Again every week.")] = False,
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Whose clock: as Europe/Berlin.")] = "UTC",
    note: Annotated[str, typer.Option(metavar="TEXT", help="What is done then.")] = "",
) -> None:
    """Add a window. Testing goes on in it, no alert is sent, and its figures are kept apart."""
    if [bool(domain), bool(customer), everything].count(True) != 1:
        raise Refused("target", "Whom is it for? Say one of --domain, --customer and --all.")
    scope, target = Scope.ALL, ""
    if domain:
        scope, target = Scope.DOMAIN, find.domain(domain).key
    elif customer:
        scope, target = Scope.CUSTOMER, customer
        if customers.get(customer) is None:
            raise Missing("customer", f"There is no customer {customer!r}: `mxtrax customers list` shows them.")
    number = secrets.token_hex(8)
    window = check_window(
        Window(id=number, scope=scope, target=target, start=start, end=end, zone=zone, weekly=weekly, note=note)
    )
    must(windows.save(window, change(here, "window.add", f"window {window.id}", after=asdict(window))), window.id)
    typer.echo(window.id)


@app.command()
@deployed
def remove(
    here: Here, *, number: Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.")], yes: Yes = False
) -> None:
    """Remove a window."""
    window = windows.get(number)
    if window is None:
        raise Missing("id", f"There is no window {number!r}: `mxtrax windows list` shows them.")
    whom = f"{window.scope} {window.target}".strip()
    show.sure(f"Remove the window from {window.start} to {window.end} for {whom} of {here.name}?", yes=yes)
    must(windows.remove(window, change(here, "window.remove", f"window {number}", before=asdict(window))), number)
