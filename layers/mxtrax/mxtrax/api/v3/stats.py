"""Figures by the day, added up for the fleet, a customer or a provider."""

from datetime import date
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import days, records
from mxtrax.api.fields import Choice, Text
from mxtrax.api.routing import Call, Subject
from mxtrax.api.schema import DATE, TEXT, record, several
from mxtrax.errors import Missing, Refused
from mxtrax.model import Stat
from mxtrax.rules.statistics import sum_of
from mxtrax.rules.validation import MAX_CODENAME
from mxtrax.store import rollups

MOST_DAYS: Final = 400
DEFAULT_DAYS: Final = 30

subject: Final = Subject("Figures")

_BY: Final = ("fleet", "customer", "provider")
GIVES: Final[dict[str, Any]] = {
    "from": DATE,
    "to": DATE,
    "total": records.FIGURES_OF_DAYS,
    "days": several(records.DAY),
}


@subject.route(
    "GET /api/v3/stats",
    query={
        **days.fields(DEFAULT_DAYS),
        "by": Choice(of=_BY, note="What is added up; the fleet where nothing is said."),
        "name": Text(shortest=1, longest=max(MAX_CODENAME, 253), note="Which customer or provider."),
    },
    gives=record(by=TEXT, name=TEXT, **GIVES),
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def added_up(call: Call) -> dict[str, Any]:
    """Show days added up. They are brought up to date once an hour."""
    by, name = call.query.get("by", "fleet"), call.query.get("name", "")
    if call.asker.customer and "by" not in call.query:
        by, name = "customer", call.asker.customer
    if (by == "fleet") != (not name):
        raise Refused("name", "name: this says which customer or provider is meant, and has no place for the fleet.")
    if call.asker.customer and (by, name) != ("customer", call.asker.customer):
        raise Missing("name", "There are no such figures.")
    groups = {"fleet": rollups.FLEET, "customer": rollups.of_customer(name), "provider": rollups.of_provider(name)}
    first, last = days.asked(call, MOST_DAYS, DEFAULT_DAYS)
    found = rollups.of(groups[by], first.isoformat(), last.isoformat())
    return {"by": by, "name": name, **shown(first, last, found)}


def shown(first: date, last: date, found: list[Stat]) -> dict[str, Any]:
    """Show days, and all of them together."""
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "total": records.figures(sum_of(found)),
        "days": records.days(found),
    }
