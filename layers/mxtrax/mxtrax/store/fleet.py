"""The domains that are tested."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import batched
from typing import Final, NamedTuple, TypedDict

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from mxtrax.errors import Refused, TryAgain
from mxtrax.model import Change, DomainHealth, Incident, MailDomain, Millis, Window
from mxtrax.rules.schedule import TRANSACTION_LIMIT
from mxtrax.rules.should_be import no_customer
from mxtrax.rules.status import Listing, listing_of, listing_of_new
from mxtrax.store import audit, customers, incidents, mapping, runtime, scanning
from mxtrax.store.health import health_of
from mxtrax.store.reading import row_of
from mxtrax.store.tables import FLEET, HealthRow, IncidentRow, MailDomainRow, WindowRow, connection
from mxtrax.store.writes import TRIES, as_read, failed_conditions, update

AT_ONCE: Final = TRANSACTION_LIMIT // 2
"""Domains added in one transaction: each may count for a different customer."""


MOST_WINDOWS: Final = TRANSACTION_LIMIT - 10
"""Windows removed together with a domain: nobody plans more for one."""


class Listed(NamedTuple):
    """A domain, its place in the lists, and whether its servers have been looked up."""

    domain: MailDomain
    listing: Listing
    observed: bool = True


def everyone() -> Iterator[MailDomain]:
    """Read the whole fleet, unordered. At most once per plan."""
    return map(mapping.maildomain_of, scanning.items(MailDomainRow))


def everyone_listed() -> Iterator[Listed]:
    """Read the whole fleet, unordered, with each domain's place in the lists. At most once per plan."""
    return (Listed(mapping.maildomain_of(it), mapping.listing_of(it)) for it in scanning.items(MailDomainRow))


def in_order(offset: int = 0, limit: int | None = None, after: int = 0, customer: str = "") -> Iterator[MailDomain]:
    """Read the fleet, or one customer's domains, by id, from the offset-th of those whose id is above `after`."""
    wanted = None if limit is None else offset + limit
    index, partition = (MailDomainRow.of_customer, customer) if customer else (MailDomainRow.in_order, FLEET)
    rows = index.query(partition, MailDomainRow.id > after, limit=wanted)
    return (mapping.maildomain(row) for number, row in enumerate(rows) if number >= offset)


def count(customer: str = "") -> int:
    """Count the fleet, or one customer's domains."""
    return MailDomainRow.of_customer.count(customer) if customer else MailDomainRow.by_name.count(FLEET)


def by_id(number: int) -> MailDomain | None:
    """Find a domain by its number."""
    row = next(MailDomainRow.by_id.query(number, limit=1), None)
    return by_key(row.key) if row else None


def by_key(key: str) -> MailDomain | None:
    """Find a domain by its address in lower case, as it is at this moment."""
    row = row_of(MailDomainRow, key)
    return mapping.maildomain(row) if row else None


def by_keys(keys: Iterable[str]) -> dict[str, MailDomain]:
    """Find several domains; those that are gone are left out."""
    found = map(mapping.maildomain, MailDomainRow.batch_get(list(keys)))
    return {domain.key: domain for domain in found}


def listed(keys: Iterable[str]) -> dict[str, Listed]:
    """Find several domains, with their places in the lists; those that are gone are left out."""
    rows = MailDomainRow.batch_get(list(keys))
    return {row.key: Listed(mapping.maildomain(row), mapping.listing(row), bool(row.observed)) for row in rows}


def observed(key: str, provider: str) -> None:
    """Record who runs a domain's mail server; if that is not known, the record stays as it was.

    A removed domain stays removed.
    """
    who, seen = MailDomainRow.provider, MailDomainRow.observed
    there = MailDomainRow.key.exists()
    if provider:
        update(
            MailDomainRow(key), [who.set(provider), seen.set(True)], there & ((who != provider) | seen.does_not_exist())
        )
    else:
        update(MailDomainRow(key), [seen.set(True)], there & seen.does_not_exist())


def add(domains: Sequence[MailDomain], change: Callable[[MailDomain], Change] | None = None) -> list[MailDomain]:
    """Add the domains that do not exist yet, each under a number of its own, and give those that were added.

    `change` words each one's audit entry, written in the transaction that adds it. Raises Refused if a customer does
    not exist.
    """
    added: list[MailDomain] = []
    for chunk in batched(domains, AT_ONCE, strict=False):
        added += _added({domain.key: domain for domain in _numbered(chunk)}, change)
    return added


def _added(left: dict[str, MailDomain], change: Callable[[MailDomain], Change] | None) -> list[MailDomain]:
    new = MailDomainRow.key.does_not_exist()
    for _ in range(TRIES):
        if not left:
            return []
        coming = Counter(it.customer for it in left.values() if it.customer)
        try:
            with TransactWrite(connection=connection()) as together:
                for it in left.values():
                    row = mapping.maildomain_row(it, listing_of_new(maintmode=it.maintmode))
                    together.save(row, condition=new)
                for it in left.values() if change else ():
                    audit.add(together, change(it) if change else None)
                customers.count_domains(together, coming)
        except TransactWriteError as error:
            verdicts = failed_conditions(error)
            _check_customers(coming, verdicts)
            there = {key for key, is_there in zip(left, verdicts, strict=False) if is_there}
            left = {key: it for key, it in left.items() if key not in there}
        else:
            return list(left.values())
    raise TryAgain("somebody else is writing the same records")


def _check_customers(moved: Mapping[str, int], verdicts: Sequence[bool]) -> None:
    """Refuse a customer whose condition failed a transaction. These come last: PynamoDB sorts a transaction's writes."""
    for codename, is_gone in zip(reversed(list(moved)), reversed(verdicts), strict=False):
        if is_gone:
            raise Refused("customer", no_customer("customer", codename))


def _numbered(domains: Sequence[MailDomain]) -> list[MailDomain]:
    numbers = runtime.take_numbers("maildomain", len(domains))
    return [replace(domain, id=number) for domain, number in zip(domains, numbers, strict=True)]


def save(domain: MailDomain, change: Change | None = None) -> bool:
    """Save a checked domain over the version it was made from; False if that is gone.

    Its place in the lists follows from its health at this very moment: if a fold changes that between the read and the
    write, the transaction is made again. A domain that moves to another customer takes its open incident along. Raises
    Refused if that customer does not exist.
    """
    there = MailDomainRow.key.exists() & as_read(MailDomainRow, domain.version)
    for _ in range(TRIES):
        health, before = health_of(domain.key), by_key(domain.key)
        if before is None:
            return False
        moved, open_ = _moved(before.customer, domain.customer), _open_incident(health, before, domain)
        actions = _edited(domain, listing_of(health, maintmode=domain.maintmode))
        try:
            with TransactWrite(connection=connection()) as together:
                together.condition_check(HealthRow, domain.key, condition=as_read(HealthRow, health.version))
                if open_:  # Before the domain: the conditions below are counted from the end.
                    together.update(IncidentRow(open_.id), **_taken_along(open_, domain.customer))
                together.update(MailDomainRow(domain.key), actions=actions, condition=there)
                customers.count_domains(together, moved)
                audit.add(together, change)
        except TransactWriteError as error:
            verdicts = failed_conditions(error)
            if verdicts[-1 - len(moved)]:
                return False
            _check_customers(moved, verdicts)
        else:
            return True
    raise TryAgain("somebody else is writing the same records")


def _moved(before: str, after: str) -> dict[str, int]:
    """Give how many domains a customer loses and another gains; a missing one loses none."""
    if before == after:
        return {}
    leaving = {before: -1} if before and customers.get(before) else {}
    return leaving | ({after: 1} if after else {})


def _open_incident(health: DomainHealth, before: MailDomain, after: MailDomain) -> Incident | None:
    """Give the incident that goes along to another customer."""
    if before.customer == after.customer or not health.incident:
        return None
    known = incidents.get(health.incident)
    return known if known and known.closed is None else None


class _Update(TypedDict):
    actions: list[Action]
    condition: Condition


def _taken_along(incident: Incident, customer: str) -> _Update:
    """Give an incident to another customer, whose people are notified at once; the others already know."""
    actions: list[Action] = [IncidentRow.customer.set(customer) if customer else IncidentRow.customer.remove()]
    if incident.notified is not None and incident.due is not None:
        took = set(incident.notified_channels or incident.told)
        actions.append(IncidentRow.due.set(min(incident.due, incident.opened)))
        actions.append(IncidentRow.notified_channels.set(took) if took else IncidentRow.notified_channels.remove())
    return {"actions": actions, "condition": incidents.as_told(incident)}


def _edited(domain: MailDomain, listing: Listing) -> list[Action]:
    """Set everything that people may change, and the domain's resulting place in the lists."""
    row = mapping.maildomain_row(domain, listing)
    actions: list[Action] = [MailDomainRow.version.set(domain.version + 1)]
    names = {it.name for it in fields(MailDomain)} - {"id", "version"} | {"status", "urgency"}
    for each in sorted(names):
        attribute, value = getattr(MailDomainRow, each), getattr(row, each)
        actions.append(attribute.remove() if value is None else attribute.set(value))
    return actions


def remove(
    domain: MailDomain, health: DomainHealth, now: Millis, change: Change | None = None, windows: Sequence[Window] = ()
) -> bool:
    """Remove a domain with its health and windows, and end its incident; its days stay.

    False if any of it has changed.
    """

    def all_of_it(together: TransactWrite) -> None:
        together.delete(MailDomainRow(domain.key), condition=as_read(MailDomainRow, domain.version))
        for window in windows[:MOST_WINDOWS]:
            together.delete(WindowRow(window.id), condition=as_read(WindowRow, window.version))
        if health.version:
            together.delete(HealthRow(domain.key), condition=HealthRow.version == health.version)
        if health.incident:
            together.update(IncidentRow(health.incident), actions=incidents.ended(now))
        customers.count_domains(together, _moved(domain.customer, ""))

    return audit.written(all_of_it, change)


def of_customer(codename: str, limit: int) -> list[MailDomain]:
    """Read some domains of a customer."""
    return [mapping.maildomain(row) for row in MailDomainRow.of_customer.query(codename, limit=limit)]
