"""Whether the jobs run: for load balancers and for those who watch the monitor. Open to all, so it says little."""

from http import HTTPStatus
from typing import Final

from mxtrax.admin.settings import current
from mxtrax.api.problems import MEDIA_TYPE
from mxtrax.api.routing import Reply, Request, Router
from mxtrax.api.schema import Time, as_json
from mxtrax.frozen import dataclass
from mxtrax.jobs.selfcheck import STORM
from mxtrax.model import DAY, HOUR, MINUTE, SECOND, Incident, Millis
from mxtrax.report.words import many
from mxtrax.rules import selfcheck, vitals
from mxtrax.rules.cause import span
from mxtrax.store import channels, incidents, runtime

router: Final = Router("Health")


@dataclass(frozen=True, kw_only=True)
class Ages:
    """The seconds since each job last finished a round that did its work; null if it never has."""

    plan: float | None
    send: float | None
    aggregate: float | None
    alert: float | None
    watch: float | None
    sweep: float | None
    rollup: float | None


@dataclass(frozen=True)
class Since:
    """A problem of the monitor itself."""

    since: Time


@dataclass(frozen=True, kw_only=True)
class Health:
    """Whether the monitor does its work. `not_notified` are the seconds that an alert has waited to be delivered.

    `own_loop` are the seconds since a test of our own mailbox last came back; null if none ever has. `alerts_returned`
    counts the addresses from which an alert came back in the last day, `channels_failing` the channels that do not
    deliver: the others say so, and that alone is no 503.
    """

    status: int
    detail: str
    ages: Ages
    own_loop: float | None
    monitor_fault: Since | None
    storm: Since | None
    not_notified: float | None
    alerts_returned: int
    channels_failing: int


@router.route("GET /health", "checkHealth", gives=Health, problems=(HTTPStatus.SERVICE_UNAVAILABLE,))
def health(request: Request) -> Health | Reply:
    """Show how long ago each job last finished a round, and the monitor's own problems.

    503 with a sentence if a job is silent, if one runs without doing its work, if our own test mail does not come back,
    or if alerts reach nobody.
    """
    found = look(request)
    return found if found.status == HTTPStatus.OK else _unwell(found)


def look(request: Request) -> Health:
    """Read the health of the monitor."""
    now, known = request.now, open_incidents()
    heartbeats = _heartbeats()
    waiting = _not_notified(request)
    returned = [it.at for it in runtime.returned_alerts().values()]
    wrong = _wrong(now, heartbeats, known.get(vitals.ID), waiting) or _came_back(returned, now)
    return Health(
        status=(HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK).value,
        detail=wrong or "All jobs are working.",
        ages=_ages(heartbeats, now),
        own_loop=_age(heartbeats[vitals.LOOP], now),
        monitor_fault=_since(known.get(selfcheck.ID)),
        storm=_since(known.get(STORM)),
        not_notified=waiting,
        alerts_returned=sum(now - at < DAY for at in returned),
        channels_failing=len(channels.broken(channels.load().them)),
    )


def _wrong(now: Millis, heartbeats: dict[str, Millis | None], watch: Incident | None, waiting: float | None) -> str:
    """Say what is wrong; "" where nothing is. What only the watch can see, it has written down."""
    if silent := vitals.silent(heartbeats, now):
        return " ".join(silent)
    if watch:
        return watch.evidence
    if waiting is not None:
        return f"An alert has been waiting for {span(round(waiting * SECOND))} to be delivered."
    watched, well = heartbeats["watch"], heartbeats[vitals.WELL]
    if watched and watched - (well or 0) > 2 * MINUTE:
        return "Our own test mail does not come back."
    return ""


def _came_back(returned: list[Millis], now: Millis) -> str:
    """Say that alerts do not reach somebody, for as long as somebody should look into it."""
    lately = sum(now - at < HOUR for at in returned)
    return f"Alerts came back from {many(lately, 'address')} in the last hour." if lately else ""


def _heartbeats() -> dict[str, Millis | None]:
    return runtime.last_heartbeats((*vitals.HEARTBEATS, vitals.WELL))


def ages(now: Millis) -> Ages:
    """Give the seconds since each job last finished a round."""
    return _ages(_heartbeats(), now)


def _ages(heartbeats: dict[str, Millis | None], now: Millis) -> Ages:
    return Ages(**{job.name: _age(heartbeats[job.name], now) for job in vitals.JOBS})


def _age(at: Millis | None, now: Millis) -> float | None:
    return None if at is None else max(0, now - at) / SECOND


def open_incidents() -> dict[str, Incident]:
    """Give the monitor's own incidents that go on, by id."""
    found = incidents.by_ids([selfcheck.ID, STORM, vitals.ID])
    return {name: it for name, it in found.items() if it.closed is None}


def trouble() -> tuple[Incident | None, Incident | None]:
    """Give the own fault and the storm that go on."""
    known = open_incidents()
    return known.get(selfcheck.ID), known.get(STORM)


def _since(incident: Incident | None) -> Since | None:
    return Since(incident.opened) if incident else None


def _not_notified(request: Request) -> float | None:
    """Give for how many seconds alerts that a channel did not accept have waited; None if there are none.

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
