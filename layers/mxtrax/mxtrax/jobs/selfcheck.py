"""The monitor's own trouble: notice it, record its begin and end, and put on hold the alerts that it may have caused."""

from dataclasses import replace
from typing import Final

from mxtrax.jobs.snapshot import FleetSnapshot
from mxtrax.model import DAY, HOUR, MONITOR, Cause, Incident, Millis
from mxtrax.rules import selfcheck
from mxtrax.runtime.log import count, logger
from mxtrax.store import incidents, runtime

STORM: Final = "storm"
"""The one record of too much mail coming in."""


def watch(snapshot: FleetSnapshot, before: Incident | None) -> Incident | None:
    """Decide whether the monitor is in trouble, write that down, and give the record as it is now."""
    seen = selfcheck.look(snapshot.fleet(), snapshot.config, snapshot.now, before)
    if seen and (before is None or before.closed is not None):
        return _begin(seen, before, snapshot)
    if before and before.closed is None and not seen:
        return _end(before, snapshot)
    return before


def storm(now: Millis) -> list[Incident]:
    """Begin or end the storm: more copies of a test, or more mail that belongs to none, than is kept."""
    last = runtime.last_heartbeat("storm")
    if last is None or now - last > DAY:
        return []
    before = incidents.get(STORM)
    if now - last >= HOUR:
        over = before is not None and before.closed is None and incidents.end(before, now)
        return [replace(before, closed=now, due=now, notified_channels=frozenset())] if before and over else []
    if before and before.closed is None:
        return [before]
    begun = Incident(id=STORM, maildomain=MONITOR, opened=now, cause=Cause.STORM, evidence=_STORMY, sent=last, due=now)
    return [begun] if incidents.begin(begun, before) else []


_STORMY: Final = (
    "More copies of a test come back, or more mail that no test answers to, than is kept: the rest is counted and deleted. "
    "Look for a mail loop, or a responder that answers itself."
)


def _begin(seen: selfcheck.Fault, before: Incident | None, snapshot: FleetSnapshot) -> Incident | None:
    logger.error("the monitor itself is in trouble", reasons=list(seen.reasons))
    count("MonitorFaultBegan")
    again = before if before and snapshot.now - (before.closed or 0) < selfcheck.AGAIN else None
    begun = Incident(
        id=selfcheck.ID,
        maildomain=MONITOR,
        opened=again.opened if again else snapshot.now,
        cause=Cause.MONITOR_FAULT,
        evidence=" ".join(seen.reasons),
        sent=min(seen.began, again.sent) if again else seen.began,
        due=snapshot.now,
    )
    return begun if incidents.begin(begun, before) else incidents.get(selfcheck.ID)


def _end(before: Incident, snapshot: FleetSnapshot) -> Incident | None:
    logger.info("the monitor itself is well again")
    count("MonitorFaultEnded")
    if not incidents.end(before, snapshot.now):
        return incidents.get(selfcheck.ID)
    return replace(before, closed=snapshot.now, due=snapshot.now, notified_channels=frozenset())
