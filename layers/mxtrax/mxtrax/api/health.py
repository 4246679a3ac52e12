"""Whether the jobs run: for load balancers and for whoever watches the watcher. Open to all, so it tells little."""

from http import HTTPStatus
from typing import Final

from mxtrax.api import shapes
from mxtrax.api.problems import MEDIA_TYPE
from mxtrax.api.routing import Answers, Call, Given, Subject
from mxtrax.model import SECOND
from mxtrax.store.settings import pulse

JOBS: Final = ("plan", "aggregate", "alert")
STALE: Final = 5
"""Minutes of plan's clock without a round after which something is wrong."""

subject: Final = Subject("Health")


@subject.route("GET /health", gives=shapes.HEALTH, problems=(HTTPStatus.SERVICE_UNAVAILABLE,))
def health(call: Call) -> Answers:
    """Give the seconds since each job last finished a round; 503 where plan has not for some time."""
    ages = {job: None if (at := pulse(job)) is None else max(0, call.now - at) / SECOND for job in JOBS}
    planned = ages["plan"]
    if planned is None:
        return _unwell("No round of tests has been planned yet.", ages)
    if planned > STALE * call.settings.minute_seconds:
        return _unwell(f"No round of tests has been planned for {planned:.0f} seconds.", ages)
    return {"status": HTTPStatus.OK.value, "detail": "Tests are being planned.", "ages": ages}


def _unwell(detail: str, ages: dict[str, float | None]) -> Given:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, "ages": ages}
    return Given(body=body, status=status, media=MEDIA_TYPE, headers={"Retry-After": "5"})
