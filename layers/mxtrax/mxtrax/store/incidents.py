"""Incidents: read to be shown or notified; written here by alert and by people, and by the fold (fold.py)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import batched
from typing import Any, Final

from pynamodb.attributes import Attribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import Index

from mxtrax.model import MINUTE, MONITOR, Cause, Change, Incident, Millis
from mxtrax.runtime.log import count, logger
from mxtrax.store import audit, mapping, paging
from mxtrax.store.paging import Page
from mxtrax.store.reading import row_of
from mxtrax.store.tables import ALL, OPEN, IncidentRow
from mxtrax.store.writes import saved, update

BATCH: Final = 100
"""Incidents that one call reads."""

REMOVED: Final = "{} (removed)"
"""Replaces the code in the incidents of a removed customer; codes have no spaces."""

FLICKER: Final = 5 * MINUTE
"""How long a failure must last again, once people were told that it is over, before they are notified."""


def get(number: str) -> Incident | None:
    """Read an incident; there is none without an id."""
    row = row_of(IncidentRow, number) if number else None
    return mapping.incident(row) if row else None


def by_ids(ids: Iterable[str]) -> dict[str, Incident]:
    """Read several incidents; missing ones are left out."""
    return {it.id: it for it in _in_order(ids)}


def of_domain(key: str, limit: int | None = None) -> Iterator[Incident]:
    """Read a domain's incidents, the latest first."""
    rows = IncidentRow.by_domain.query(key, scan_index_forward=False, limit=limit)
    for ids in batched((row.id for row in rows), BATCH, strict=False):
        yield from _in_order(ids)


def page(
    limit: int, after: str = "", *, open_: bool | None = None, customer: str = "", key: str = ""
) -> Page[Incident]:
    """Read a page of incidents, the latest first: of all, of one customer, or of one domain."""
    source: Index[IncidentRow] = IncidentRow.in_order
    partition = ALL
    if key:
        source, partition = IncidentRow.by_domain, key
    elif customer:
        source, partition = IncidentRow.of_customer, customer
    closed = IncidentRow.closed
    where: Condition | None = None if open_ is None else closed.does_not_exist() if open_ else closed.exists()
    if key and customer:
        own = IncidentRow.customer == customer
        where = own if where is None else where & own
    found = paging.page(IncidentRow, source, partition, where=where, limit=limit, after=after, forward=False)
    return Page(_in_order(row.id for row in found.items), found.after)


def pending(until: Millis | None = None) -> list[Incident]:
    """Read the incidents with a notice due by then: those whose opening or end has not been notified yet.

    Without a limit, all open incidents are among them: each has a next reminder.
    """
    by_then = None if until is None else IncidentRow.due <= until
    found = _in_order((row.id for row in IncidentRow.pending_index.query(OPEN, by_then)), consistent=True)
    return [it for it in found if it.due is not None and (until is None or it.due <= until)]


def _in_order(ids: Iterable[str], *, consistent: bool = False) -> list[Incident]:
    """Read incidents in this order; missing ones are left out."""
    wanted = list(ids)
    found = {row.id: mapping.incident(row) for row in IncidentRow.batch_get(wanted, consistent_read=consistent)}
    return [found[number] for number in wanted if number in found]


def mark_notified(incident: Incident) -> bool:
    """Record which channels have accepted a notice, unless the incident has changed meanwhile: then another is due."""
    names = ("reminded", "dropped", "escalated")
    actions: list[Action] = [getattr(IncidentRow, name).set(at) for name in names if (at := getattr(incident, name))]
    values = {
        "notified": incident.notified,
        "told": dict(incident.told),
        "told_cause": incident.told_cause and str(incident.told_cause),
        "told_reason": incident.told_reason and str(incident.told_reason),
        "corrected": incident.corrected,
        "notified_channels": set(incident.notified_channels),
    }
    for name, value in values.items():
        attribute = getattr(IncidentRow, name)
        actions.append(attribute.set(value) if value else attribute.remove())
    actions.append(IncidentRow.reminders.set(incident.reminders))
    if incident.due is None:
        actions += [IncidentRow.due.remove(), IncidentRow.pending.remove()]
    else:
        actions.append(IncidentRow.due.set(incident.due))
    as_read = _same(IncidentRow.closed, incident.closed) & _same(IncidentRow.customer, incident.customer)
    return update(IncidentRow(incident.id), actions, as_read & (IncidentRow.opened == incident.opened))


def as_told(incident: Incident) -> Condition:
    """Require that an incident is ongoing, and that nobody was notified of it since it was read."""
    took = set(incident.notified_channels)
    same = _same(IncidentRow.notified_channels, took) & _same(IncidentRow.due, incident.due)

    condition: Condition = IncidentRow.closed.does_not_exist() & same
    return condition


def _same(attribute: Attribute[Any], value: object) -> Condition:
    """Require that an attribute is as it was read; an empty value is not stored."""
    same: Condition = attribute == value
    return same if value else attribute.does_not_exist()


def note_ours(
    name: str, cause: Cause, wrong: str, now: Millis, *, sent: Millis | None = None, again: Millis = 0
) -> Incident | None:
    """Begin or end an incident of the monitor itself, and give it as it is now; None if there has never been one.

    `wrong` says what is wrong, "" if all is well. `sent` is when tests may first have been spoilt; a fault that returns
    within `again` of its end is the same incident, and people are notified only if it lasts (FLICKER). As with all
    incidents, alert sends the notices.
    """
    before = get(name)
    is_open = before is not None and before.closed is None
    if bool(wrong) is is_open:
        return before
    if before is not None and is_open:
        logger.info("the monitor is well again", incident=name)
        count("MonitorFaultEnded")
        ended = replace(before, closed=now, due=now, notified_channels=frozenset())
        return ended if end(before, now) else get(name)
    logger.error("the monitor has a problem of its own", incident=name, reason=wrong)
    count("MonitorFaultBegan")
    begun = Incident(
        id=name,
        maildomain=MONITOR,
        opened=now,
        cause=cause,
        evidence=wrong,
        sent=now if sent is None else sent,
        due=now,
    )
    if before is not None and now - (before.closed or 0) < again:
        due = now + FLICKER if before.told else now
        same = replace(begun, sent=min(begun.sent, before.sent), opened=before.opened, told=before.told)
        begun = replace(same, due=due)
    return begun if begin(begun, before) else get(name)


def begin(incident: Incident, before: Incident | None) -> bool:
    """Write an incident of the monitor itself over the last of its kind, unless somebody else has."""
    if before is None:
        as_read = IncidentRow.id.does_not_exist()
    else:
        as_read = (IncidentRow.opened == before.opened) & (IncidentRow.closed == before.closed)
    return saved(mapping.incident_row(incident), as_read)


def end(incident: Incident, at: Millis) -> bool:
    """End an incident that no fold will end, unless somebody else has; all channels are to be notified."""
    as_read = IncidentRow.closed.does_not_exist() & (IncidentRow.opened == incident.opened)
    return update(IncidentRow(incident.id), ended(at), as_read)


def ended(at: Millis) -> list[Action]:
    """Give the actions that end an incident; no channel has been notified of that yet."""
    return [
        IncidentRow.closed.set(at),
        IncidentRow.due.set(at),
        IncidentRow.pending.set(OPEN),
        IncidentRow.notified_channels.remove(),
    ]


def leave_customer(codename: str) -> None:
    """Keep a removed customer's incidents under a name that no customer can have: its code may be given again."""
    for number in [row.id for row in IncidentRow.of_customer.query(codename)]:
        update(
            IncidentRow(number), [IncidentRow.customer.set(REMOVED.format(codename))], IncidentRow.customer == codename
        )


def noted(before: Incident, after: Incident, change: Change | None = None) -> bool:
    """Save what people say about an incident; False if somebody else has just done so.

    If nobody is on it any more, alert looks at it in its next run, because reminders begin again.
    """
    row = IncidentRow(before.id)
    actions: list[Action] = []
    as_read = IncidentRow.id.exists()
    for name in ("acknowledged", "acknowledged_by", "note"):
        attribute, was, now = getattr(IncidentRow, name), getattr(before, name), getattr(after, name)
        actions.append(attribute.set(now) if now else attribute.remove())
        as_read &= (attribute == was) if was else attribute.does_not_exist()
    if before.acknowledged and not after.acknowledged and before.closed is None and before.due:
        actions.append(IncidentRow.due.set(min(before.due, before.acknowledged)))
        as_read &= as_told(before)
    return audit.written(lambda together: together.update(row, actions=actions, condition=as_read), change)
