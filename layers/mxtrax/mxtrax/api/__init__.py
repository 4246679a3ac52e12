"""The JSON API: an API Gateway request (HTTP API, payload format 2.0) in, an answer out.

A file is its path: v3/maildomains/bulk.py answers /api/v3/maildomains/bulk, wiki/ the wiki's own paths, public/ what
stands outside of /api/. There routes are data (routing.py) with what they take (fields) and what records look like
(records, schema.py). Who may do what is one table (rights.py); what can go wrong is in problems.py.
"""

from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from mxtrax.api import openapi, problems, rights
from mxtrax.api.public import health, metrics
from mxtrax.api.routing import Route, Subject, install
from mxtrax.api.v3 import (
    audit,
    config,
    customers,
    incidents,
    maildomains,
    mailtests,
    me,
    overview,
    stats,
    test_alert,
    unmatched,
    users,
    windows,
)
from mxtrax.api.v3 import openapi as document
from mxtrax.api.v3.config import preview
from mxtrax.api.v3.customers import link
from mxtrax.api.v3.maildomains import bulk, export, hours, import_, test
from mxtrax.api.v3.maildomains import mailtests as tests_of_domain
from mxtrax.api.v3.maildomains import stats as days_of_domain
from mxtrax.api.wiki import maildomain, stat
from mxtrax.model import Millis
from mxtrax.runtime.environment import Settings

__all__ = ["ROUTES", "SUBJECTS", "answer"]

_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

SUBJECTS: Final[tuple[Subject, ...]] = (
    health.subject,
    maildomain.subject,
    stat.subject,
    metrics.subject,
    document.subject,
    overview.subject,
    import_.subject,
    export.subject,
    bulk.subject,
    maildomains.subject,
    days_of_domain.subject,
    hours.subject,
    stats.subject,
    test.subject,
    test_alert.subject,
    tests_of_domain.subject,
    mailtests.subject,
    incidents.subject,
    customers.subject,
    link.subject,
    config.subject,
    preview.subject,
    windows.subject,
    unmatched.subject,
    audit.subject,
    me.subject,
    users.subject,
)
"""All routes by subject. Of two paths that fit, the first one answers."""
ROUTES: Final[tuple[Route, ...]] = tuple(route for subject in SUBJECTS for route in subject.routes)

openapi.describe(SUBJECTS)

_app: Final = APIGatewayHttpResolver()
for _route in ROUTES:
    install(_app, _route)
problems.install(_app, [(route.method, route.path) for route in ROUTES])


def answer(event: dict[str, Any], context: Any, now: Millis, settings: Settings) -> dict[str, Any]:  # noqa: ANN401 -- Lambda's
    """Answer one request. The tables are to be connected; whatever goes wrong becomes an answer, too."""
    authorizer = event.get("requestContext", {}).get("authorizer") or {}
    claims = authorizer.get("jwt", {}).get("claims")
    _app.append_context(now=now, settings=settings, asker=rights.asker(claims) if claims else None)
    answered = _app.resolve(event, context)
    answered["headers"] = {**_HEADERS, **answered.get("headers", {})}
    return answered
