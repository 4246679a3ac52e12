"""The fleet as people look at it: filtered, sorted, in pages; and how many domains stand where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import Index

from mxtrax import ranks
from mxtrax.model import Customer, Incident, MailTest, Millis
from mxtrax.ranks import Place
from mxtrax.store import shapes
from mxtrax.store.lists import Page, page
from mxtrax.store.rows import ALL, FLEET, CustomerRow, IncidentRow, MailDomainRow, MailTestRow

SORTS: Final = ("worst", "name", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which domains are wanted. `search` is in lower case, `sort` one of SORTS."""

    place: Place | None = None
    customer: str = ""
    operator: str = ""
    tag: str = ""
    search: str = ""
    sort: str = "worst"
    forward: bool = True


def domains(view: View, limit: int, after: str = "") -> Page[str]:
    """Read the keys of a page of domains."""
    source, partition = {
        "worst": (MailDomainRow.worst_first, FLEET),
        "name": (MailDomainRow.by_name, FLEET),
        "id": (MailDomainRow.of_customer, view.customer) if view.customer else (MailDomainRow.in_order, FLEET),
    }[view.sort]
    by_rank = MailDomainRow.rank.between(*ranks.span(view.place)) if view.place is not None else None
    found = page(
        MailDomainRow,
        source,
        partition,
        within=by_rank if view.sort == "worst" else None,
        where=_where(view, None if view.sort == "worst" else by_rank, of_customer=partition != FLEET),
        limit=limit,
        after=after,
        forward=view.forward,
    )
    return Page([row.key for row in found.items], found.after)


def counts(view: View) -> Mapping[Place, int]:
    """Count the domains of a view by where they stand."""
    where = _where(view, None, of_customer=False)
    return {
        place: MailDomainRow.worst_first.count(
            FLEET, MailDomainRow.rank.between(*ranks.span(place)), filter_condition=where
        )
        for place in Place
    }


def belongings() -> Iterator[tuple[str, str, str]]:
    """Give every domain's key, its customer and its operator."""
    rows = MailDomainRow.worst_first.query(FLEET)
    return ((row.key, row.customer or "", row.operator or "") for row in rows)


def customers(limit: int, after: str = "") -> Page[Customer]:
    """Read a page of customers by codename."""
    found = page(CustomerRow, CustomerRow.in_order, ALL, limit=limit, after=after)
    return Page([shapes.customer(row) for row in found.items], found.after)


def mailtests(key: str, since: Millis, until: Millis, limit: int, after: str = "") -> Page[MailTest]:
    """Read a page of a domain's tests that were sent from `since` to `until`, the latest first."""
    sent = MailTestRow.sendtime.between(since, until)
    found = page(MailTestRow, MailTestRow.by_domain, key, within=sent, limit=limit, after=after, forward=False)
    return Page([shapes.mailtest(row) for row in found.items], found.after)


def incidents(
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
    found = page(IncidentRow, source, partition, where=where, limit=limit, after=after, forward=False)
    return Page([shapes.incident(row) for row in found.items], found.after)


def _where(view: View, extra: Condition | None, *, of_customer: bool) -> Condition | None:
    wanted: list[Condition] = [] if extra is None else [extra]
    if view.customer and not of_customer:
        wanted.append(MailDomainRow.customer == view.customer)
    if view.operator:
        wanted.append(MailDomainRow.operator == view.operator)
    if view.tag:
        wanted.append(MailDomainRow.tags.contains(view.tag))
    if view.search:
        wanted.append(MailDomainRow.key.contains(view.search) | MailDomainRow.customer.contains(view.search))
    where = None
    for each in wanted:
        where = each if where is None else where & each
    return where
