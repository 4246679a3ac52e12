"""Customers and the domains that are tested."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pynamodb.exceptions import DoesNotExist, PutError

from mxtrax.model import Customer, MailDomain
from mxtrax.slots import TRANSACTION_LIMIT
from mxtrax.store import settings, shapes
from mxtrax.store.rows import FLEET, CustomerRow, MailDomainRow
from mxtrax.store.writes import lost, save_new


def everyone() -> Iterator[MailDomain]:
    """Read the whole fleet, in no order. One pass of plan, no more often."""
    return map(shapes.maildomain, MailDomainRow.scan())


def in_order(offset: int = 0, limit: int | None = None, after: int = 0) -> Iterator[MailDomain]:
    """Read the fleet by id, from the offset-th on of those whose id is above `after`."""
    wanted = None if limit is None else offset + limit
    rows = MailDomainRow.in_order.query(FLEET, MailDomainRow.id > after, limit=wanted)
    return (shapes.maildomain(row) for number, row in enumerate(rows) if number >= offset)


def count() -> int:
    """Count the fleet."""
    return MailDomainRow.in_order.count(FLEET)


def by_id(number: int) -> MailDomain | None:
    """Find a domain by its number."""
    rows = MailDomainRow.in_order.query(FLEET, MailDomainRow.id == number, limit=1)
    return next(map(shapes.maildomain, rows), None)


def by_key(key: str) -> MailDomain | None:
    """Find a domain by its address in lower case."""
    try:
        return shapes.maildomain(MailDomainRow.get(key))
    except DoesNotExist:
        return None


def by_keys(keys: Iterable[str]) -> dict[str, MailDomain]:
    """Find several domains; those that are gone are left out."""
    found = map(shapes.maildomain, MailDomainRow.batch_get(list(keys)))
    return {domain.key: domain for domain in found}


def save(domain: MailDomain) -> None:
    """Write a checked domain over the one of the same address."""
    shapes.maildomain_row(domain).save()


def add(domains: Sequence[MailDomain]) -> list[MailDomain]:
    """Add those of the domains that are not there yet, each under a number of its own, and give those that were added."""
    added: list[MailDomain] = []
    for start in range(0, len(domains), TRANSACTION_LIMIT):
        chunk = {domain.key: domain for domain in _numbered(domains[start : start + TRANSACTION_LIMIT])}
        beaten = save_new([shapes.maildomain_row(domain) for domain in chunk.values()], MailDomainRow.key)
        there = {row.key for row in beaten}
        added += [domain for key, domain in chunk.items() if key not in there]
    return added


def _numbered(domains: Sequence[MailDomain]) -> list[MailDomain]:
    numbers = settings.take_numbers("maildomain", len(domains))
    return [replace(domain, id=number) for domain, number in zip(domains, numbers, strict=True)]


def customers() -> dict[str, Customer]:
    """Read all customers by codename."""
    return {row.codename: shapes.customer(row) for row in CustomerRow.scan()}


def add_customer(customer: Customer) -> bool:
    """Add a checked customer; False where one of that codename is there, which then stays as it is."""
    try:
        shapes.customer_row(customer).save(condition=CustomerRow.codename.does_not_exist())
    except PutError as error:
        if not lost(error):
            raise
        return False
    return True
