"""The fleet as people look at it: filtered, sorted, in pages; and how many domains have each status."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import Index

from mxtrax.frozen import dataclass
from mxtrax.model import MINUTE, MailDomain, Millis
from mxtrax.rules import status
from mxtrax.rules.status import Status
from mxtrax.runtime import memory
from mxtrax.store import directory, runtime
from mxtrax.store.paging import Page, foreign, page
from mxtrax.store.tables import FLEET, MailDomainRow

SORTS: Final = ("worst", "name", "id")

MOST_FOUND: Final = 300
"""Domains that are read one by one for a search; if it finds more, a walk through an index soon fills a page."""

MOST_NAMED: Final = 90
"""Customers that one condition can name."""

MANY: Final = 2_000
"""From this many domains on, those that are well are not counted each time."""

_FOUND: Final = "found."
"""What cursors of such searches begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which domains are wanted. `search` is in lower case, `sort` one of SORTS.

    `named` are the codenames of the customers whose names match the search.
    """

    status: Status | None = None
    customer: str = ""
    provider: str = ""
    tag: str = ""
    search: str = ""
    named: frozenset[str] = frozenset()
    sort: str = "worst"
    forward: bool = True


def domains(view: View, limit: int, after: str = "", now: Millis | None = None) -> Page[str]:
    """Read the keys of a page of domains. If `now` is given, a search uses the directory."""
    if view.search and now is not None:
        view = replace(view, named=directory.named(view.search, now))
    if view.search and not view.customer and now is not None and (not after or after.startswith(_FOUND)):
        keys = directory.find(view.search, now)
        if len(keys) <= MOST_FOUND:
            return _found(view, keys, limit, after.removeprefix(_FOUND))
    if view.sort == "worst" and not view.customer:
        return _worst_first(view, limit, after)
    by_status = MailDomainRow.status == view.status.name.lower() if view.status is not None else None
    within = None
    source: Index[MailDomainRow] = MailDomainRow.by_name
    partition = FLEET
    if view.sort == "worst":
        source, partition = MailDomainRow.worst_of_customer, view.customer
        within = MailDomainRow.urgency.between(*status.urgencies(view.status)) if view.status is not None else None
    elif view.sort == "id":
        of_customer = MailDomainRow.of_customer, view.customer
        source, partition = of_customer if view.customer else (MailDomainRow.in_order, FLEET)
    found = page(
        MailDomainRow,
        source,
        partition,
        within=within,
        where=_where(view, None if view.sort == "worst" else by_status, of_customer=partition != FLEET),
        limit=limit,
        after=after,
        forward=view.forward,
    )
    return Page([row.key for row in found.items], found.after)


def among(view: View, keys: Sequence[str], limit: int, after: str, now: Millis) -> Page[str]:
    """Read a page of the wanted domains among these keys."""
    if view.search:
        view = replace(view, named=directory.named(view.search, now))
    return _found(view, keys, limit, after.removeprefix(_FOUND))


def _worst_first(view: View, limit: int, after: str) -> Page[str]:
    """Read through the statuses, the worst first. A cursor says in which one to continue."""
    statuses = [view.status] if view.status is not None else sorted(Status, reverse=not view.forward)
    names = [it.word for it in statuses]
    if after:
        name, _, after = after.partition(".")
        if name not in names:
            raise foreign()
        names = names[names.index(name) :]
    keys: list[str] = []
    where = _where(view, None, of_customer=False)
    for name, following in zip(names, [*names[1:], ""], strict=True):
        found = page(
            MailDomainRow,
            MailDomainRow.worst_first,
            name,
            where=where,
            limit=limit - len(keys),
            after=after,
            forward=view.forward,
        )
        keys += [row.key for row in found.items]
        if found.after:
            return Page(keys, f"{name}.{found.after}")
        if len(keys) == limit:
            return Page(keys, f"{following}." if following else "")
        after = ""
    return Page(keys)


def _found(view: View, keys: Sequence[str], limit: int, after: str) -> Page[str]:
    """Give a page of the domains that a search has found, as they are now. A cursor says after which one it begins."""
    wanted = ["key", "id", "domainname", "customer", "provider", "tags", "status", "urgency"]
    rows = [row for row in MailDomainRow.batch_get(list(keys), attributes_to_get=wanted) if _fits(row, view)]
    order = sorted(((_sorted_by(row, view.sort), row.key) for row in rows), reverse=not view.forward)
    if after:
        last = _last(after)
        order = [it for it in order if (it > last if view.forward else it < last)]
    follows = (
        _FOUND + base64.urlsafe_b64encode(json.dumps(order[limit - 1]).encode()).decode() if len(order) > limit else ""
    )
    return Page([key for _, key in order[:limit]], follows)


def _sorted_by(row: MailDomainRow, sort: str) -> tuple[int, str]:
    match sort:
        case "name":
            return 0, row.domainname
        case "id":
            return int(row.id), ""
        case _:
            return int(row.urgency), ""


def _last(after: str) -> tuple[tuple[int, str], str]:
    """Read the cursor of a search."""
    try:
        (number, text), key = json.loads(base64.b64decode(after, altchars=b"-_", validate=True))
    except (ValueError, TypeError, RecursionError):
        raise foreign() from None
    if type(number) is not int or not isinstance(text, str) or not isinstance(key, str):
        raise foreign()
    return (number, text), key


def _fits(row: MailDomainRow, view: View) -> bool:
    """Say whether a domain that was found is still wanted; it may have changed since."""
    return (
        _is_found(row, view)
        and (view.status is None or row.status == view.status.name.lower())
        and (not view.provider or row.provider == view.provider)
        and (not view.tag or view.tag in (row.tags or ()))
    )


def _is_found(row: MailDomainRow, view: View) -> bool:
    if (row.customer or "") in view.named or view.search in (row.tags or ()):
        return True
    return any(view.search in text.lower() for text in (row.key, row.customer or "", row.provider or ""))


def counts(customer: str = "", now: Millis | None = None) -> Mapping[Status, int]:
    """Count all domains, or one customer's, by status.

    If `now` is given, the domains of a large fleet that are well are calculated: the total less all others. The total
    is counted once a minute and whenever a domain has been added: counting 10,000 takes longer than everything else on
    a page.
    """
    if not customer:
        return _of_fleet(now)
    of_customer, urgency = MailDomainRow.worst_of_customer, MailDomainRow.urgency
    return {it: of_customer.count(customer, urgency.between(*status.urgencies(it))) for it in Status}


def _of_fleet(now: Millis | None) -> Mapping[Status, int]:
    others = {it: MailDomainRow.worst_first.count(it.word) for it in Status if it is not Status.OK}
    number = runtime.last_number("maildomain") if now is not None else 0
    if now is not None and _total and _total[0].holds(number, now):
        well = max(0, _total[0].domains - sum(others.values()))
    else:
        well = MailDomainRow.worst_first.count(Status.OK.word)
        if now is not None and well >= MANY:
            settled = not _total or _total[0].number == number
            _total[:] = [_Total(well + sum(others.values()), number, now + (MINUTE if settled else directory.SETTLES))]
    return {it: well if it is Status.OK else others[it] for it in Status}


@dataclass(frozen=True, slots=True)
class _Total:
    """How many domains there were when this was the last number taken."""

    domains: int
    number: int
    until: Millis

    def holds(self, number: int, now: Millis) -> bool:
        """Say whether the total is still valid: no domain was added since, and it was counted within the last minute."""
        return number == self.number and 0 < self.until - now <= MINUTE


_total: list[_Total] = []
memory.forgets(_total.clear)


@dataclass(frozen=True, slots=True)
class DomainStatus:
    """The status of a domain in the lists, and whose it is: enough for counts."""

    key: str
    customer: str
    status: Status
    since: Millis

    @property
    def domain(self) -> MailDomain:
        """The domain's fields that windows need."""
        user, _, name = self.key.rpartition("@")
        return MailDomain(id=0, testuser=user, domainname=name, customer=self.customer)


def of_status(
    customer: str = "", statuses: Iterable[Status] = Status, most: int | None = None
) -> Iterator[DomainStatus]:
    """Read the domains that have one of these statuses, or one customer's, the worst first."""
    wanted = sorted(statuses)
    found = (it for each in wanted for it in _of_status(customer, each))
    yield from islice(found, most)


def _of_status(customer: str, wanted: Status) -> Iterator[DomainStatus]:
    if customer:
        within = MailDomainRow.urgency.between(*status.urgencies(wanted))
        rows = MailDomainRow.worst_of_customer.query(customer, within)
    else:
        rows = MailDomainRow.worst_first.query(wanted.word)
    for row in rows:
        yield DomainStatus(row.key, row.customer or "", wanted, status.since_of(int(row.urgency)))


def belongings() -> Iterator[tuple[str, str, str]]:
    """Give every domain's key, its customer and its provider."""
    rows = MailDomainRow.by_name.query(FLEET)
    return ((row.key, row.customer or "", row.provider or "") for row in rows)


def _where(view: View, extra: Condition | None, *, of_customer: bool) -> Condition | None:
    wanted: list[Condition] = [] if extra is None else [extra]
    if view.customer and not of_customer:
        wanted.append(MailDomainRow.customer == view.customer)
    if view.provider:
        wanted.append(MailDomainRow.provider == view.provider)
    if view.tag:
        wanted.append(MailDomainRow.tags.contains(view.tag))
    if view.search:
        wanted.append(_says(view))
    where = None
    for each in wanted:
        where = each if where is None else where & each
    return where


def _says(view: View) -> Condition:
    """Make a condition that searches the rows themselves."""
    row, part = MailDomainRow, view.search
    found: Condition = row.key.contains(part) | row.customer.contains(part) | row.provider.contains(part)
    found |= row.tags.contains(part)
    some = sorted(view.named)[:MOST_NAMED]
    return found | row.customer.is_in(*some) if some else found
