"""Customers."""

from collections.abc import Iterable
from dataclasses import replace

from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from mxtrax.model import Change, Customer
from mxtrax.store import audit, mapping, paging
from mxtrax.store.paging import Page
from mxtrax.store.tables import ALL, CustomerRow, connection
from mxtrax.store.writes import as_read, failed_conditions, lost


def everyone() -> dict[str, Customer]:
    """Read all customers by codename."""
    return {row.codename: mapping.customer(row) for row in CustomerRow.scan()}


def get(codename: str) -> Customer | None:
    """Find a customer."""
    try:
        return mapping.customer(CustomerRow.get(codename, consistent_read=True))
    except DoesNotExist:
        return None


def by_link(link: str) -> Customer | None:
    """Find the customer whose public page has this link, as it is at this moment."""
    row = next(CustomerRow.by_link.query(link, limit=1), None)
    found = get(row.codename) if row else None
    return found if found and found.link == link else None


def by_codenames(codenames: Iterable[str]) -> dict[str, Customer]:
    """Find several customers; those that are not there are left out."""
    wanted = {codename for codename in codenames if codename}
    return {row.codename: mapping.customer(row) for row in CustomerRow.batch_get(list(wanted))} if wanted else {}


def page(limit: int, after: str = "") -> Page[Customer]:
    """Read a page of customers by codename."""
    found = paging.page(CustomerRow, CustomerRow.in_order, ALL, limit=limit, after=after)
    return Page([mapping.customer(row) for row in found.items], found.after)


def add(customer: Customer, change: Change | None = None) -> bool:
    """Add a checked customer; False where one of that codename is there, which then stays as it is."""
    try:
        mapping.customer_row(customer).save(condition=CustomerRow.codename.does_not_exist())
    except PutError as error:
        if not lost(error):
            raise
        return False
    if change is not None:
        audit.note(change)
    return True


def save(customer: Customer, change: Change | None = None) -> bool:
    """Save a checked customer in place of the version it was made from; False where that is gone."""
    row = mapping.customer_row(replace(customer, version=customer.version + 1))
    there = CustomerRow.codename.exists() & as_read(CustomerRow, customer.version)
    try:
        with TransactWrite(connection=connection()) as together:
            together.save(row, condition=there)
            audit.add(together, change)
    except TransactWriteError as error:
        failed_conditions(error)
        return False
    return True


def remove(customer: Customer, change: Change | None = None) -> bool:
    """Remove a customer that has no domains any more; False where it has changed meanwhile."""
    try:
        with TransactWrite(connection=connection()) as together:
            together.delete(CustomerRow(customer.codename), condition=as_read(CustomerRow, customer.version))
            audit.add(together, change)
    except TransactWriteError as error:
        failed_conditions(error)
        return False
    return True
