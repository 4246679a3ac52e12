"""`mxtrax incidents`: what is wrong, and what was."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from infra.cli import find, show
from infra.cli.command import AsJson, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.model import Incident, Millis
from mxtrax.report.words import of_cause
from mxtrax.rules.cause import span
from mxtrax.rules.windows import quiet_until
from mxtrax.rules.zones import zone_of
from mxtrax.store import fleet, windows
from mxtrax.store.incidents import of_domain, pending


@deployed
def incidents(
    here: Here,
    *,
    domain: Annotated[str, typer.Argument(metavar="[DOMAIN]", help="All incidents of this domain.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most this many, latest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the open incidents, or all of one domain."""
    now, zone = here.now(), zone_of(here.config.timezone)
    if domain:
        found = list(of_domain(find.domain(domain).key, limit=limit))
    else:
        found = sorted((it for it in pending() if it.closed is None), key=lambda it: it.opened)
    quiet = quiet_of(found, now)
    columns = (
        Column[Incident]("id", lambda it: it.id),
        Column[Incident]("domain", lambda it: it.maildomain),
        Column[Incident]("customer", lambda it: it.customer),
        Column[Incident]("opened", lambda it: show.when(it.opened, zone)),
        Column[Incident]("lasted", lambda it: _lasted(it, now), number=True),
        Column[Incident]("closed", lambda it: show.when(it.closed, zone) or "open"),
        Column[Incident]("notified", lambda it: show.when(it.notified, zone) or "no"),
        Column[Incident]("on it", lambda it: it.acknowledged_by),
        Column[Incident]("quiet until", lambda it: show.when(quiet.get(it.id), zone)),
        Column[Incident]("cause", lambda it: of_cause(it.cause, it.reason)),
        Column[Incident]("evidence", lambda it: it.evidence),
    )
    nothing = "It never had an incident." if domain else "No incident is open."
    show.listing(
        found,
        columns,
        as_json=as_json,
        record=lambda it: asdict(it) | {"quiet_until": quiet.get(it.id)},
        nothing=nothing,
    )


def quiet_of(found: Sequence[Incident], now: Millis) -> dict[str, Millis]:
    """Give until when open incidents are quiet, by incident id."""
    planned = windows.everything()
    domains = fleet.by_keys(it.maildomain for it in found if it.closed is None) if planned else {}
    ends = {it.id: quiet_until(planned, domains[it.maildomain], now) for it in found if it.maildomain in domains}
    return {number: until for number, until in ends.items() if until}


def _lasted(incident: Incident, now: Millis) -> str:
    return span(max(0, (now if incident.closed is None else incident.closed) - incident.opened))
