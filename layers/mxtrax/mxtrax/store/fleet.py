"""Customers and the domains that are tested."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace

from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from mxtrax.model import Change, DomainHealth, MailDomain, Millis
from mxtrax.rules import status
from mxtrax.rules.schedule import TRANSACTION_LIMIT
from mxtrax.store import audit, mapping, runtime
from mxtrax.store.tables import FLEET, OPEN, HealthRow, IncidentRow, MailDomainRow, connection
from mxtrax.store.writes import as_read, failed_conditions, save_new


def everyone() -> Iterator[MailDomain]:
    """Read the whole fleet, in no order. One pass of plan, no more often."""
    return map(mapping.maildomain, MailDomainRow.scan())


def in_order(offset: int = 0, limit: int | None = None, after: int = 0, customer: str = "") -> Iterator[MailDomain]:
    """Read the fleet by id, or what is one customer's, from the offset-th on of those whose id is above `after`."""
    wanted = None if limit is None else offset + limit
    index, partition = (MailDomainRow.of_customer, customer) if customer else (MailDomainRow.in_order, FLEET)
    rows = index.query(partition, MailDomainRow.id > after, limit=wanted)
    return (mapping.maildomain(row) for number, row in enumerate(rows) if number >= offset)


def count(customer: str = "") -> int:
    """Count the fleet, or what is one customer's."""
    return MailDomainRow.of_customer.count(customer) if customer else MailDomainRow.by_name.count(FLEET)


def by_id(number: int) -> MailDomain | None:
    """Find a domain by its number."""
    row = next(MailDomainRow.by_id.query(number, limit=1), None)
    return by_key(row.key) if row else None


def by_key(key: str) -> MailDomain | None:
    """Find a domain by its address in lower case, as it is at this moment."""
    try:
        return mapping.maildomain(MailDomainRow.get(key, consistent_read=True))
    except DoesNotExist:
        return None


def by_keys(keys: Iterable[str]) -> dict[str, MailDomain]:
    """Find several domains; those that are gone are left out."""
    found = map(mapping.maildomain, MailDomainRow.batch_get(list(keys)))
    return {domain.key: domain for domain in found}


def add(domains: Sequence[MailDomain], change: Change | None = None) -> list[MailDomain]:
    """Add those of the domains that are not there yet, each under a number of its own, and give those that were added.

    A change is kept where one domain is added.
    """
    added: list[MailDomain] = []
    for start in range(0, len(domains), TRANSACTION_LIMIT):
        chunk = {domain.key: domain for domain in _numbered(domains[start : start + TRANSACTION_LIMIT])}
        beaten = save_new([mapping.maildomain_row(domain) for domain in chunk.values()], MailDomainRow.key)
        there = {row.key for row in beaten}
        added += [domain for key, domain in chunk.items() if key not in there]
    if change is not None and added:
        audit.note(change)
    return added


def _numbered(domains: Sequence[MailDomain]) -> list[MailDomain]:
    numbers = runtime.take_numbers("maildomain", len(domains))
    return [replace(domain, id=number) for domain, number in zip(domains, numbers, strict=True)]


def save(domain: MailDomain, urgency: int | None = None, change: Change | None = None) -> bool:
    """Save a checked domain in place of the version it was made from, with its new urgency; False where that is gone."""
    row = mapping.maildomain_row(domain)
    actions: list[Action] = [MailDomainRow.version.set(domain.version + 1)]
    for each in sorted({it.name for it in fields(MailDomain)} - {"id", "version"}):
        attribute, value = getattr(MailDomainRow, each), getattr(row, each)
        actions.append(attribute.remove() if value is None else attribute.set(value))
    if urgency is not None:
        actions += [MailDomainRow.urgency.set(urgency), MailDomainRow.status.set(status.word_of(urgency))]
    there = MailDomainRow.key.exists() & as_read(MailDomainRow, domain.version)
    try:
        with TransactWrite(connection=connection()) as together:
            together.update(MailDomainRow(domain.key), actions=actions, condition=there)
            audit.add(together, change)
    except TransactWriteError as error:
        failed_conditions(error)
        return False
    return True


def remove(domain: MailDomain, health: DomainHealth, now: Millis, change: Change | None = None) -> bool:
    """Remove a domain with what is known of it, and end its incident; its days stay. False where it has changed."""
    try:
        with TransactWrite(connection=connection()) as together:
            together.delete(MailDomainRow(domain.key), condition=as_read(MailDomainRow, domain.version))
            if health.version:
                together.delete(HealthRow(domain.key), condition=HealthRow.version == health.version)
            if health.incident:
                ended: list[Action] = [
                    IncidentRow.closed.set(now),
                    IncidentRow.due.set(now),
                    IncidentRow.pending.set(OPEN),
                ]
                together.update(IncidentRow(health.incident), actions=ended)
            audit.add(together, change)
    except TransactWriteError as error:
        failed_conditions(error)
        return False
    return True


def of_customer(codename: str, limit: int) -> list[MailDomain]:
    """Read some domains of a customer."""
    return [mapping.maildomain(row) for row in MailDomainRow.of_customer.query(codename, limit=limit)]
