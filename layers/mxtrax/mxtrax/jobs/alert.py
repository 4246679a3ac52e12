"""Notify people of incidents, through every channel.

Choosing is separate from notifying: this module chooses what is due, notifying.py sends it. One worker notifies at a
time: the schedule may call twice in a minute, and a slow run may overlap the next.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from mxtrax.aws import sqs
from mxtrax.jobs import setup_note
from mxtrax.jobs.selfcheck import Watch, storm, watch
from mxtrax.jobs.snapshot import FleetSnapshot, take_snapshot
from mxtrax.model import DAY, MINUTE, MONITOR, SECOND, ChannelKind, Config, Incident, Millis
from mxtrax.model.orders import Wake
from mxtrax.rules import selfcheck
from mxtrax.rules.notices import came_back, with_news
from mxtrax.rules.reminders import next_look, pace_of
from mxtrax.rules.zones import zone_of
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import incidents, runtime
from mxtrax.store.config import load_config

LATELY: Final = 5 * MINUTE
"""How long the fleet is checked in any case after a test could not be sent, or a control was overdue."""

AGAIN: Final = 5
"""Seconds after which alert is woken again if another worker is running."""

MOST_TRIES: Final = 12
"""How often alert is woken again; after that, the schedule's next run is just as soon."""

LONGEST_DELAY: Final = 15 * MINUTE
"""How long a message can wait in a queue; the schedule finds what is due later."""

LEASE: Final = 60 * SECOND
"""How long a worker may live: the time-out of its function."""


def run(now: Millis, settings: Settings, *woken: Wake) -> dict[str, int]:
    """Send the notices that are due. Raises TryAgain if nobody could be notified of one; the next run sends it.

    While none is due, this reads seven items, however large the fleet is.
    """
    until = now + LEASE
    if not runtime.acquire_lease("alert", now, until):
        # Between sending a notice and recording that, a second worker would send it again.
        count("AlertsLeftToAnother")
        # This run may have been woken after the other one looked, and only this run knows which mail bounced.
        known_here = (it for it in woken if it.returned or it.named_by or it.tries < MOST_TRIES)
        again = [replace(it, tries=it.tries + 1) for it in known_here]
        sqs.queue_all(settings.alert_queue, [(it, AGAIN) for it in again])
        return {"waiting": 0, "notified": 0}
    try:
        for it in woken:
            if it.returned:
                _came_back(it, now)
        if named_by := {it.named_by: it.sent for it in woken if it.named_by}:
            runtime.note_who_names_us(named_by, now - DAY)
            runtime.heartbeat("named", now)
        return _notify_all(now, settings)
    finally:
        runtime.release_lease("alert", until)


def _notify_all(now: Millis, settings: Settings) -> dict[str, int]:
    config = load_config(settings.initial)
    progress = runtime.alert_progress()
    if progress.version != config.version:
        progress = progress._replace(version=config.version)
        _go_by(config, now, settings)
        runtime.save_alert_progress(progress)
    near = incidents.pending(now)
    fault = incidents.get(selfcheck.ID)
    doubts = [runtime.last_heartbeat(name, now) for name in ("unsent", "control", "named")]
    in_doubt = (fault is not None and fault.closed is None) or any(at and now - at < LATELY for at in doubts)
    ours, notified, later = storm(now), 0, frozenset[Millis]()
    if in_doubt or near or any(_due(it, now) for it in ours):
        snapshot = take_snapshot(now, config, settings)
        seen = watch(snapshot)
        known = incidents.pending()
        notified, later = _notify([*known, *ours, *([seen.incident] if seen.incident else [])], seen, snapshot)
    _wake_later(later, now, settings)
    setup_note.send(progress, config, now, settings)
    runtime.heartbeat("alert", now)
    count("AlertRounds")
    return {"waiting": len(near), "notified": notified}


def _go_by(config: Config, now: Millis, settings: Settings) -> None:
    """Apply changed settings to open incidents: if a reminder is now due sooner, the incident is looked at sooner."""
    pace = pace_of(config, settings.minute_seconds, zone_of(config.timezone))
    for incident in incidents.pending():
        if incident.due and incident.closed is None and (look := next_look(incident, pace, now)) < incident.due:
            incidents.mark_notified(replace(incident, due=look))


def _came_back(order: Wake, now: Millis) -> None:
    """Mark an address whose mail bounced as not notified: the other recipients are tried at once."""
    logger.error("an alert did not reach an address", address=order.returned, said=order.why)
    count("AlertsReturned")
    runtime.note_returned_alert(order.returned, now, order.why)
    targets = {f"mailto:{order.returned}".lower(), *_help_desks(order.returned)}
    for incident in incidents.pending():
        for known, at in incident.told.items():
            if known.lower() in targets and at == order.sent:
                incidents.mark_notified(came_back(incident, known, now))


def _help_desks(address: str) -> set[str]:
    """Give the channels that send tickets to an address."""
    from mxtrax.notify.added import PREFIX  # noqa: PLC0415 -- as above; hardly any mail comes back
    from mxtrax.store import channels  # noqa: PLC0415

    return {
        f"{PREFIX}{it.id}".lower()
        for it in channels.load().them
        if it.kind is ChannelKind.TICKET and it.settings["to"].lower() == address.lower()
    }


def _wake_later(moments: Iterable[Millis], now: Millis, settings: Settings) -> None:
    """Order the run that sends gathered notices; the schedule's next run would be up to a minute late."""
    seconds = sorted({-((now - at) // SECOND) for at in moments if at - now <= LONGEST_DELAY})
    if seconds:
        sqs.queue_all(settings.alert_queue, [(Wake(), delay) for delay in seconds])


def _notify(every: Iterable[Incident], seen: Watch, snapshot: FleetSnapshot) -> tuple[int, frozenset[Millis]]:
    """Send all notices that are due or go along. Give their number, and when the waiting ones go out.

    If several incidents are ongoing, one will soon end or another will begin: a reminder waits for that.
    """
    news, along, others = list[Incident](), list[Incident](), list[Incident]()
    known = {it.id: it for it in every}
    company = sum(it.closed is None and it.notified is not None for it in known.values()) > 1
    for incident in [it for it in known.values() if it.maildomain != MONITOR or _due(it, snapshot.now)]:
        it = _of_gone(incident, snapshot)
        if due := with_news(it, snapshot.pace, snapshot.now, company=company):
            news.append(due)
            continue
        others.append(it)
        if soon := with_news(it, snapshot.pace, snapshot.now, along=True):
            along.append(soon)
        if _due(it, snapshot.now):  # Otherwise waiting reminders would make it read the fleet each minute.
            incidents.mark_notified(replace(it, due=next_look(it, snapshot.pace, snapshot.now)))
    going = _going(news, seen, snapshot)
    if not going:
        return 0, frozenset()
    from mxtrax.jobs.notifying import Notifier  # noqa: PLC0415 -- brings every channel; most minutes have nothing to tell

    outcome = Notifier(snapshot, going, [*going, *others], _going(along, seen, snapshot)).notify()
    return outcome.notified, outcome.later


def _due(incident: Incident, now: Millis) -> bool:
    return incident.due is not None and incident.due <= now


def _going(news: Iterable[Incident], seen: Watch, snapshot: FleetSnapshot) -> list[Incident]:
    """Choose what is sent: nothing about a domain in maintenance, nothing that may be our own fault."""
    going = []
    for incident in news:
        domain = snapshot.domains.get(incident.maildomain)
        if domain and domain.maintmode:
            continue
        if _ended_unseen(incident, seen, snapshot):
            incidents.mark_notified(replace(incident, dropped=snapshot.now, notified_channels=frozenset(), due=None))
            count("AlertsDropped")
        elif selfcheck.may_wait(incident, seen.doubted, snapshot.config, snapshot.now):
            count("AlertsHeld")
        else:
            going.append(incident)
    return going


def _ended_unseen(incident: Incident, seen: Watch, snapshot: FleetSnapshot) -> bool:
    """Say whether an incident that nobody was notified of is over and was our fault: then nobody needs to know."""
    if incident.closed is None or incident.notified is not None:
        return False
    return incident.maildomain == MONITOR or selfcheck.held(incident, seen.doubted, snapshot.config, snapshot.now)


def _of_gone(incident: Incident, snapshot: FleetSnapshot) -> Incident:
    """End the incident of a domain that is no longer tested: no fold ever will."""
    there = incident.maildomain in snapshot.domains or incident.maildomain == MONITOR
    if there or incident.closed is not None or not incidents.end(incident, snapshot.now):
        return incident
    return replace(incident, closed=snapshot.now, due=snapshot.now, notified_channels=frozenset())
