"""Figures by the day, added up for the fleet, a customer or a provider."""

from datetime import date
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import days
from mxtrax.api.fields import Choice, Text
from mxtrax.api.figures import Figures, percentiles
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Day, Duration, of
from mxtrax.errors import Missing, Refused
from mxtrax.frozen import dataclass
from mxtrax.model import Stat
from mxtrax.rules.statistics import availability, sum_of
from mxtrax.rules.validation import MAX_CODENAME
from mxtrax.store import rollups

MOST_DAYS: Final = 400
DEFAULT_DAYS: Final = 30

router: Final = Router("Figures")

_BY: Final = ("fleet", "customer", "provider")


@dataclass(frozen=True, kw_only=True)
class MoreFigures(Figures):
    """The figures of a day, or of several together. Tests in maintenance are only in the quiet ones."""

    average_delivery_time: Duration | None
    ontime_percent: float | None
    returned_percent: float | None
    quiet_ontime_num: int
    quiet_late_num: int
    quiet_fail_num: int
    quiet_total_num: int


@dataclass(frozen=True, kw_only=True)
class FiguresOfDay(MoreFigures):
    """A day."""

    day: Day


@dataclass(frozen=True, kw_only=True)
class Stats:
    """Days, and all of them together."""

    from_: Day
    to: Day
    total: MoreFigures
    days: tuple[FiguresOfDay, ...]


@dataclass(frozen=True, kw_only=True)
class AddedUp(Stats):
    """Days of many domains added up: of the fleet, of a customer or of a provider."""

    by: str
    name: str


@router.route(
    "GET /api/v3/stats",
    "getStats",
    query={
        **days.fields(DEFAULT_DAYS),
        "by": Choice(of=_BY, note="What to add up; by default the fleet."),
        "name": Text(shortest=1, longest=max(MAX_CODENAME, 253), note="The customer or provider."),
    },
    gives=AddedUp,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def added_up(request: Request) -> AddedUp:
    """Add up the days of the fleet, of a customer or of a provider. Updated once an hour."""
    by, name = request.query.get("by", "fleet"), request.query.get("name", "")
    if request.caller.customer and "by" not in request.query:
        by, name = "customer", request.caller.customer
    if (by == "fleet") != (not name):
        raise Refused("name", "name: this is required for a customer or provider, and not allowed for the fleet.")
    if request.caller.customer and (by, name) != ("customer", request.caller.customer):
        raise Missing("name", "There are no such figures.")
    groups = {"fleet": rollups.FLEET, "customer": rollups.of_customer(name), "provider": rollups.of_provider(name)}
    first, last = days.asked(request, MOST_DAYS, DEFAULT_DAYS)
    found = rollups.of(groups[by], first.isoformat(), last.isoformat())
    return of(AddedUp, shown(first, last, found), by=by, name=name)


def shown(first: date, last: date, found: list[Stat]) -> Stats:
    """Show days, and all of them together."""
    total = figures_of(sum_of(found))
    of_days = tuple(of(FiguresOfDay, it, day=it.d, **_worked_out(it)) for it in found)
    return Stats(from_=first.isoformat(), to=last.isoformat(), total=total, days=of_days)


def figures_of(it: Stat) -> MoreFigures:
    """Show a day, or several together."""
    return of(MoreFigures, it, **_worked_out(it))


def _worked_out(it: Stat) -> dict[str, Any]:
    """Work out the figures that are not counted."""
    returned = it.ontime_num + it.late_num
    known = availability([it])
    return {
        **percentiles(it),
        "average_delivery_time": it.total_delivery_time // returned if returned else None,
        "ontime_percent": known and round(known.ontime, 3),
        "returned_percent": known and round(known.returned, 3),
    }
