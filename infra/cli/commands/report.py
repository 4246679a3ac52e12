"""`mxtrax report`: the wiki's report of all domains, and a customer's month."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from infra.cli import show
from infra.cli.command import AsJson, by_itself, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.admin import customers as use_cases
from mxtrax.admin import month as months
from mxtrax.model import DomainHealth
from mxtrax.report import alert as reports
from mxtrax.report.month import render
from mxtrax.rules.cause import span
from mxtrax.rules.month import Minutes, OfDomain
from mxtrax.store import customers, fleet
from mxtrax.store.health import all_health

app = typer.Typer(invoke_without_command=True, add_completion=False)


@app.callback()
@by_itself
@deployed
def report(here: Here) -> None:
    """Show the report of all domains, worst first, as in an alert mail; `report month` shows a customer's month."""
    known = {health.maildomain: health for health in all_health()}
    lines = [reports.Line(each, known.get(each.key) or DomainHealth(maildomain=each.key)) for each in fleet.everyone()]
    mail = reports.compose(here.now(), here.config, [], lines, customers.everyone())
    typer.echo(mail.text)


@app.command()
@deployed
def month(
    here: Here,
    *,
    codename: Annotated[str, typer.Argument(metavar="CODENAME", help="The customer's short code.")],
    name: Annotated[str, typer.Argument(metavar="[MONTH]", help="Such as 2026-11. (Default: the current month.)")] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="As a CSV file, with times in minutes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Report a customer's month: how long each domain could receive mail, and what is excluded."""
    config = here.config
    whose = use_cases.known(here.actor, codename)
    found = months.read(here.now(), whose, name, config.timezone)
    if as_csv:
        typer.echo(render(found, whose.friendlyname, config.target_percent).decode(), nl=False)
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
