"""The JSON API: an API Gateway request (HTTP API, payload format 2.0) in, an answer out.

A file is its path: v3/maildomains/bulk.py answers /api/v3/maildomains/bulk, wiki/ the wiki's own paths, public/ the
paths outside of /api/. Routes are data (routing.py) with what they take (fields) and what records look like
(records, schema.py); asked.py forgives what clients do to an address. Who may do what is one table (rights.py); what
can go wrong is in problems.py.
"""

from typing import Any, Final

from mxtrax.api import openapi, problems
from mxtrax.api.asked import Asked, Known
from mxtrax.api.public import health, metrics
from mxtrax.api.routing import Reply, Route, Router, reply_to, sent
from mxtrax.api.v3 import (
    audit,
    branding,
    channels,
    config,
    customers,
    incidents,
    maildomains,
    mailtests,
    me,
    overview,
    quiet,
    stats,
    test_alert,
    unmatched,
    users,
    wall_links,
    windows,
)
from mxtrax.api.v3 import health as health_in_words
from mxtrax.api.v3 import now as as_it_is
from mxtrax.api.v3 import openapi as document
from mxtrax.api.v3.branding import note as note_to_all
from mxtrax.api.v3.config import preview
from mxtrax.api.v3.customers import link, month
from mxtrax.api.v3.customers.month import csv as month_as_csv
from mxtrax.api.v3.maildomains import bulk, export, hours, import_, test
from mxtrax.api.v3.maildomains import mailtests as tests_of_domain
from mxtrax.api.v3.maildomains import stats as days_of_domain
from mxtrax.api.v3.overview import customers as overview_of_customers
from mxtrax.api.wiki import maildomain, stat
from mxtrax.model import Millis
from mxtrax.runtime.environment import Settings

__all__ = ["ROUTERS", "ROUTES", "answer"]

_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

ROUTERS: Final[tuple[Router, ...]] = (
    health.router,
    maildomain.router,
    stat.router,
    metrics.router,
    document.router,
    health_in_words.router,
    as_it_is.router,
    overview.router,
    overview_of_customers.router,
    import_.router,
    export.router,
    bulk.router,
    maildomains.router,
    days_of_domain.router,
    hours.router,
    stats.router,
    test.router,
    test_alert.router,
    tests_of_domain.router,
    mailtests.router,
    incidents.router,
    customers.router,
    link.router,
    month.router,
    month_as_csv.router,
    branding.router,
    note_to_all.router,
    wall_links.router,
    config.router,
    preview.router,
    windows.router,
    quiet.router,
    channels.router,
    unmatched.router,
    audit.router,
    me.router,
    users.router,
)
"""All routes by subject. Of two paths that fit, the first one answers."""
ROUTES: Final[tuple[Route, ...]] = tuple(route for router in ROUTERS for route in router.routes)

openapi.describe(ROUTERS)

_known: Final = Known(tuple((route.method, route.path) for route in ROUTES))


def answer(event: dict[str, Any], now: Millis, settings: Settings) -> dict[str, Any]:
    """Answer one request. The tables are to be connected; whatever goes wrong becomes an answer, too."""
    came = Asked.of(event)
    asked = _known.meant(came)
    answered = sent(_reply(asked, now, settings), asked)
    if came.method == "HEAD":
        answered |= {"body": "", "isBase64Encoded": False}
    answered["headers"] = {**_HEADERS, **answered["headers"]}
    return answered


def _reply(asked: Asked, now: Millis, settings: Settings) -> Reply:
    found = _known.found(asked)
    if found is None:
        return problems.nothing_there(asked, _known)
    number, in_path = found
    try:
        return reply_to(asked, ROUTES[number], in_path, now, settings)
    except Exception as error:  # noqa: BLE001 -- every client gets an answer; unexpected errors are logged there
        return problems.of(error)
