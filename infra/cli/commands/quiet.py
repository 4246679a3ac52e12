"""`mxtrax quiet`: mute alerts for a while."""

import re
from typing import Annotated, Final

import typer

from infra.cli import find, show
from infra.cli.command import deployed
from infra.cli.target import Here
from mxtrax.admin import quiet as use_cases
from mxtrax.errors import Missing, Refused
from mxtrax.model import DAY, HOUR, MINUTE, Millis, Scope
from mxtrax.rules.should_be import shown
from mxtrax.rules.zones import zone_of
from mxtrax.store import customers, windows

_UNITS: Final = {"m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY}


@deployed
def quiet(
    here: Here,
    *,
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="A domain, a customer's codename, or a window's ID with --end.")
    ],
    lasting: Annotated[str, typer.Argument(metavar="TIME", help="How long, such as 90min, 8h or 2d.")] = "1h",
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why.")] = "",
    end: Annotated[bool, typer.Option("--end", help="End it now; TARGET is the window's ID.")] = False,
) -> None:
    """Mute a domain or a customer for a while. Tests go on, nobody is notified, and it ends by itself."""
    now = here.now()
    if end:
        use_cases.end(here.actor, now, target)
        return
    scope, whom = _whom(target)
    until = now + _time(lasting)
    added = use_cases.begin(here.actor, now, scope, whom, until, note)
    typer.echo(added.id)
    typer.echo(f"Quiet until {show.when(until, zone_of(here.config.timezone))}: {scope} {whom}", err=True)


def _whom(target: str) -> tuple[Scope, str]:
    """Find what is meant: a customer by its codename, else a domain."""
    if "@" not in target and customers.get(target):
        return Scope.CUSTOMER, target
    try:
        return Scope.DOMAIN, find.domain(target).key
    except Missing as error:
        if windows.get(target):
            raise Refused("target", f"target: {shown(target)} is a window; use --end to end it.") from error
        raise Missing("target", f"There is no domain or customer {shown(target)}.") from error


def _time(text: str) -> Millis:
    """Read a duration."""
    read = re.fullmatch(r"(\d{1,5})\s*(m|min|h|d)", text.strip().lower())
    if not read:
        raise Refused("time", f"time: {shown(text)} should be a number with min, h or d, such as 8h.")
    return int(read[1]) * _UNITS[read[2]]
