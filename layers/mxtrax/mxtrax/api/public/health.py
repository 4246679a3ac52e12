"""Whether the jobs run: for load balancers and for whoever watches the watcher. Open to all, so it tells little."""

from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import edits
from mxtrax.api.problems import MEDIA_TYPE
from mxtrax.api.routing import Answers, Call, Given, Subject
from mxtrax.api.schema import AGES, MOMENT, NUMBER, TEXT, WHOLE, maybe, moment, record
from mxtrax.jobs.selfcheck import STORM
from mxtrax.model import SECOND, Incident, Millis
from mxtrax.rules import selfcheck
from mxtrax.store import domain_health, fleet_queries
from mxtrax.store.settings import last_heartbeat

JOBS: Final = ("plan", "aggregate", "alert")

_SINCE: Final = maybe(record(since=MOMENT))
_HEALTH: Final = record(
    status=WHOLE, detail=TEXT, ages=AGES, monitor_fault=_SINCE, storm=_SINCE, not_notified=maybe(NUMBER)
)

subject: Final = Subject("Health")


@subject.route("GET /health", gives=_HEALTH, problems=(HTTPStatus.SERVICE_UNAVAILABLE,))
def health(call: Call) -> Answers:
    """Give the seconds since each job last finished a round, and what the monitor itself is in trouble with.

    503 where plan has not run for some time, or where alerts cannot be told: then nobody else would tell.
    """
    known = ages(call.now)
    fault, storm = trouble()
    told = {
        "ages": known,
        "monitor_fault": {"since": moment(fault.opened)} if fault else None,
        "storm": {"since": moment(storm.opened)} if storm else None,
        "not_notified": _not_notified(call, fault),
    }
    planned, waiting_for = known["plan"], told["not_notified"]
    if planned is None:
        return _unwell("No round of tests has been planned yet.", told)
    if planned * SECOND > selfcheck.patience(call.settings.minute_seconds):
        return _unwell(f"No round of tests has been planned for {planned:.0f} seconds.", told)
    if waiting_for is not None:
        return _unwell(f"An alert has been waiting for {waiting_for:.0f} seconds for somebody to take it.", told)
    return {"status": HTTPStatus.OK.value, "detail": "Tests are being planned.", **told}


def ages(now: Millis) -> dict[str, float | None]:
    """Give the seconds since each job last finished a round; None where it never has."""
    return {job: None if (at := last_heartbeat(job)) is None else max(0, now - at) / SECOND for job in JOBS}


def trouble() -> tuple[Incident | None, Incident | None]:
    """Give the own fault and the storm that go on."""
    found = fleet_queries.incidents_named([selfcheck.ID, STORM])
    fault, storm = (it if it and it.closed is None else None for it in map(found.get, (selfcheck.ID, STORM)))
    return fault, storm


def _not_notified(call: Call, fault: Incident | None) -> float | None:
    """Give for how many seconds alerts have waited that a channel did not take; None where all take them.

    What is held back because the fault may be ours does not wait for a channel.
    """
    last = last_heartbeat("not_notified")
    if last is None or selfcheck.is_silent(last, call.now, call.settings.minute_seconds):
        return None
    config = edits.config(call)
    waiting = [it for it in domain_health.pending(call.now) if not selfcheck.held(it, fault, config)]
    return max((call.now - (it.due or call.now) for it in waiting), default=0) / SECOND if waiting else None


def _unwell(detail: str, told: dict[str, Any]) -> Given:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **told}
    return Given(body=body, status=status, media=MEDIA_TYPE, headers={"Retry-After": "5"})
