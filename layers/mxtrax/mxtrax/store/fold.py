"""Commit what aggregate has made of tests. Only this writes Stat and DomainHealth, and opens and closes incidents.

A fold is for one domain and day: its tests are marked as included, Stat and DomainHealth are replaced under their
versions, an incident is opened or closed with them. It is all or nothing: whatever is retried, duplicated or
interrupted, each test is counted exactly once. Folds of different domains are independent; they share a transaction to
save calls.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from mxtrax.frozen import dataclass
from mxtrax.model import Cause, Change, DomainHealth, Incident, MailTest, Millis, Reason, Stat, Verdict
from mxtrax.rules.status import Listing
from mxtrax.store import audit, incidents, mapping
from mxtrax.store.tables import HealthRow, IncidentRow, MailDomainRow, MailTestRow, StatRow
from mxtrax.store.writes import as_read, written

TRANSACTION_LIMIT: Final = 100
"""Writes in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One test on its way through the fold: as it was read, what it counts as now, when to look again."""

    test: MailTest
    verdict: Verdict
    due: Millis | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the newest bad test of a domain shows."""

    testid: str = ""
    sent: Millis = 0
    cause: Cause | None = None
    reason: Reason | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What a fold adds to an existing incident: newer evidence, or its end.

    `look` is when alert must look at it, since another notice may be due.
    """

    incident: str
    evidence: Evidence | None = None
    look: Millis | None = None
    closed: Millis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Where a domain moves to in the lists of the fleet, and whether it was in maintenance when that was decided."""

    to: Listing
    maintmode: bool


type Turn = Incident | Amendment
"""What a fold does to a domain's incident: it opens one, or amends one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """The steps of one domain and day, with the resulting records; Stat and DomainHealth have the versions read."""

    steps: Sequence[Step]
    stat: Stat
    health: DomainHealth
    turn: Turn | None = None
    moved: Moved | None = None

    @property
    def writes(self) -> int:
        """The number of records it writes."""
        return len(self.steps) + 2 + (self.turn is not None) + (self.moved is not None)


def packed(folds: Iterable[Fold]) -> Iterator[list[Fold]]:
    """Group folds, as many as fit into one transaction."""
    together, room = list[Fold](), TRANSACTION_LIMIT
    for each in folds:
        if each.writes > room and together:
            yield together
            together, room = [], TRANSACTION_LIMIT
        together.append(each)
        room -= each.writes
    if together:
        yield together


def commit(folds: Iterable[Fold]) -> bool:
    """Commit folds of different domains. False if another writer was quicker in any; then nothing was written."""

    def all_of_them(together: TransactWrite) -> None:
        for each in folds:
            _add(together, each)

    return written(all_of_them)


def _add(together: TransactWrite, it: Fold) -> None:
    for step in it.steps:
        _include(together, step)
    stat, health = it.stat, it.health
    together.save(mapping.stat_row(replace(stat, version=stat.version + 1)), condition=as_read(StatRow, stat.version))
    row = mapping.health_row(replace(health, version=health.version + 1))
    together.save(row, condition=as_read(HealthRow, health.version))
    _turn(together, it.turn)
    _list(together, health.maildomain, it.moved)


def accept(health: DomainHealth, incident: str, now: Millis, moved: Moved, change: Change) -> bool:
    """Write the health of a domain that is accepted as it is, and close its incident. False if a fold was quicker."""

    def write(together: TransactWrite) -> None:
        row = mapping.health_row(replace(health, version=health.version + 1))
        together.save(row, condition=as_read(HealthRow, health.version))
        _turn(together, Amendment(incident=incident, closed=now))
        _list(together, health.maildomain, moved)

    return audit.written(write, change)


def _include(together: TransactWrite, step: Step) -> None:
    """Mark a test with what it counts as, under the `rev` that was read: later evidence needs another look."""
    actions: list[Action] = [MailTestRow.counted.set(str(step.verdict))]
    for mark in ("quiet", "unjudged"):  # one that was set when the test was first looked at may be wrong by now
        row = getattr(MailTestRow, mark)
        actions.append(row.set(True) if getattr(step.test, mark) else row.remove())
    if step.verdict.final or step.due is None:
        actions += [MailTestRow.incl_in_stat.set(True), MailTestRow.due.remove(), MailTestRow.shard.remove()]
    else:
        actions.append(MailTestRow.due.set(step.due))
    actions.append(MailTestRow.fresh.remove())
    open_ = MailTestRow.incl_in_stat == False  # noqa: E712 -- a condition, not a test
    as_read = (MailTestRow.rev == step.test.rev) & (MailTestRow.counted == str(step.test.counted))
    together.update(MailTestRow(step.test.testid), actions=actions, condition=open_ & as_read)


def _list(together: TransactWrite, key: str, moved: Moved | None) -> None:
    """Move a domain in the lists. If somebody pauses or removes it at this moment, that takes precedence."""
    if moved is None:
        return
    to, mark = moved.to, MailDomainRow.early_mark
    actions: list[Action] = [
        MailDomainRow.status.set(to.status),
        MailDomainRow.urgency.set(to.urgency),
        mark.set(to.early_mark) if to.early_mark else mark.remove(),
    ]
    together.update(MailDomainRow(key), actions=actions, condition=MailDomainRow.maintmode == moved.maintmode)


def _turn(together: TransactWrite, turn: Turn | None) -> None:
    match turn:
        case Incident():
            together.save(mapping.incident_row(turn))
        case Amendment():
            together.update(IncidentRow(turn.incident), actions=_amended(turn))


def _amended(turn: Amendment) -> list[Action]:
    look: list[Action] = [IncidentRow.due.set(turn.look)] if turn.look and not turn.closed else []
    ended = incidents.ended(turn.closed) if turn.closed is not None else []
    return [*_newer(turn.evidence), *look, *ended]


def _newer(evidence: Evidence | None) -> list[Action]:
    if evidence is None:
        return []
    return [
        IncidentRow.testid.set(evidence.testid),
        IncidentRow.sent.set(evidence.sent),
        IncidentRow.cause.set(str(evidence.cause)) if evidence.cause else IncidentRow.cause.remove(),
        IncidentRow.reason.set(str(evidence.reason)) if evidence.reason else IncidentRow.reason.remove(),
        IncidentRow.evidence.set(evidence.text),
    ]
