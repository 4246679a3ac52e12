"""The wallboard behind a link (wall.html): how many domains stand where, and the worst of them. It only reads."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import SECOND, DomainHealth, Incident, Millis
from mxtrax.rules import selfcheck, wall_link
from mxtrax.rules.explanation import in_words
from mxtrax.rules.status import Status
from mxtrax.rules.untrusted_text import line
from mxtrax.rules.windows import quiet_until
from mxtrax.store import customers, fleet_queries, incidents, runtime, walls, windows
from mxtrax.store.fleet_queries import DomainStatus
from mxtrax.store.health import health_by_key
from mxtrax.web.status.facts import LONGEST
from mxtrax.web.status.page import inlined, policy_of
from mxtrax.web.status.templates import render

ROOM: Final = 12
"""Domains that are shown, the worst; the others are counted."""

ILL: Final = (Status.DOWN, Status.SLOW, Status.SUSPECT)
WORDS: Final = {
    Status.DOWN: "Down",
    Status.SLOW: "Slow",
    Status.SUSPECT: "Suspect",
    Status.SETUP: "Set-up",
    Status.OK: "OK",
    Status.PAUSED: "Paused",
}
_STYLE: Final = "wall.css"
_SCRIPT: Final = "wall.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A domain that is not well."""

    status: Status
    domain: str
    customer: str
    why: str
    since: Millis
    quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """What the wallboard shows. `silent`: no tests go out; `fault` is since when the fault may be the monitor's own."""

    at: Millis
    counts: Mapping[Status, int]
    rows: tuple[Row, ...]
    more: int
    silent: bool
    fault: Millis | None

    @property
    def failing(self) -> int:
        """Count the domains that are down or slow."""
        return self.counts[Status.DOWN] + self.counts[Status.SLOW]


def read(token: str, now: Millis, minute_seconds: int) -> Wall | None:
    """Read what a wallboard shows; None if no link opens it."""
    if wall_link.found(walls.load().them, token) is None:
        return None
    counts = fleet_queries.counts()
    ill = list(fleet_queries.of_status(statuses=ILL, most=ROOM))
    fault = incidents.by_ids([selfcheck.ID]).get(selfcheck.ID)
    return Wall(
        at=now,
        counts=counts,
        rows=_rows(ill, now),
        more=sum(counts[it] for it in ILL) - len(ill),
        silent=selfcheck.is_silent(runtime.last_heartbeat("plan", now), now, minute_seconds),
        fault=fault.opened if fault and fault.closed is None else None,
    )


def _rows(ill: list[DomainStatus], now: Millis) -> tuple[Row, ...]:
    health = health_by_key([it.key for it in ill])
    whose = customers.by_codenames(it.customer for it in ill)
    open_ = incidents.by_ids({it.incident for it in health.values() if it.incident})
    planned = windows.everything()
    return tuple(
        Row(
            status=it.status,
            domain=line(it.key.rpartition("@")[2], LONGEST),
            customer=line(whose[it.customer].friendlyname if it.customer in whose else it.customer, LONGEST),
            why=_why(health[it.key], open_),
            since=it.since,
            quiet=quiet_until(planned, it.domain, now) is not None,
        )
        for it in ill
    )


def _why(known: DomainHealth, open_: Mapping[str, Incident]) -> str:
    if incident := open_.get(known.incident):
        return in_words(incident.cause, incident.reason) or ""
    last = next((it for it in reversed(known.recent) if it.cause), None)
    return (in_words(last.cause, last.reason) or "") if last else ""


def page(it: Wall) -> str:
    """Set the wallboard as a page, which looks again by itself and can do nothing else."""
    clock = datetime.fromtimestamp(it.at // SECOND, UTC).strftime("%H:%M:%S")
    return render("wall.html", it=it, words=WORDS, clock=clock, **inlined(_STYLE, _SCRIPT))


def policy() -> str:
    """Say what a browser may do with the page: show it in its own style, look at it again, and nothing else."""
    return policy_of(_STYLE, _SCRIPT, "connect-src 'self'")
