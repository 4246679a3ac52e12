"""Whether the jobs run: for load balancers and for whoever watches the watcher. Open to all, so it tells little."""

from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from mxtrax.api.problems import problem
from mxtrax.model import SECOND, Millis
from mxtrax.settings import Settings
from mxtrax.store.settings import pulse

JOBS: Final = ("plan", "aggregate", "alert")
STALE: Final = 5
"""Minutes of plan's clock without a round after which something is wrong."""

routes: Final = APIGatewayHttpRouter()


@routes.get("/health")
def health() -> dict[str, Any] | Response[str]:
    """Give the seconds since each job last finished a round; 503 where plan has not for some time."""
    now: Millis = routes.context["now"]
    settings: Settings = routes.context["settings"]
    ages = {job: None if (at := pulse(job)) is None else max(0, now - at) / SECOND for job in JOBS}
    planned = ages["plan"]
    if planned is None:
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "No round of tests has been planned yet.", ages=ages)
    if planned > STALE * settings.minute_seconds:
        detail = f"No round of tests has been planned for {planned:.0f} seconds."
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, ages=ages)
    return {"status": HTTPStatus.OK.value, "detail": "Tests are being planned.", "ages": ages}
