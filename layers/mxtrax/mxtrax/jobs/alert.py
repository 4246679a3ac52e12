"""Notify people of incidents, through every channel.

Judging is apart from notifying. What a target has taken is written down before the next one is tried: so a notice that
one did not take is tried again there alone, and one that nobody took never counts as sent. One worker notifies at a
time: the schedule may call twice for a minute, and a slow run may meet the next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mxtrax.aws import sqs
from mxtrax.errors import TryAgain
from mxtrax.jobs.selfcheck import Watch, storm, watch
from mxtrax.jobs.snapshot import FleetSnapshot, take_snapshot
from mxtrax.model import MINUTE, MONITOR, SECOND, Incident, Millis, Notice
from mxtrax.model.orders import Wake
from mxtrax.notify import Channel, Context, Target, channels
from mxtrax.rules import selfcheck
from mxtrax.rules.notices import kind_of, refreshed, taken
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import incidents, runtime
from mxtrax.store.config import load_config

LATELY: Final = 5 * MINUTE
"""For how long after a test could not be sent, or a control owed an answer, the fleet is looked at in any case."""

ALONG: Final = 4
"""A reminder that is due within this part of the time between two goes out along with other notices."""

AGAIN: Final = 5
"""Seconds after which it is woken again where another worker is at it."""

MOST_TRIES: Final = 12
"""How often it is woken again; then the schedule's next run is as near."""

LEASE: Final = 60 * SECOND
"""How long a worker may live: the time-out of its function."""


def run(now: Millis, settings: Settings, woken: Wake | None = None) -> dict[str, int]:
    """Send the notices that are due. Raises TryAgain where of one nobody could be notified; the next run sends it.

    While none is due, this reads five items, however large the fleet is.
    """
    until = now + LEASE
    if not runtime.acquire_lease("alert", now, until):
        # Between a notice and the note that it was taken, a second worker would send it again.
        count("AlertsLeftToAnother")
        if woken and woken.tries < MOST_TRIES:  # What woke it may have come after the other one looked.
            sqs.queue_all(settings.alert_queue, [(replace(woken, tries=woken.tries + 1), AGAIN)])
        return {"waiting": 0, "notified": 0}
    try:
        return _notify_all(now, settings)
    finally:
        runtime.release_lease("alert", until)


def _notify_all(now: Millis, settings: Settings) -> dict[str, int]:
    config = load_config(settings.initial)
    remind = config.remind_minutes * settings.minute_seconds * SECOND
    near = incidents.pending(now + remind // ALONG)
    fault = incidents.get(selfcheck.ID)
    notified, waiting = 0, len(near)
    doubts = [runtime.last_heartbeat(name, now) for name in ("unsent", "control")]
    in_doubt = (fault is not None and fault.closed is None) or any(at and now - at < LATELY for at in doubts)
    ours = storm(now)
    if in_doubt or any(_due(it, now) for it in (*near, *ours)):
        snapshot = take_snapshot(now, config, settings)
        seen = watch(snapshot, fault)
        due = _chosen([*near, *ours, *([seen.incident] if seen.incident else [])], seen, snapshot)
        if any(_due(it, now) for it in due):
            notified = _Notifier(snapshot, [_notice(it, snapshot) for it in due]).notify()
    runtime.heartbeat("alert", now)
    return {"waiting": waiting, "notified": notified}


def _due(incident: Incident, now: Millis) -> bool:
    return incident.due is not None and incident.due <= now


def _chosen(near: Sequence[Incident], seen: Watch, snapshot: FleetSnapshot) -> list[Incident]:
    """Choose what is sent: nothing of a domain in maintenance, nothing that may be our own fault."""
    known = {it.id: it for it in near if it.maildomain != MONITOR or _due(it, snapshot.now)}
    chosen = []
    for incident in known.values():
        domain = snapshot.domains.get(incident.maildomain)
        if domain and domain.maintmode:
            continue
        if _ended_unseen(incident, seen, snapshot):
            incidents.mark_notified(replace(incident, dropped=snapshot.now, notified_channels=frozenset(), due=None))
            count("AlertsDropped")
        elif incident.closed is None and incident.notified is None and _held(incident, seen, snapshot):
            count("AlertsHeld")
        else:
            chosen.append(refreshed(_of_gone(incident, snapshot), snapshot.now, snapshot.remind))
    return chosen


def _ended_unseen(incident: Incident, seen: Watch, snapshot: FleetSnapshot) -> bool:
    """Tell whether an incident is over that nobody was notified of, and that was ours: then nobody has to know."""
    if incident.closed is None or incident.notified is not None:
        return False
    return incident.maildomain == MONITOR or _held(incident, seen, snapshot)


def _held(incident: Incident, seen: Watch, snapshot: FleetSnapshot) -> bool:
    return selfcheck.held(incident, seen.doubted, snapshot.config, snapshot.now)


def _of_gone(incident: Incident, snapshot: FleetSnapshot) -> Incident:
    """End the incident of a domain that is no longer tested: no fold ever will."""
    there = incident.maildomain in snapshot.domains or incident.maildomain == MONITOR
    if there or incident.closed is not None or not incidents.end(incident, snapshot.now):
        return incident
    return replace(incident, closed=snapshot.now, due=snapshot.now, notified_channels=frozenset())


def _notice(incident: Incident, snapshot: FleetSnapshot) -> Notice:
    """Work out what every channel is given of an incident."""
    return Notice(
        kind=kind_of(incident),
        at=snapshot.now,
        incident=incident,
        domain=snapshot.domains.get(incident.maildomain),
        customer=snapshot.customers.get(incident.customer),
        health=snapshot.known.get(incident.maildomain),
    )


@dataclass
class _Notifier:
    """One run's notices on their way out. `standing` are their incidents, as they stand after each target."""

    snapshot: FleetSnapshot
    notices: Sequence[Notice]
    standing: dict[str, Incident] = field(default_factory=dict)
    wanted: dict[str, frozenset[str]] = field(default_factory=dict)
    notified: set[str] = field(default_factory=set)
    failed: int = 0

    def notify(self) -> int:
        """Send each target the notices that it has not taken, and give of how many incidents somebody was notified."""
        everyone = list(self._everyone())
        self.standing = {it.incident.id: it.incident for it in self.notices}
        self.wanted = {
            number: frozenset(target.id for _, target in everyone if target.wants(incident))
            for number, incident in self.standing.items()
        }
        pending = {number: self.wanted[number] - it.notified_channels for number, it in self.standing.items()}
        for channel, target in everyone:
            missing = [it for it in self.notices if target.id in pending[it.incident.id]]
            for notice, problem in channel.send(target, missing) if missing else ():
                self._note(target, notice, problem)
        if self.failed:
            count("AlertChannelFailed", self.failed)
            runtime.heartbeat("not_notified", self.snapshot.now)
        return self._outcome()

    def _everyone(self) -> Iterator[tuple[Channel, Target]]:
        """Give all who can be notified, with the channel that does it."""
        it = self.snapshot
        context = Context(now=it.now, config=it.config, settings=it.settings, customers=it.customers, lines=it.lines)
        for channel in channels(context):
            targets = channel.targets(it.config, it.customers)
            if targets and (lack := channel.lacks()):
                logger.error("a channel cannot notify anybody", channel=channel.name, lack=lack)
            else:
                yield from ((channel, target) for target in targets)

    def _note(self, target: Target, notice: Notice, problem: str) -> None:
        """Write down, before the next one is sent, that a target has taken a notice."""
        if problem:
            self.failed += 1
            return
        number = notice.incident.id
        after = taken(self.standing[number], notice, target.id, self.wanted[number], self.snapshot.remind)
        self.standing[number] = after
        self.notified.add(number)
        incidents.mark_notified(after)

    def _outcome(self) -> int:
        pending = [number for number, it in self.standing.items() if not it.notified_channels]
        nobody = sorted(set(pending) - self.notified)
        count("IncidentsNotified", len(self.notified))
        if nobody:
            logger.error("nobody could be notified of some incidents", incidents=nobody)
            count("IncidentsNotNotified", len(nobody))
            runtime.heartbeat("not_notified", self.snapshot.now)
            raise TryAgain(f"of {len(nobody)} incidents nobody could be notified")
        return len(self.notified)
