"""The monitor's own trouble: notice it, tell when it begins and ends, and hold the alarms that it may have caused."""

from dataclasses import replace
from typing import Final

from mxtrax import ownfault
from mxtrax.jobs.scene import Scene
from mxtrax.log import count, logger
from mxtrax.model import DAY, HOUR, MONITOR, Cause, Incident, Millis
from mxtrax.store import incidents, standings
from mxtrax.store import settings as stored

STORM: Final = "storm"
"""The one record of too much mail coming in."""


def watch(scene: Scene, before: Incident | None) -> Incident | None:
    """Decide whether the monitor is in trouble, write that down, and give the record as it is now."""
    seen = ownfault.look(scene.fleet(), scene.config, scene.now, before)
    if seen and (before is None or before.closed is not None):
        return _begin(seen, before, scene)
    if before and before.closed is None and not seen:
        return _end(before, scene)
    return before


def storm(now: Millis) -> list[Incident]:
    """Begin or end the storm: more copies of a test, or more mail that belongs to none, than is kept."""
    last = stored.pulse("storm")
    if last is None or now - last > DAY:
        return []
    before = standings.incident(STORM)
    if now - last >= HOUR:
        over = before is not None and before.closed is None and incidents.end(before, now)
        return [replace(before, closed=now, due=now, told=frozenset())] if before and over else []
    if before and before.closed is None:
        return [before]
    begun = Incident(id=STORM, maildomain=MONITOR, opened=now, cause=Cause.STORM, evidence=_STORMY, sent=last, due=now)
    return [begun] if incidents.begin(begun, before) else []


_STORMY: Final = (
    "More copies of a test come back, or more mail that no test answers to, than is kept: the rest is counted and deleted. "
    "Look for a mail loop, or a responder that answers itself."
)


def _begin(seen: ownfault.Fault, before: Incident | None, scene: Scene) -> Incident | None:
    logger.error("the monitor itself is in trouble", reasons=list(seen.reasons))
    count("OwnFaultBegan")
    again = before if before and scene.now - (before.closed or 0) < ownfault.AGAIN else None
    begun = Incident(
        id=ownfault.ID,
        maildomain=MONITOR,
        opened=again.opened if again else scene.now,
        cause=Cause.OWN_FAULT,
        evidence=" ".join(seen.reasons),
        sent=min(seen.began, again.sent) if again else seen.began,
        due=scene.now,
    )
    return begun if incidents.begin(begun, before) else standings.incident(ownfault.ID)


def _end(before: Incident, scene: Scene) -> Incident | None:
    logger.info("the monitor itself is well again")
    count("OwnFaultEnded")
    if not incidents.end(before, scene.now):
        return standings.incident(ownfault.ID)
    return replace(before, closed=scene.now, due=scene.now, told=frozenset())
