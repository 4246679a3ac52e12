"""Whether the jobs run: for load balancers and for whoever watches the watcher. Open to all, so it tells little."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from mxtrax.api import edits
from mxtrax.api.problems import MEDIA_TYPE
from mxtrax.api.routing import Call, Given, Subject
from mxtrax.api.schema import Time, as_json
from mxtrax.jobs.selfcheck import STORM
from mxtrax.model import SECOND, Incident, Millis
from mxtrax.rules import selfcheck
from mxtrax.store import incidents, runtime

JOBS: Final = ("plan", "aggregate", "alert")

subject: Final = Subject("Health")


@dataclass(frozen=True, kw_only=True)
class Ages:
    """The seconds since each job last finished a round; null where it never has."""

    plan: float | None
    aggregate: float | None
    alert: float | None


@dataclass(frozen=True)
class Since:
    """A trouble of the monitor's own."""

    since: Time


@dataclass(frozen=True, kw_only=True)
class Health:
    """Whether the jobs run. `not_notified` are the seconds that an alert has waited for somebody to take it."""

    status: int
    detail: str
    ages: Ages
    monitor_fault: Since | None
    storm: Since | None
    not_notified: float | None


@subject.route("GET /health", gives=Health, problems=(HTTPStatus.SERVICE_UNAVAILABLE,))
def health(call: Call) -> Health | Given:
    """Give the seconds since each job last finished a round, and what the monitor itself is in trouble with.

    503 where plan has not run for some time, or where alerts cannot be told: then nobody else would tell.
    """
    fault, storm = trouble()
    known, waiting = ages(call.now), _not_notified(call, fault)
    wrong = _wrong(call, known.plan, waiting)
    found = Health(
        status=(HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK).value,
        detail=wrong or "Tests are being planned.",
        ages=known,
        monitor_fault=Since(fault.opened) if fault else None,
        storm=Since(storm.opened) if storm else None,
        not_notified=waiting,
    )
    return _unwell(found) if wrong else found


def _wrong(call: Call, planned: float | None, waiting: float | None) -> str:
    """Say what is wrong; "" where nothing is."""
    if planned is None:
        return "No round of tests has been planned yet."
    if planned * SECOND > selfcheck.patience(call.settings.minute_seconds):
        return f"No round of tests has been planned for {planned:.0f} seconds."
    return "" if waiting is None else f"An alert has been waiting for {waiting:.0f} seconds for somebody to take it."


def ages(now: Millis) -> Ages:
    """Give the seconds since each job last finished a round."""
    last = {job: runtime.last_heartbeat(job) for job in JOBS}
    return Ages(**{job: None if at is None else max(0, now - at) / SECOND for job, at in last.items()})


def trouble() -> tuple[Incident | None, Incident | None]:
    """Give the own fault and the storm that go on."""
    found = incidents.by_ids([selfcheck.ID, STORM])
    fault, storm = (it if it and it.closed is None else None for it in map(found.get, (selfcheck.ID, STORM)))
    return fault, storm


def _not_notified(call: Call, fault: Incident | None) -> float | None:
    """Give for how many seconds alerts have waited that a channel did not take; None where all take them.

    What is held back because the fault may be ours does not wait for a channel.
    """
    last = runtime.last_heartbeat("not_notified")
    if last is None or selfcheck.is_silent(last, call.now, call.settings.minute_seconds):
        return None
    config = edits.config(call)
    waiting = [it for it in incidents.pending(call.now) if not selfcheck.held(it, fault, config)]
    return max((call.now - (it.due or call.now) for it in waiting), default=0) / SECOND if waiting else None


def _unwell(found: Health) -> Given:
    """Give what is wrong as a problem (RFC 9457)."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    body = {"type": "about:blank", "title": status.phrase, **as_json(found)}
    return Given(body=body, status=status, media=MEDIA_TYPE, headers={"Retry-After": "5"})
