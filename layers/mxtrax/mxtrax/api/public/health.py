"""Whether the jobs run: for load balancers and for those who watch the watcher. Open to all, so it says little."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from mxtrax.admin.settings import current
from mxtrax.api.problems import MEDIA_TYPE
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.api.schema import Time, as_json
from mxtrax.jobs.selfcheck import STORM
from mxtrax.model import DAY, SECOND, Incident, Millis
from mxtrax.rules import selfcheck
from mxtrax.store import incidents, runtime

JOBS: Final = ("plan", "aggregate", "alert")

router: Final = Router("Health")


@dataclass(frozen=True, kw_only=True)
class Ages:
    """The seconds since each job last finished a round; null where it never has."""

    plan: float | None
    aggregate: float | None
    alert: float | None


@dataclass(frozen=True)
class Since:
    """A problem of the monitor itself."""

    since: Time


@dataclass(frozen=True, kw_only=True)
class Health:
    """Whether the jobs run. `not_notified` are the seconds that an alert has waited for somebody to take it.

    `alerts_returned` counts the addresses from which an alert came back in the last day.
    """

    status: int
    detail: str
    ages: Ages
    monitor_fault: Since | None
    storm: Since | None
    not_notified: float | None
    alerts_returned: int


@router.route("GET /health", gives=Health, problems=(HTTPStatus.SERVICE_UNAVAILABLE,))
def health(request: Request) -> Health | Reply:
    """Give the seconds since each job last finished a round, and which problems the monitor itself has.

    503 where plan has not run for some time, or where alerts reach nobody: then nothing else would say so.
    """
    fault, storm = trouble()
    known, waiting = ages(request.now), _not_notified(request)
    wrong = _wrong(request, known.plan, waiting)
    found = Health(
        status=(HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK).value,
        detail=wrong or "Tests are being planned.",
        ages=known,
        monitor_fault=Since(fault.opened) if fault else None,
        storm=Since(storm.opened) if storm else None,
        not_notified=waiting,
        alerts_returned=sum(request.now - it.at < DAY for it in runtime.returned_alerts().values()),
    )
    return _unwell(found) if wrong else found


def _wrong(request: Request, planned: float | None, waiting: float | None) -> str:
    """Say what is wrong; "" where nothing is."""
    if planned is None:
        return "No round of tests has been planned yet."
    if planned * SECOND > selfcheck.patience(request.settings.minute_seconds):
        return f"No round of tests has been planned for {planned:.0f} seconds."
    return "" if waiting is None else f"An alert has been waiting for {waiting:.0f} seconds for somebody to take it."


def ages(now: Millis) -> Ages:
    """Give the seconds since each job last finished a round."""
    last = {job: runtime.last_heartbeat(job, now) for job in JOBS}
    return Ages(**{job: None if at is None else max(0, now - at) / SECOND for job, at in last.items()})


def trouble() -> tuple[Incident | None, Incident | None]:
    """Give the own fault and the storm that go on."""
    found = incidents.by_ids([selfcheck.ID, STORM])
    fault, storm = (it if it and it.closed is None else None for it in map(found.get, (selfcheck.ID, STORM)))
    return fault, storm


def _not_notified(request: Request) -> float | None:
    """Give for how many seconds alerts have waited that a channel did not take; None where all take them.

    What is held back because the fault may be ours does not wait for a channel.
    """
    last = runtime.last_heartbeat("not_notified", request.now)
    if last is None or selfcheck.is_silent(last, request.now, request.settings.minute_seconds):
        return None
    config, faults = current(request.settings), runtime.faults()
    waiting = [it for it in incidents.pending(request.now) if not selfcheck.held(it, faults, config, request.now)]
    return max((request.now - (it.due or request.now) for it in waiting), default=0) / SECOND if waiting else None


def _unwell(found: Health) -> Reply:
    """Give what is wrong as a problem (RFC 9457)."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    body = {"type": "about:blank", "title": status.phrase, **as_json(found)}
    return Reply(body=body, status=status, media=MEDIA_TYPE, headers={"Retry-After": "5"})
