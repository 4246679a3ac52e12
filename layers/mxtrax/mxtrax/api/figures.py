"""Figures by the day: of a domain, and added up for the fleet, a customer or a provider."""

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import domains, records
from mxtrax.api.fields import Choice, Day, Field, Text
from mxtrax.api.routing import Call, Subject
from mxtrax.api.shapes import DATE, TEXT, record, several
from mxtrax.errors import Missing, Refused
from mxtrax.jobs import rollup
from mxtrax.model import SECOND, Stat
from mxtrax.rules.statistics import sum_of
from mxtrax.rules.validation import MAX_CODENAME
from mxtrax.store import domain_health, rollups

MOST_DAYS: Final = 400
DEFAULT_DAYS: Final = 30
MOST_DAYS_OF_HOURS: Final = 31
DEFAULT_DAYS_OF_HOURS: Final = 6

subject: Final = Subject("Figures")

_RANGE: Final[dict[str, Field]] = {
    "from": Day(note=f"The first day; {DEFAULT_DAYS} days before the last where nothing is said."),
    "to": Day(note="The last day; today where nothing is said."),
}
_HOURS: Final[dict[str, Field]] = {
    "from": Day(note=f"The first day; {DEFAULT_DAYS_OF_HOURS} days before the last where nothing is said."),
    "to": Day(note="The last day; today where nothing is said."),
}
_BY: Final = ("fleet", "customer", "provider")
_GIVES: Final[dict[str, Any]] = {
    "from": DATE,
    "to": DATE,
    "total": records.FIGURES_OF_DAYS,
    "days": several(records.DAY),
}


@subject.route(
    "GET /api/v3/maildomains/<number>/stats",
    query=_RANGE,
    gives=record(**_GIVES),
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def of_domain(call: Call, number: str) -> dict[str, Any]:
    """Show a domain's days, and all of them together."""
    domain = domains.known(call, number)
    first, last = _range(call, MOST_DAYS, DEFAULT_DAYS)
    return _shown(first, last, list(domain_health.stats_of_domain(domain.key, first, last)))


@subject.route(
    "GET /api/v3/maildomains/<number>/hours",
    query=_HOURS,
    gives=record(items=several(records.HOUR)),
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def hours_of_domain(call: Call, number: str) -> dict[str, Any]:
    """Count a domain's tests by the hour of their sending (UTC); hours without tests are left out."""
    domain = domains.known(call, number)
    first, last = _range(call, MOST_DAYS_OF_HOURS, DEFAULT_DAYS_OF_HOURS)
    return {"items": records.hours(domain_health.stats_of_domain(domain.key, first, last))}


@subject.route(
    "GET /api/v3/stats",
    query={
        **_RANGE,
        "by": Choice(of=_BY, note="What is added up; the fleet where nothing is said."),
        "name": Text(shortest=1, longest=max(MAX_CODENAME, 253), note="Which customer or provider."),
    },
    gives=record(by=TEXT, name=TEXT, **_GIVES),
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
    groups = {"fleet": rollup.FLEET, "customer": rollup.of_customer(name), "provider": rollup.of_provider(name)}
    first, last = _range(call, MOST_DAYS, DEFAULT_DAYS)
    days = rollups.of(groups[by], first.isoformat(), last.isoformat())
    return {"by": by, "name": name, **_shown(first, last, days)}


def _range(call: Call, most: int, default: int) -> tuple[date, date]:
    today = datetime.fromtimestamp(call.now // SECOND, UTC).date()
    last = date.fromisoformat(call.query.get("to", today.isoformat()))
    if "from" in call.query:
        first = date.fromisoformat(call.query["from"])
    else:
        first = max(date.min + timedelta(days=default), last) - timedelta(days=default)
    if not 0 <= (last - first).days < most:
        raise Refused("from", f"from: this should be before `to`, and less than {most} days before it.")
    return first, last


def _shown(first: date, last: date, days: list[Stat]) -> dict[str, Any]:
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "total": records.figures(sum_of(days)),
        "days": records.days(days),
    }
