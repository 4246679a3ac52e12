"""Customers.

A customer is removed in steps that no race can break: it is marked as ending on condition that it has no domains, and
from then on it can get no domain, window or channel; its people lose their access, its windows and channels are
removed, then the customer itself. An interrupted removal continues where it stopped.
"""

from collections.abc import Iterable, Iterator, Mapping

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from mxtrax.model import Change, Customer
from mxtrax.store import audit, mapping, paging
from mxtrax.store.paging import Page
from mxtrax.store.reading import row_of
from mxtrax.store.tables import ALL, CustomerRow
from mxtrax.store.writes import as_read


def everyone() -> dict[str, Customer]:
    """Read all customers by codename."""
    return {row.codename: mapping.customer(row) for row in CustomerRow.scan()}


def get(codename: str) -> Customer | None:
    """Find a customer."""
    row = row_of(CustomerRow, codename)
    return mapping.customer(row) if row else None


def by_link(link: str) -> Customer | None:
    """Find the customer whose public page has this link, as it is at this moment."""
    row = next(CustomerRow.by_link.query(link, limit=1), None)
    found = get(row.codename) if row else None
    return found if found and found.link == link else None


def by_codenames(codenames: Iterable[str]) -> dict[str, Customer]:
    """Find several customers; missing ones are left out."""
    wanted = {codename for codename in codenames if codename}
    return {row.codename: mapping.customer(row) for row in CustomerRow.batch_get(list(wanted))} if wanted else {}


def sizes() -> Iterator[tuple[Customer, int]]:
    """Read all customers by codename, and how many domains each has."""
    return ((mapping.customer(row), int(row.domains or 0)) for row in CustomerRow.in_order.query(ALL))


def page(limit: int, after: str = "") -> Page[Customer]:
    """Read a page of customers by codename."""
    found = paging.page(CustomerRow, CustomerRow.in_order, ALL, limit=limit, after=after)
    return Page([mapping.customer(row) for row in found.items], found.after)


def add(customer: Customer, change: Change | None = None) -> bool:
    """Add a checked customer; False if there is one with that codename, which stays as it is."""
    new = CustomerRow.codename.does_not_exist()
    return audit.written(lambda together: together.save(mapping.customer_row(customer), condition=new), change)


def save(customer: Customer, change: Change | None = None) -> bool:
    """Save a customer's settings over the version they were made from; False if that is gone."""
    row = mapping.customer_row(customer)
    actions: list[Action] = [CustomerRow.version.set(customer.version + 1)]
    for name in ("friendlyname", "alertuser", "link", "public_note"):
        attribute, value = getattr(CustomerRow, name), getattr(row, name)
        actions.append(attribute.remove() if value is None else attribute.set(value))
    there = _as_read(customer) & CustomerRow.ending.does_not_exist()
    return audit.written(
        lambda together: together.update(CustomerRow(row.codename), actions=actions, condition=there), change
    )


def end(customer: Customer, change: Change | None = None) -> bool:
    """Begin to remove a customer that has no domains; False if it has some, or has changed meanwhile."""
    actions: list[Action] = [CustomerRow.ending.set(True), CustomerRow.version.set(customer.version + 1)]
    free = _as_read(customer) & ((CustomerRow.domains == 0) | CustomerRow.domains.does_not_exist())
    return audit.written(lambda it: it.update(CustomerRow(customer.codename), actions=actions, condition=free), change)


def remove(codename: str) -> bool:
    """Remove a customer that is ending; False if it is not, or is gone."""
    ending = CustomerRow.ending == True  # noqa: E712 -- a condition, not a test
    return audit.written(lambda together: together.delete(CustomerRow(codename), condition=ending), None)


def count_domains(together: TransactWrite, moved: Mapping[str, int]) -> None:
    """Count domains that customers gain or lose, in the transaction that moves them.

    It fails if a customer does not exist, or if one that is ending would gain domains.
    """
    for codename, by in moved.items():
        there = CustomerRow.codename.exists()
        if by > 0:
            there &= CustomerRow.ending.does_not_exist()
        together.update(CustomerRow(codename), actions=[CustomerRow.domains.add(by)], condition=there)


def demand(together: TransactWrite, codename: str) -> None:
    """Let a transaction fail if a customer does not exist, or is ending. "" means all customers, and always exists."""
    if codename:
        there = CustomerRow.codename.exists() & CustomerRow.ending.does_not_exist()
        together.condition_check(CustomerRow, codename, condition=there)


def _as_read(customer: Customer) -> Condition:
    there: Condition = CustomerRow.codename.exists() & as_read(CustomerRow, customer.version)
    return there
