"""Send notices to all targets, and record which target has accepted which.

What a target has accepted is recorded before the next one is tried: so a notice that one target did not accept is
retried only there, and one that nobody accepted never counts as sent.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from typing import Final

from mxtrax.errors import TryAgain
from mxtrax.frozen import dataclass
from mxtrax.jobs.snapshot import FleetSnapshot
from mxtrax.model import Incident, Millis, Notice, NoticeKind
from mxtrax.notify.channel import Channel, Context, Target
from mxtrax.notify.channels import channels
from mxtrax.rules.grouping import Gathering, Wait
from mxtrax.rules.notices import kind_for, settled, taken
from mxtrax.runtime.log import count, logger
from mxtrax.store import incidents, runtime

AT_ONCE: Final = Wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many incidents somebody was notified of, and when notices that wait for others go out."""

    notified: int = 0
    later: frozenset[Millis] = frozenset()


@dataclasses.dataclass  # noqa: TID251 -- it changes
class Notifier:
    """One run's notices on their way out.

    `news` are the incidents with a notice to come, `latest` are they after each target; `reminders` may go along with
    them. `known` are all ongoing incidents, and those whose end is not notified yet: gathering looks at them.
    """

    snapshot: FleetSnapshot
    news: Sequence[Incident]
    known: Sequence[Incident]
    reminders: Sequence[Incident] = ()
    latest: dict[str, Incident] = field(init=False, default_factory=dict)
    wanted: dict[str, frozenset[str]] = field(init=False, default_factory=dict)
    until: dict[str, list[Millis]] = field(init=False, default_factory=dict)
    notified: set[str] = field(init=False, default_factory=set)
    tried: set[str] = field(init=False, default_factory=set)
    failed: list[str] = field(init=False, default_factory=list)
    moved_on: set[str] = field(init=False, default_factory=set)

    def notify(self) -> Outcome:
        """Send each target the notices that it has not accepted. Raises TryAgain if nobody could be notified of one."""
        everyone = list(self._everyone())
        gathering = Gathering(self.known, self.snapshot.now, self.snapshot.pace.minute)
        letters = [(channel, target, self._letter(target, gathering)) for channel, target in everyone]
        along = self.reminders if any(letter and target.gathers for _, target, letter in letters) else ()
        self.latest = {it.id: it for it in (*self.news, *along)}
        self.wanted = {
            number: frozenset(target.id for _, target in everyone if target.wants(incident))
            for number, incident in self.latest.items()
        }
        for channel, target, letter in letters:
            ready = target.not_before <= self.snapshot.now
            more = [self._notice(it, target, AT_ONCE) for it in along if ready and target.wants(it)]
            self._send(channel, target, [*letter, *more])
        if self.failed:
            count("AlertChannelFailed", len(self.failed))
            runtime.heartbeat("not_notified", self.snapshot.now)
        return self._outcome()

    def _everyone(self) -> Iterator[tuple[Channel, Target]]:
        """Give everybody who can be notified, with the channel."""
        it = self.snapshot
        context = Context(now=it.now, config=it.config, settings=it.settings, customers=it.customers, lines=it.lines)
        for channel in channels(context):
            targets = channel.targets(it.config, it.customers)
            if targets and (lack := channel.lacks()):
                logger.error("a channel cannot notify anybody", channel=channel.name, lack=lack)
            else:
                yield from ((channel, target) for target in targets)

    def _letter(self, target: Target, gathering: Gathering) -> list[Notice]:
        """Choose what goes out to a target now. If anything goes out, waiting notices go along."""
        mine = [it for it in self.news if target.wants(it) and target.id not in it.notified_channels]
        if target.not_before > self.snapshot.now:
            for it in mine:
                self.until.setdefault(it.id, []).append(target.not_before)
            return []
        waits = {
            it.id: gathering.wait(it, target.id, corrected=it.corrected is not None) if target.gathers else AT_ONCE
            for it in mine
        }
        if all(wait.until > self.snapshot.now for wait in waits.values()):
            for number, wait in waits.items():
                self.until.setdefault(number, []).append(wait.until)
            return []
        return [self._notice(it, target, waits[it.id]) for it in mine]

    def _notice(self, incident: Incident, target: Target, wait: Wait) -> Notice:
        """Give the notice of an incident that a target gets."""
        kind, it = kind_for(incident, target.id), self.snapshot
        joined = wait.joined if kind is NoticeKind.OPENED else 0
        return Notice(
            kind=NoticeKind.CHANGED if joined else kind,
            at=it.now,
            incident=incident,
            domain=it.domains.get(incident.maildomain),
            customer=it.customers.get(incident.customer),
            health=it.known.get(incident.maildomain),
            joined=joined,
            before=incident.told.get(target.id, 0),
        )

    def _send(self, channel: Channel, target: Target, letter: Sequence[Notice]) -> None:
        """Send a target its notices, without the end of something that fails again: it would resolve that."""
        self.tried.update(notice.incident.id for notice in letter)
        again = {notice.incident.again_of for notice in letter if notice.incident.closed is None}
        outdated = [it for it in letter if it.incident.closed is not None and it.incident.thread in again]
        for notice in outdated:
            self._note(target, notice, "")
        rest = [notice for notice in letter if notice not in outdated]
        for notice, problem in channel.send(target, rest) if rest else ():
            self._note(target, notice, problem)

    def _note(self, target: Target, notice: Notice, problem: str) -> None:
        """Record, before the next one is sent, that a target has accepted a notice."""
        number = notice.incident.id
        if problem:
            self.failed.append(number)
            return
        after = taken(self.latest[number], notice, target.id, self.wanted[number], self.snapshot.pace)
        self.notified.add(number)
        if number in self.moved_on or not incidents.mark_notified(after):
            self.moved_on.add(number)
            after = _only_told(notice, target) or after
        self.latest[number] = after

    def _outcome(self) -> Outcome:
        """Record when waiting notices are due, and give the outcome of all. Failed ones are due again at once."""
        later = set[Millis]()
        for number in self.latest.keys() - self.tried - self.until.keys():
            if done := settled(self.latest[number], self.wanted[number], self.snapshot.pace, self.snapshot.now):
                incidents.mark_notified(done)
        for number in self.until.keys() - set(self.failed):
            it, first = self.latest[number], min(self.until[number])
            if it.due != first:
                incidents.mark_notified(replace(it, due=first))
                later.add(first)
        waits = self.until.keys() - self.tried
        pending = {number for number, it in self.latest.items() if not it.notified_channels or _nobody_knows(it)}
        nobody = sorted(pending - self.notified - waits)
        count("IncidentsNotified", len(self.notified))
        if nobody:
            logger.error("nobody could be notified of some incidents", incidents=nobody)
            count("IncidentsNotNotified", len(nobody))
            runtime.heartbeat("not_notified", self.snapshot.now)
            raise TryAgain(f"of {len(nobody)} incidents nobody could be notified")
        return Outcome(notified=len(self.notified), later=frozenset(later))


def _only_told(notice: Notice, target: Target) -> Incident | None:
    """Record that a target knows about an incident that has ended, or changed hands, while its notice was on its way.

    Another notice will follow, which nobody has accepted yet.
    """
    now = incidents.get(notice.incident.id)
    if now is None or now.opened != notice.incident.opened:
        return None
    known = replace(now, told={**now.told, target.id: notice.at}, notified=now.notified or notice.at)
    incidents.mark_notified(known)
    return known


def _nobody_knows(incident: Incident) -> bool:
    """Say whether a notice bounced from everybody who had accepted it, and there is nobody else."""
    return incident.closed is None and incident.notified is None
