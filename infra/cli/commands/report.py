"""`mxtrax report`: the wiki's report of all domains."""

import typer

from infra.cli.command import deployed
from infra.cli.target import Here
from mxtrax.model import DomainHealth
from mxtrax.report import alert as reports
from mxtrax.store import customers, fleet
from mxtrax.store.health import all_health


@deployed
def report(here: Here) -> None:
    """Show the report of all domains, worst first, as in an alert mail."""
    known = {health.maildomain: health for health in all_health()}
    lines = [reports.Line(each, known.get(each.key) or DomainHealth(maildomain=each.key)) for each in fleet.everyone()]
    mail = reports.compose(here.now(), here.config, [], lines, customers.everyone())
    typer.echo(mail.text)
