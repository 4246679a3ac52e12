"""The JSON API: an API Gateway request (HTTP API, payload format 2.0) in, an answer out.

Routes stand in modules by subject, what each record looks like in shapes.py, lists in pages.py, and what can go wrong in
problems.py.
"""

from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from mxtrax.api import health, maildomains, problems, stats
from mxtrax.model import Millis
from mxtrax.settings import Settings

__all__ = ["answer"]

_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_app: Final = APIGatewayHttpResolver()
for _subject in (health, maildomains, stats):
    _app.include_router(_subject.routes)
problems.install(_app)


def answer(event: dict[str, Any], context: Any, now: Millis, settings: Settings) -> dict[str, Any]:  # noqa: ANN401 -- Lambda's
    """Answer one request. The tables are to be connected; whatever goes wrong becomes an answer, too."""
    _app.append_context(now=now, settings=settings)
    answered = _app.resolve(event, context)
    answered["headers"] = {**_HEADERS, **answered.get("headers", {})}
    return answered
