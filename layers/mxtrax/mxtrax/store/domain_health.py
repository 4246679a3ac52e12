"""What is known of domains, their days and their incidents; and the fold, which alone writes them.

The fold is one transaction per domain and day: its tests are marked as included, Stat and DomainHealth are replaced under
their versions, an incident is opened or closed with them. All or nothing: whatever is retried, doubled or cut short,
each test is counted exactly once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from mxtrax.model import Cause, Change, DomainHealth, Incident, MailTest, Millis, Stat, Verdict
from mxtrax.rules import status
from mxtrax.store import audit, mapping
from mxtrax.store.tables import OPEN, HealthRow, IncidentRow, MailDomainRow, MailTestRow, StatRow, connection
from mxtrax.store.writes import failed_conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One test on its way through the fold: as it was read, what it counts as now, when to look again."""

    test: MailTest
    verdict: Verdict
    due: Millis | None


@dataclass(frozen=True, slots=True)
class Listing:
    """How a domain stands in the lists of the fleet: its urgency, and who runs its mail server."""

    urgency: int
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the newest bad test of a domain shows."""

    testid: str = ""
    sent: Millis = 0
    cause: Cause | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What a fold adds to an incident that is there: newer evidence, or its end."""

    incident: str
    evidence: Evidence | None = None
    closed: Millis | None = None


type Turn = Incident | Amendment
"""What a fold does to a domain's incident: it opens one, or amends one."""


def of(keys: Iterable[str]) -> dict[str, DomainHealth]:
    """Read what is known of several domains; of a new one, a blank."""
    wanted = list(keys)
    found = {row.maildomain: mapping.health(row) for row in HealthRow.batch_get(wanted, consistent_read=True)}
    return {key: found.get(key) or DomainHealth(maildomain=key) for key in wanted}


def everything() -> Iterator[DomainHealth]:
    """Read what is known of the whole fleet."""
    return map(mapping.health, HealthRow.scan())


def wanting_retest() -> set[str]:
    """Give the domains that are to be tested more often for now."""
    return {row.maildomain for row in HealthRow.retest_index.query(1)}


def refusing(slowest: int) -> dict[str, int]:
    """Give the domains that are tested more slowly, and how often their interval is doubled, up to `slowest` times."""
    return {
        row.maildomain: doublings
        for doublings in range(1, slowest + 1)
        for row in HealthRow.slower_index.query(doublings)
    }


def stats(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Stat]:
    """Read several (domain, day); of a new one, a blank.

    Read them after the health they go with: then a fold that came between is noticed by its version.
    """
    wanted = list(keys)
    found = {(row.maildomain, row.d): mapping.stat(row) for row in StatRow.batch_get(wanted, consistent_read=True)}
    return {(key, day): found.get((key, day)) or Stat(maildomain=key, d=day) for key, day in wanted}


def stats_of_domain(key: str, first: date | None = None, last: date | None = None) -> Iterator[Stat]:
    """Read a domain's days in order."""
    days = StatRow.d.between((first or date.min).isoformat(), (last or date.max).isoformat())
    return map(mapping.stat, StatRow.query(key, days))


def stats_of_day(day: str, limit: int | None = None, after: str = "") -> Iterator[Stat]:
    """Read the day of every domain, by address, of those that come after this one."""
    beyond = StatRow.maildomain > after if after else None
    return map(mapping.stat, StatRow.by_day.query(day, beyond, limit=limit))


def count_of_day(day: str) -> int:
    """Count the domains that have figures of a day."""
    return StatRow.by_day.count(day)


def about_how_many_stats() -> int:
    """Give the number of all days of all domains as DynamoDB has counted them some hours ago."""
    return int(StatRow.count())


def fold(
    steps: Sequence[Step], stat: Stat, health: DomainHealth, turn: Turn | None, listing: Listing | None = None
) -> bool:
    """Commit the steps of one domain and day. False where somebody was quicker; then nothing at all was written."""
    try:
        with TransactWrite(connection=connection()) as together:
            for step in steps:
                _include(together, step)
            together.save(
                mapping.stat_row(replace(stat, version=stat.version + 1)), condition=_unchanged(StatRow, stat)
            )
            together.save(
                mapping.health_row(replace(health, version=health.version + 1)),
                condition=_unchanged(HealthRow, health),
            )
            _turn(together, turn)
            _list(together, health.maildomain, listing)
    except TransactWriteError as error:
        failed_conditions(error)
        return False
    return True


def _include(together: TransactWrite, step: Step) -> None:
    """Mark a test with what it counts as. Under the `rev` that was read: evidence that came since wants another look."""
    actions: list[Action] = [MailTestRow.counted.set(str(step.verdict))]
    marks = (mark for mark in ("quiet", "unjudged") if getattr(step.test, mark))
    actions += [getattr(MailTestRow, mark).set(True) for mark in marks]
    if step.verdict.final or step.due is None:
        actions += [MailTestRow.incl_in_stat.set(True), MailTestRow.due.remove(), MailTestRow.shard.remove()]
    else:
        actions.append(MailTestRow.due.set(step.due))
    open_ = MailTestRow.incl_in_stat == False  # noqa: E712 -- a condition, not a test
    as_read = (MailTestRow.rev == step.test.rev) & (MailTestRow.counted == str(step.test.counted))
    together.update(MailTestRow(step.test.testid), actions=actions, condition=open_ & as_read)


def _list(together: TransactWrite, key: str, listing: Listing | None) -> None:
    """Move a domain in the lists. Whoever puts it into maintenance at this moment, or removes it, goes first."""
    if listing is None:
        return
    provider = MailDomainRow.provider
    actions: list[Action] = [
        MailDomainRow.status.set(status.word_of(listing.urgency)),
        MailDomainRow.urgency.set(listing.urgency),
        provider.set(listing.provider) if listing.provider else provider.remove(),
    ]
    tested = MailDomainRow.maintmode == False  # noqa: E712 -- a condition, not a test
    together.update(MailDomainRow(key), actions=actions, condition=tested)


def _turn(together: TransactWrite, turn: Turn | None) -> None:
    match turn:
        case Incident():
            together.save(mapping.incident_row(turn))
        case Amendment():
            together.update(IncidentRow(turn.incident), actions=[*_newer(turn.evidence), *_ended(turn.closed)])


def _newer(evidence: Evidence | None) -> list[Action]:
    if evidence is None:
        return []
    return [
        IncidentRow.testid.set(evidence.testid),
        IncidentRow.sent.set(evidence.sent),
        IncidentRow.cause.set(str(evidence.cause)) if evidence.cause else IncidentRow.cause.remove(),
        IncidentRow.evidence.set(evidence.text),
    ]


def _ended(closed: Millis | None) -> list[Action]:
    """End an incident; that is news, of which no channel has been told."""
    if closed is None:
        return []
    return [
        IncidentRow.closed.set(closed),
        IncidentRow.due.set(closed),
        IncidentRow.pending.set(OPEN),
        IncidentRow.notified_channels.remove(),
    ]


def _unchanged(row: type[StatRow] | type[HealthRow], it: Stat | DomainHealth) -> Condition:
    return row.version == it.version if it.version else row.maildomain.does_not_exist()


def incident(number: str) -> Incident | None:
    """Read an incident; there is none without an id."""
    if not number:
        return None
    try:
        return mapping.incident(IncidentRow.get(number, consistent_read=True))
    except DoesNotExist:
        return None


def noted(before: Incident, after: Incident, change: Change | None = None) -> bool:
    """Save what people make of an incident; False where somebody else has just done so."""
    row = IncidentRow(before.id)
    actions: list[Action] = []
    as_read = IncidentRow.id.exists()
    for name in ("acknowledged", "acknowledged_by", "note"):
        attribute, was, now = getattr(IncidentRow, name), getattr(before, name), getattr(after, name)
        actions.append(attribute.set(now) if now else attribute.remove())
        as_read &= (attribute == was) if was else attribute.does_not_exist()
    try:
        with TransactWrite(connection=connection()) as together:
            together.update(row, actions=actions, condition=as_read)
            audit.add(together, change)
    except TransactWriteError as error:
        failed_conditions(error)
        return False
    return True


def incidents_of(key: str, limit: int | None = None) -> Iterator[Incident]:
    """Read a domain's incidents, the latest first."""
    return map(mapping.incident, IncidentRow.by_domain.query(key, scan_index_forward=False, limit=limit))


def pending(until: Millis | None = None) -> list[Incident]:
    """Read the incidents that have something to tell by then: what is open or ended, and not yet told.

    Without an end, all that are open are among them: each has its next reminder before it.
    """
    by_then = None if until is None else IncidentRow.due <= until
    return [mapping.incident(row) for row in IncidentRow.pending_index.query(OPEN, by_then)]
