"""A customer's public page: behind a link that nobody can guess, off until somebody makes one.

It tells how the customer's mail is doing, by domain, and nothing of mailboxes, evidence or settings.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Final

from mxtrax.api.public.health import is_silent, trouble
from mxtrax.api.routing import Call, Given, Subject
from mxtrax.api.schema import DATE, MOMENT, NUMBER, TEXT, WHOLE, maybe, moment, record, several
from mxtrax.errors import Missing
from mxtrax.jobs import rollup
from mxtrax.model import SECOND, Customer
from mxtrax.rules.windows import in_maintenance
from mxtrax.store import domain_health, fleet, fleet_queries, rollups, windows
from mxtrax.web import status_page, status_words
from mxtrax.web.status_words import Health, Line, Status

MOST: Final = 100
"""Domains on a page; the others are counted."""

subject: Final = Subject("Public pages")

_LINK: Final = re.compile(r"[A-Za-z0-9_-]{32}")
_CACHING: Final = "public, max-age=30"
_HEADERS: Final = {
    "Cache-Control": _CACHING,
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
}
_FROM_ANYWHERE: Final = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
"""For what is there to be shown in other people's pages."""

_HEALTH: Final = {"type": "string", "enum": [str(health) for health in Health]}
_STATUS: Final = record(
    name=TEXT,
    at=MOMENT,
    health=_HEALTH,
    sentence=TEXT,
    availability=maybe(NUMBER),
    days=several(record(d=DATE, availability=maybe(NUMBER))),
    domains=several(
        record(domain=TEXT, health=_HEALTH, since=maybe(MOMENT), tested=maybe(MOMENT), availability=maybe(NUMBER))
    ),
    more=WHOLE,
)


@subject.route("GET /status/<token>", gives=TEXT, media="text/html", problems=(HTTPStatus.NOT_FOUND,))
def page(call: Call, token: str) -> Given:
    """Show how a customer's mail is doing, as a page without a script."""
    headers = {**_HEADERS, "Content-Security-Policy": status_page.PAGE_POLICY}
    return Given(body=status_page.page(_status(call, token)), media="text/html; charset=utf-8", headers=headers)


@subject.route("GET /status/<token>/badge.svg", gives=TEXT, media="image/svg+xml", problems=(HTTPStatus.NOT_FOUND,))
def badge(call: Call, token: str) -> Given:
    """Show how a customer's mail is doing, as a badge for other web pages."""
    headers = {**_HEADERS, **_FROM_ANYWHERE, "Content-Security-Policy": status_page.BADGE_POLICY}
    return Given(body=status_page.badge(_status(call, token)), media="image/svg+xml", headers=headers)


@subject.route("GET /status/<token>/status.json", gives=_STATUS, problems=(HTTPStatus.NOT_FOUND,))
def status(call: Call, token: str) -> Given:
    """Tell how a customer's mail is doing, for programs."""
    it = _status(call, token)
    body = {
        "name": it.name,
        "at": moment(it.at),
        "health": str(it.health),
        "sentence": it.sentence,
        "availability": it.availability,
        "days": [{"d": day.d, "availability": day.availability} for day in it.days],
        "domains": [
            {
                "domain": line.domain,
                "health": str(line.health),
                "since": moment(line.since),
                "tested": moment(line.tested),
                "availability": line.availability,
            }
            for line in it.lines
        ],
        "more": it.more,
    }
    return Given(body=body, headers={**_HEADERS, **_FROM_ANYWHERE})


def _status(call: Call, token: str) -> Status:
    """Read how the customer behind a link is doing. A link that is void looks like one that never was."""
    customer = fleet.customer_by_link(token) if _LINK.fullmatch(token) else None
    if customer is None:
        raise Missing("link", "There is nothing under this path.")
    today = datetime.fromtimestamp(call.now // SECOND, UTC).date()
    dates = [(today - timedelta(days=back)).isoformat() for back in range(status_words.DAYS)][::-1]
    lines = list(_lines(call, customer, today))
    more = max(0, fleet.count(customer.codename) - len(lines))
    sums = rollups.of(rollup.of_customer(customer.codename), dates[0], dates[-1])
    return status_words.status(customer, lines, more, sums, dates, call.now)


def _lines(call: Call, customer: Customer, today: date) -> Iterator[Line]:
    """Say how each domain is doing, the worst first."""
    keys = fleet_queries.domains(fleet_queries.View(customer=customer.codename), MOST).items
    there, known, planned = fleet.by_keys(keys), domain_health.of(keys), windows.everything()
    fault, _ = trouble()
    silent = is_silent(call)
    for key in keys:
        if domain := there.get(key):
            days = domain_health.stats_of_domain(key, today - timedelta(days=status_words.DAYS - 1), today)
            resting = in_maintenance(planned, domain, call.now)
            doubtful = fault is not None and known[key].since >= fault.sent
            yield status_words.line(domain, known[key], days, maintenance=resting, doubtful=doubtful, silent=silent)
