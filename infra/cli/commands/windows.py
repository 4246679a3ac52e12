"""List, add, edit and remove maintenance windows."""

from dataclasses import asdict
from typing import Annotated, Final

import typer

from infra.cli import find, show, values
from infra.cli.command import AsJson, Yes, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.admin import windows as use_cases
from mxtrax.errors import Refused
from mxtrax.model import Scope, Window
from mxtrax.rules.windows import is_quiet
from mxtrax.store import windows

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

SETTABLE: Final = values.settable(Window, but=("id", "version"))

Id = Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.")]

MOMENT: Final = "Local time, such as 2026-11-22T22:00."


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
    weekly: Annotated[bool, typer.Option("--weekly", help="Repeat every week.")] = False,
    zone: Annotated[str, typer.Option(metavar="ZONE", help="The time zone, such as Europe/Berlin.")] = "UTC",
    note: Annotated[str, typer.Option(metavar="TEXT", help="Whether tests go on.")] = "",
) -> None:
    """Add a window. Tests continue during it, no alert is sent, and its figures are kept separately."""
    if [bool(domain), bool(customer), everything].count(True) != 1:
        raise Refused("target", "Who is it for? Use one of --domain, --customer and --all.")
    scope, target = Scope.ALL, ""
    if domain:
        scope, target = Scope.DOMAIN, find.domain(domain).key
    elif customer:
        scope, target = Scope.CUSTOMER, customer
    wanted = Window(id="", scope=scope, target=target, start=start, end=end, zone=zone, weekly=weekly, note=note)
    typer.echo(use_cases.add(here.actor, here.now(), wanted).id)


@app.command()
@deployed
def edit(here: Here, *, number: Id, changes: Annotated[list[str], values.such_as("end=2026-11-23T08:00")]) -> None:
    """Change a window: its time, its target, or whether tests go on."""
    use_cases.change(here.actor, here.now(), number, values.read(changes, SETTABLE))


@app.command()
@deployed
def remove(here: Here, *, number: Id, yes: Yes = False) -> None:
    """Remove a window."""
    window = use_cases.known(number)
    whom = f"{window.scope} {window.target}".strip()
    show.sure(f"Remove the window from {window.start} to {window.end} for {whom} of {here.name}?", yes=yes)
    use_cases.remove(here.actor, here.now(), number)
