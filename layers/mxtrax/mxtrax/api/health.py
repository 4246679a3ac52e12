"""Whether the jobs run: for load balancers and for whoever watches the watcher. Open to all, so it tells little."""

from http import HTTPStatus
from typing import Final

from mxtrax.api import shapes
from mxtrax.api.problems import MEDIA_TYPE
from mxtrax.api.routing import Answers, Call, Given, Subject
from mxtrax.model import SECOND, Millis
from mxtrax.store.settings import pulse

JOBS: Final = ("plan", "aggregate", "alert")
STALE: Final = 5
"""Minutes of plan's clock without a round after which something is wrong."""

subject: Final = Subject("Health")


@subject.route("GET /health", gives=shapes.HEALTH, problems=(HTTPStatus.SERVICE_UNAVAILABLE,))
def health(call: Call) -> Answers:
    """Give the seconds since each job last finished a round; 503 where plan has not for some time."""
    known = ages(call.now)
    planned = known["plan"]
    if planned is None:
        return _unwell("No round of tests has been planned yet.", known)
    if planned > STALE * call.settings.minute_seconds:
        return _unwell(f"No round of tests has been planned for {planned:.0f} seconds.", known)
    return {"status": HTTPStatus.OK.value, "detail": "Tests are being planned.", "ages": known}


def ages(now: Millis) -> dict[str, float | None]:
    """Give the seconds since each job last finished a round; None where it never has."""
    return {job: None if (at := pulse(job)) is None else max(0, now - at) / SECOND for job in JOBS}


def _unwell(detail: str, known: dict[str, float | None]) -> Given:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, "ages": known}
    return Given(body=body, status=status, media=MEDIA_TYPE, headers={"Retry-After": "5"})
