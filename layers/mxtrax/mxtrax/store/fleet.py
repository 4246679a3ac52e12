"""The domains that are tested."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import NamedTuple

from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from mxtrax.errors import TryAgain
from mxtrax.model import Change, DomainHealth, MailDomain, Millis
from mxtrax.rules.schedule import TRANSACTION_LIMIT
from mxtrax.rules.status import Listing, listing_of, listing_of_new
from mxtrax.store import audit, mapping, runtime
from mxtrax.store.health import health_of
from mxtrax.store.tables import FLEET, OPEN, HealthRow, IncidentRow, MailDomainRow, connection
from mxtrax.store.writes import TRIES, as_read, failed_conditions, save_new


class Listed(NamedTuple):
    """A domain, and how it stands in the lists."""

    domain: MailDomain
    listing: Listing


def everyone() -> Iterator[MailDomain]:
    """Read the whole fleet, in no order. One pass of plan, no more often."""
    return map(mapping.maildomain, MailDomainRow.scan())


def everyone_listed() -> Iterator[Listed]:
    """Read the whole fleet, in no order, and how each stands in the lists. One pass of plan, no more often."""
    return (Listed(mapping.maildomain(row), mapping.listing(row)) for row in MailDomainRow.scan())


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


def listed(keys: Iterable[str]) -> dict[str, Listed]:
    """Find several domains, and how they stand in the lists; those that are gone are left out."""
    rows = MailDomainRow.batch_get(list(keys))
    return {row.key: Listed(mapping.maildomain(row), mapping.listing(row)) for row in rows}


def add(domains: Sequence[MailDomain], change: Change | None = None) -> list[MailDomain]:
    """Add those of the domains that are not there yet, each under a number of its own, and give those that were added.

    A change is kept where one domain is added.
    """
    added: list[MailDomain] = []
    for start in range(0, len(domains), TRANSACTION_LIMIT):
        chunk = {domain.key: domain for domain in _numbered(domains[start : start + TRANSACTION_LIMIT])}
        rows = [mapping.maildomain_row(it, listing_of_new(maintmode=it.maintmode)) for it in chunk.values()]
        beaten = save_new(rows, MailDomainRow.key)
        there = {row.key for row in beaten}
        added += [domain for key, domain in chunk.items() if key not in there]
    if change is not None and added:
        audit.note(change)
    return added


def _numbered(domains: Sequence[MailDomain]) -> list[MailDomain]:
    numbers = runtime.take_numbers("maildomain", len(domains))
    return [replace(domain, id=number) for domain, number in zip(domains, numbers, strict=True)]


def save(domain: MailDomain, change: Change | None = None) -> bool:
    """Save a checked domain in place of the version it was made from; False where that is gone.

    How it stands in the lists follows from what is known of it at this very moment: a fold that comes between what is
    read here and what is written moves its health on, and the transaction is made anew.
    """
    there = MailDomainRow.key.exists() & as_read(MailDomainRow, domain.version)
    for _ in range(TRIES):
        health = health_of(domain.key)
        actions = _edited(domain, listing_of(health, maintmode=domain.maintmode))
        try:
            with TransactWrite(connection=connection()) as together:
                together.update(MailDomainRow(domain.key), actions=actions, condition=there)
                together.condition_check(HealthRow, domain.key, condition=as_read(HealthRow, health.version))
                audit.add(together, change)
        except TransactWriteError as error:
            _, *others = failed_conditions(error)  # The check comes first: PynamoDB sorts what a transaction does.
            if any(others):
                return False
        else:
            return True
    raise TryAgain("somebody else is writing the same records")


def _edited(domain: MailDomain, listing: Listing) -> list[Action]:
    """Set all that people may change, and how the domain stands in the lists then."""
    row = mapping.maildomain_row(domain, listing)
    actions: list[Action] = [MailDomainRow.version.set(domain.version + 1)]
    names = {it.name for it in fields(MailDomain)} - {"id", "version"} | {"status", "urgency", "provider"}
    for each in sorted(names):
        attribute, value = getattr(MailDomainRow, each), getattr(row, each)
        actions.append(attribute.remove() if value is None else attribute.set(value))
    return actions


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
