"""The JSON API: an API Gateway request (HTTP API, payload format 2.0) in, an answer out.

Routes stand in modules by subject, as data (routing.py) with what they take (fields) and what records look like
(records, shapes.py). Who may do what is one table (rights.py); what can go wrong is in problems.py.
"""

from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from mxtrax.api import (
    audit,
    bulk,
    config,
    customers,
    domains,
    figures,
    files,
    health,
    incidents,
    links,
    maildomains,
    mailtests,
    me,
    metrics,
    openapi,
    overview,
    problems,
    rights,
    sending,
    stats,
    unmatched,
    users,
    windows,
)
from mxtrax.api.routing import Route, Subject, install
from mxtrax.model import Millis
from mxtrax.runtime.environment import Settings

__all__ = ["ROUTES", "SUBJECTS", "answer"]

_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

SUBJECTS: Final[tuple[Subject, ...]] = (
    health.subject,
    maildomains.subject,
    stats.subject,
    metrics.subject,
    openapi.subject,
    overview.subject,
    files.subject,
    bulk.subject,
    domains.subject,
    figures.subject,
    sending.subject,
    mailtests.subject,
    incidents.subject,
    customers.subject,
    links.subject,
    config.subject,
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
