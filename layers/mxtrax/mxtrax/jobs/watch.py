"""Watch the watcher: does each job do its work? If so, call a dead man's switch outside; if not, notify people.

It is a function of its own, so that it outlives each job that it watches. It cannot notice its own end: that is what
the dead man's switch is for, which alerts when the calls stop, and the alarm on watch's metric.
"""

import json
from typing import Final

from mxtrax.errors import MxtraxError
from mxtrax.model import MINUTE, MONITOR, Cause, Config, Incident, Millis
from mxtrax.notify import https
from mxtrax.rules import selfcheck, vitals
from mxtrax.rules.cause import span
from mxtrax.rules.limits import effective
from mxtrax.rules.schedule import SHARDS
from mxtrax.rules.untrusted_text import line
from mxtrax.rules.vitals import Vitals
from mxtrax.rules.windows import in_maintenance
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger, measure
from mxtrax.store import fleet, incidents, mailtests, runtime, windows
from mxtrax.store.config import load_config

LONGEST_DETAIL: Final = 300
"""Characters of what another monitor says about itself."""

STILL_TRUE: Final = 150 * MINUTE
"""How long rollup's last result is valid: rollup runs every hour."""


def run(now: Millis, settings: Settings) -> dict[str, int]:
    """Check the jobs, notify people or call the switch, and check whether the other monitor is well."""
    config = load_config(settings.initial)
    seen = look(now, config, settings)
    wrong = vitals.idle(seen)
    incidents.note_ours(vitals.ID, Cause.JOB_SILENT, " ".join(wrong), now)
    missed = vitals.missed(seen)
    measure("OwnLoopMissed", missed)
    well = not wrong and missed <= vitals.MISSED
    if well:
        runtime.heartbeat(vitals.WELL, now)
        _call_switch(settings.heartbeat_url)
    else:
        logger.warning("the monitor does not do all of its work", wrong=wrong)
    _look_at_peer(settings.peer_health_url, now)
    runtime.heartbeat("watch", now)
    return {"well": int(well), "wrong": len(wrong)}


def look(now: Millis, config: Config, settings: Settings) -> Vitals:
    """Read what the jobs have left behind, and which work is left undone."""
    long_ago = now - vitals.PATIENCE
    return Vitals(
        now=now,
        heartbeats=runtime.last_heartbeats(vitals.HEARTBEATS),
        sender=config.sendinguser,
        uncounted=any(mailtests.due(shard, long_ago, 1) for shard in range(SHARDS)),
        waiting=_waiting(config, now),
        every=_pace_of_own_loop(config, settings),
        untested=_untested(now),
    )


def _untested(now: Millis) -> int:
    """Give how many domains are not tested, as rollup last saw; a silent rollup is reported separately."""
    known = runtime.untested()
    return known.certain if 0 <= now - known.at <= STILL_TRUE else 0


def _waiting(config: Config, now: Millis) -> Millis | None:
    """Give since when the oldest alert has been due that neither maintenance nor a fault of ours holds back."""
    due = incidents.pending(now - vitals.PATIENCE)
    if not due:
        return None
    faults = runtime.faults()
    domains, planned = fleet.by_keys(it.maildomain for it in due if it.maildomain != MONITOR), windows.everything()

    def held(incident: Incident) -> bool:
        if incident.maildomain == MONITOR:
            return False
        domain = domains.get(incident.maildomain)
        in_pause = domain is not None and (domain.maintmode or in_maintenance(planned, domain, now))
        return in_pause or selfcheck.may_wait(incident, faults, config, now)

    return min((it.due for it in due if it.due is not None and not held(it)), default=None)


def _pace_of_own_loop(config: Config, settings: Settings) -> Millis | None:
    """Give how far apart the tests of our own loop are; None if there is no loop, or it is paused."""
    if not (settings.own_loop and config.sendinguser):
        return None
    loop = fleet.by_key(selfcheck.own_loop(settings.own_loop, config).key)
    return effective(loop, config).interval_minutes * MINUTE if loop and not loop.maintmode else None


def _call_switch(url: str) -> None:
    """Tell the dead man's switch that all is well. If it cannot be reached, it alerts by itself."""
    if not url:
        return
    try:
        answer = https.call(url)
    except MxtraxError as error:
        logger.warning("the outside switch could not be called", reason=str(error))
        count("SwitchNotCalled")
        return
    if not answer.taken:
        logger.warning("the outside switch did not take the call", status=answer.status)
        count("SwitchNotCalled")


def _look_at_peer(url: str, now: Millis) -> None:
    """Check whether the other monitor is well; if it has not been for some minutes, that is an incident here."""
    if not url:
        return
    problem = _problem_of(url)
    last = runtime.last_heartbeats([vitals.PEER])[vitals.PEER]
    if last is None or not problem:
        runtime.heartbeat(vitals.PEER, now)
        last = now
    long = now - last > vitals.PATIENCE
    said = f"It has not been well for {span(now - last)}: {problem}" if long else ""
    if long or not problem:
        incidents.note_ours(vitals.PEER, Cause.PEER_UNWELL, said, now)


def _problem_of(url: str) -> str:
    """Say what is wrong with the other monitor; nothing if it is well."""
    try:
        answer = https.call(url)
    except MxtraxError as error:
        return str(error)
    if answer.taken:
        return ""
    try:
        detail = str(json.loads(answer.body)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"it answers with status {answer.status}."
    return f"it says: {line(detail, LONGEST_DETAIL)}"
