"""Tell people of incidents: one mail of all that is going on, one message an incident for machines.

Judging is apart from telling. What each channel has taken is written down before the next one is tried: so an alarm that
one channel did not take is tried again there alone, and one that nobody took never counts as told. One worker tells at
a time: the schedule may call twice for a minute, and a slow run may meet the next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mxtrax import report
from mxtrax.errors import TryAgain
from mxtrax.jobs import selfcheck as trouble
from mxtrax.jobs.snapshot import FleetSnapshot, take_snapshot
from mxtrax.model import MINUTE, MONITOR, SECOND, Incident, Millis
from mxtrax.notify import posting
from mxtrax.rules import selfcheck
from mxtrax.rules.notices import TOPIC, address_of, as_notified, channels, refreshed
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import domain_health, incidents
from mxtrax.store import settings as stored

LATELY: Final = 5 * MINUTE
"""For how long after tests could not be sent the fleet is looked at, even if nothing else is amiss."""

ALONG: Final = 4
"""A reminder that is due within this part of the time between two goes out along with other news."""

LEASE: Final = 60 * SECOND
"""How long a worker may live: the time-out of its function."""


def run(now: Millis, settings: Settings) -> dict[str, int]:
    """Tell what is due to be told. Raises TryAgain where of something nobody could be told; the next run tells it.

    While nothing is to tell, this reads five items, however large the fleet is.
    """
    until = now + LEASE
    if not stored.acquire_lease("alert", now, until):
        # Between an alarm and the note that it was taken, a second worker would send it again.
        count("AlertsLeftToAnother")
        return {"waiting": 0, "notified": 0}
    try:
        return _tell_all(now, settings)
    finally:
        stored.release_lease("alert", until)


def _tell_all(now: Millis, settings: Settings) -> dict[str, int]:
    config = stored.load(settings.initial)
    remind = config.remind_minutes * settings.minute_seconds * SECOND
    near = domain_health.pending(now + remind // ALONG)
    fault = domain_health.incident(selfcheck.ID)
    notified, waiting = 0, len(near)
    unsent = stored.last_heartbeat("unsent")
    in_trouble = fault is not None and fault.closed is None
    ours = trouble.storm(now)
    if in_trouble or any(_due(it, now) for it in (*near, *ours)) or (unsent and now - unsent < LATELY):
        snapshot = take_snapshot(now, config, settings)
        fault = trouble.watch(snapshot, fault)
        news = _news([*near, *ours, *([fault] if fault else [])], fault, snapshot)
        notified = _Notifier(snapshot, {it.id: it for it in news}).notify() if any(_due(it, now) for it in news) else 0
    stored.heartbeat("alert", now)
    return {"waiting": waiting, "notified": notified}


def _due(incident: Incident, now: Millis) -> bool:
    return incident.due is not None and incident.due <= now


def _news(near: Sequence[Incident], fault: Incident | None, snapshot: FleetSnapshot) -> list[Incident]:
    """Choose what is told: nothing of a domain in maintenance, nothing that may be our own fault."""
    known = {it.id: it for it in near if it.maildomain != MONITOR or _due(it, snapshot.now)}
    news = []
    for incident in known.values():
        domain = snapshot.domains.get(incident.maildomain)
        if domain and domain.maintmode:
            continue
        if _ended_unseen(incident, fault, snapshot):
            incidents.mark_notified(replace(incident, dropped=snapshot.now, notified_channels=frozenset(), due=None))
            count("AlertsDropped")
        elif incident.closed is None and selfcheck.held(incident, fault, snapshot.config):
            count("AlertsHeld")
        else:
            news.append(refreshed(_of_gone(incident, snapshot), snapshot.now, snapshot.remind))
    return news


def _ended_unseen(incident: Incident, fault: Incident | None, snapshot: FleetSnapshot) -> bool:
    """Tell whether an incident is over that nobody was told of, and that was ours: then nobody has to know."""
    if incident.closed is None or incident.notified is not None:
        return False
    return incident.maildomain == MONITOR or selfcheck.held(incident, fault, snapshot.config)


def _of_gone(incident: Incident, snapshot: FleetSnapshot) -> Incident:
    """End the incident of a domain that is no longer tested: no fold ever will."""
    there = incident.maildomain in snapshot.domains or incident.maildomain == MONITOR
    if there or incident.closed is not None or not incidents.end(incident, snapshot.now):
        return incident
    return replace(incident, closed=snapshot.now, due=snapshot.now, notified_channels=frozenset())


@dataclass
class _Notifier:
    """One run's telling. `news` is what is to be told, as it stands after each channel."""

    snapshot: FleetSnapshot
    news: dict[str, Incident]
    wanted: dict[str, frozenset[str]] = field(default_factory=dict)
    notified: set[str] = field(default_factory=set)
    written: dict[tuple[frozenset[str] | None, tuple[str, ...]], report.Mail] = field(default_factory=dict)
    failed: int = 0

    def notify(self) -> int:
        """Tell each channel what it has not been told, and give of how many incidents somebody was."""
        config, topic = self.snapshot.config, bool(self.snapshot.settings.alert_topic)
        if not (config.alertuser and config.sendinguser):
            logger.error("no alert mail can go out: sendinguser or alertuser is not set")
        for incident in self.news.values():
            self.wanted[incident.id] = channels(incident, config, self.snapshot.customers, topic=topic)
        pending = {it.id: self.wanted[it.id] - it.notified_channels for it in self.news.values()}
        for channel in sorted(frozenset[str]().union(*pending.values())):
            missing = [it for it in self.news.values() if channel in pending[it.id]]
            if channel == TOPIC:
                for incident in missing:
                    self._took(channel, [incident] if self._publish(incident) else [])
            else:
                self._took(channel, missing if self._mail(address_of(channel), missing) else [])
        if self.failed:
            count("AlertChannelFailed", self.failed)
            stored.heartbeat("not_notified", self.snapshot.now)
        return self._outcome()

    def _outcome(self) -> int:
        pending = sorted(it.id for it in self.news.values() if not it.notified_channels and it.id not in self.notified)
        count("IncidentsNotified", len(self.notified))
        if pending:
            logger.error("nobody could be told of some incidents", incidents=pending)
            count("IncidentsNotNotified", len(pending))
            stored.heartbeat("not_notified", self.snapshot.now)
            raise TryAgain(f"of {len(pending)} incidents nobody could be told")
        return len(self.notified)

    def _took(self, channel: str, taken: Iterable[Incident]) -> None:
        """Write down, before the next channel is tried, that this one has taken some news."""
        took, now, remind = frozenset({channel}), self.snapshot.now, self.snapshot.remind
        for incident in taken:
            after = as_notified(incident, took, self.wanted[incident.id], now, remind)
            self.news[incident.id] = after
            self.notified.add(incident.id)
            incidents.mark_notified(after)

    def _mail(self, address: str, told: Sequence[Incident]) -> bool:
        """Mail the report to one address, and give whether SES took it. A customer's people see their own domains alone."""
        snapshot = self.snapshot
        theirs = None if address in snapshot.config.alertuser else frozenset(incident.customer for incident in told)
        audience = theirs, tuple(incident.id for incident in told)
        if audience not in self.written:  # Of 20,000 domains a mail takes seconds to write.
            lines = snapshot.lines(theirs)
            self.written[audience] = report.compose(snapshot.now, snapshot.config, told, lines, snapshot.customers)
        return self._went(
            posting.mail(self.written[audience], address, snapshot.config, snapshot.settings, snapshot.now)
        )

    def _publish(self, incident: Incident) -> bool:
        """Publish one incident for machines, and give whether that went well."""
        snapshot = self.snapshot
        domain, customer = snapshot.domains.get(incident.maildomain), snapshot.customers.get(incident.customer)
        message, attributes = report.message(
            incident, domain, customer, snapshot.known.get(incident.maildomain), snapshot.now
        )
        return self._went(posting.publish(message, attributes, snapshot.settings))

    def _went(self, problem: str) -> bool:
        self.failed += bool(problem)
        return not problem
