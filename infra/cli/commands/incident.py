"""`mxtrax incident`: one incident, and what people do about it."""

from typing import Annotated

import typer

from infra.cli import show
from infra.cli.command import AsJson, deployed
from infra.cli.commands.incidents import quiet_of
from infra.cli.target import Here
from mxtrax.admin import incidents
from mxtrax.model import Incident, Millis
from mxtrax.rules.explanation import Explanation, explain
from mxtrax.rules.zones import zone_of


@deployed
def incident(
    here: Here,
    *,
    number: Annotated[str, typer.Argument(metavar="ID", help="As `mxtrax incidents` lists it.")],
    acknowledge: Annotated[
        bool | None, typer.Option("--acknowledge/--take-back", help="Say that you are on it, or no longer are.")
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="What you know or did about it.")] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Close it and judge its domain only by tests sent from now on.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show an incident; acknowledge it, add a note, or accept its domain as it is."""
    found = incidents.known(here.actor, number)
    if acknowledge is not None or note is not None:
        found = incidents.change(here.actor, here.now(), number, acknowledged=acknowledge, note=note)
    if accept:
        found = incidents.accept(here.actor, here.now(), number)
    if as_json:
        show.as_object(found)
    else:
        quiet = quiet_of([found], here.now()).get(found.id)
        show.pairs(_lines(found, quiet, here.config.timezone))


def _lines(it: Incident, quiet: Millis | None, timezone: str) -> list[tuple[str, str]]:
    zone = zone_of(timezone)
    told = explain(it.cause, it.reason, it.provider)
    by = f"{show.when(it.acknowledged, zone)} by {it.acknowledged_by}"
    return [
        ("Domain", it.maildomain),
        ("Opened", show.when(it.opened, zone)),
        ("Closed", show.when(it.closed, zone) or "open"),
        ("Cause", told.words),
        ("Evidence", it.evidence),
        ("It means", told.meaning),
        *_steps(told),
        ("Fault", f"{told.fault} ({told.certainty})"),
        ("Notified", show.when(it.notified, zone) or "no"),
        ("Second list", f"notified {show.when(it.escalated, zone)}" if it.escalated else "not notified"),
        ("Quiet", f"until {show.when(quiet, zone)}" if quiet else "no"),
        ("Acknowledged", by if it.acknowledged else "no"),
        ("Note", it.note),
    ]


def _steps(told: Explanation) -> list[tuple[str, str]]:
    return [("Next" if number == 1 else "", f"{number}. {step}") for number, step in enumerate(told.next_steps, 1)]
