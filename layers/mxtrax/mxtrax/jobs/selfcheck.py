"""The monitor's own faults: noticed, recorded with their stretches, and notified when they begin and end."""

from collections.abc import Sequence
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.jobs.snapshot import FleetSnapshot
from mxtrax.model import DAY, HOUR, Cause, Incident, Millis, Stretch
from mxtrax.rules import selfcheck
from mxtrax.store import incidents, runtime

STORM: Final = "storm"
"""The one record of too much mail coming in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the self-check has found: the monitor's incident, and the stretches of its faults.

    `doubted` are the stretches for which alarms are held: these, and the present one while our own loop owes an answer.
    """

    incident: Incident | None
    doubted: Sequence[Stretch]


def watch(snapshot: FleetSnapshot) -> Watch:
    """Decide whether the fault is ours, record that, and give what is known now."""
    fleet, config, now = snapshot.fleet(), snapshot.config, snapshot.now
    known = runtime.faults()
    last = known[-1] if known else None
    seen = selfcheck.look(fleet, config, now, last, runtime.who_names_us())
    after = selfcheck.with_fault(known, seen, now)
    if after != known:
        runtime.save_faults(after)
    wrong = " ".join(seen.reasons) if seen else ""
    began = seen.began if seen else now
    incident = incidents.note_ours(selfcheck.ID, Cause.MONITOR_FAULT, wrong, now, sent=began, again=selfcheck.AGAIN)
    loop = [each for each in fleet if selfcheck.is_own_loop(each.domain, config)]
    doubt = selfcheck.doubt(loop)
    return Watch(incident=incident, doubted=(*after, doubt) if doubt else after)


def storm(now: Millis) -> list[Incident]:
    """Begin or end the storm: more copies of a test, or more mail that belongs to none, than is kept."""
    last = runtime.last_storm(now)
    if last is None or now - last.at > DAY:
        return []
    wrong = _stormy(last) if now - last.at < HOUR else ""
    it = incidents.note_ours(STORM, Cause.STORM, wrong, now, sent=last.at)
    return [it] if it and (it.closed is None or it.due is not None) else []


def _stormy(storm: runtime.Storm) -> str:
    """Say whose mail a storm is, and what to look for."""
    if storm.maildomain:
        whose = f"More copies of the tests of {storm.maildomain} come back within an hour than are kept"
        return (
            f"{whose}: the rest is counted and deleted. Look for a mail loop there, or a responder that answers itself."
        )
    whose = "More mail comes in within an hour that no test answers to than is kept"
    return f"{whose}: the rest is counted and deleted. Look at the unmatched mail for who sends it."
