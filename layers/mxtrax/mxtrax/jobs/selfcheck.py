"""The monitor's own faults: noticed, written down with their stretches, and notified of when they begin and end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from mxtrax.jobs.snapshot import FleetSnapshot
from mxtrax.model import DAY, HOUR, MONITOR, Cause, Incident, Millis
from mxtrax.rules import selfcheck
from mxtrax.rules.evidence import Stretch
from mxtrax.runtime.log import count, logger
from mxtrax.store import incidents, runtime

STORM: Final = "storm"
"""The one record of too much mail coming in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the self-check has found: the monitor's incident, and the stretches of its faults.

    `doubted` are the stretches that alarms are held for: those, and one of this moment while our own loop owes an answer.
    """

    incident: Incident | None
    doubted: Sequence[Stretch]


def watch(snapshot: FleetSnapshot, before: Incident | None) -> Watch:
    """Decide whether the fault is ours, write that down, and give what is known now."""
    fleet, config, now = snapshot.fleet(), snapshot.config, snapshot.now
    known = runtime.faults()
    last = known[-1] if known else None
    seen = selfcheck.look(fleet, config, now, last)
    after = selfcheck.with_fault(known, seen, now)
    if after != known:
        runtime.save_faults(after)
    incident = before
    if seen and (before is None or before.closed is not None):
        incident = _begin(seen, before, now)
    elif before and before.closed is None and not seen:
        incident = _end(before, now)
    loop = [each for each in fleet if selfcheck.is_own_loop(each.domain, config)]
    doubt = selfcheck.doubt(loop)
    return Watch(incident=incident, doubted=(*after, doubt) if doubt else after)


def storm(now: Millis) -> list[Incident]:
    """Begin or end the storm: more copies of a test, or more mail that belongs to none, than is kept."""
    last = runtime.last_storm(now)
    if last is None or now - last.at > DAY:
        return []
    before = incidents.get(STORM)
    if now - last.at >= HOUR:
        over = before is not None and before.closed is None and incidents.end(before, now)
        return [replace(before, closed=now, due=now, notified_channels=frozenset())] if before and over else []
    if before and before.closed is None:
        return [before]
    said = _stormy(last)
    begun = Incident(id=STORM, maildomain=MONITOR, opened=now, cause=Cause.STORM, evidence=said, sent=last.at, due=now)
    return [begun] if incidents.begin(begun, before) else []


def _stormy(storm: runtime.Storm) -> str:
    """Say whose mail it is, and what to look for."""
    if storm.maildomain:
        whose = f"More copies of the tests of {storm.maildomain} come back within an hour than are kept"
        return (
            f"{whose}: the rest is counted and deleted. Look for a mail loop there, or a responder that answers itself."
        )
    whose = "More mail comes in within an hour that no test answers to than is kept"
    return f"{whose}: the rest is counted and deleted. Look at the unmatched mail for who sends it."


def _begin(seen: selfcheck.Fault, before: Incident | None, now: Millis) -> Incident | None:
    logger.error("the monitor has a problem of its own", reasons=list(seen.reasons))
    count("MonitorFaultBegan")
    again = before if before and now - (before.closed or 0) < selfcheck.AGAIN else None
    begun = Incident(
        id=selfcheck.ID,
        maildomain=MONITOR,
        opened=again.opened if again else now,
        cause=Cause.MONITOR_FAULT,
        evidence=" ".join(seen.reasons),
        sent=min(seen.began, again.sent) if again else seen.began,
        due=now,
    )
    return begun if incidents.begin(begun, before) else incidents.get(selfcheck.ID)


def _end(before: Incident, now: Millis) -> Incident | None:
    logger.info("the monitor is well again")
    count("MonitorFaultEnded")
    if not incidents.end(before, now):
        return incidents.get(selfcheck.ID)
    return replace(before, closed=now, due=now, notified_channels=frozenset())
