"""The names of the fleet in a worker's memory, so that a search by a part of a name does not read them all each time.

What is found is read again before it is shown, so nothing stale is shown. A new domain is found at once, because the
counter of ids has moved. Only a domain's new customer, provider or tags, or a customer's new name, may be noticed late,
within LASTS.
"""

from collections.abc import Mapping
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import MINUTE, SECOND, Millis
from mxtrax.runtime import memory
from mxtrax.store import runtime
from mxtrax.store.tables import ALL, FLEET, CustomerRow, MailDomainRow

LASTS: Final = 2 * MINUTE
"""How long names are kept."""

SETTLES: Final = 3 * SECOND
"""How long after its number was taken a new domain may take to appear in the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """The searchable text of each domain by key, and the customers' names by codename, all in lower case.

    They were read at one moment; `moved` is when the counter last moved.
    """

    found_by: Mapping[str, tuple[str, frozenset[str]]]
    customers: Mapping[str, str]
    counter: int
    moved: Millis
    read: Millis

    def hold(self, counter: int, now: Millis) -> bool:
        """Say whether they can still be relied on."""
        return counter == self.counter and self.read >= self.moved + SETTLES and 0 <= now - self.read < LASTS


_kept: list[_Names] = []
memory.forgets(_kept.clear)


def find(part: str, now: Millis) -> list[str]:
    """Give the keys of the domains whose address, customer or provider contains a text, or that have it as a tag.

    The text is in lower case.
    """
    return [key for key, (text, tags) in _known(now).found_by.items() if part in text or part in tags]


def named(part: str, now: Millis) -> frozenset[str]:
    """Give the codenames of the customers whose names contain a text in lower case."""
    return frozenset(codename for codename, name in _known(now).customers.items() if part in name)


def _known(now: Millis) -> _Names:
    counter = runtime.last_number("maildomain")
    if not _kept or not _kept[0].hold(counter, now):
        _kept[:] = [_read(counter, now)]
    return _kept[0]


def _read(counter: int, now: Millis) -> _Names:
    before = _kept[0] if _kept else None
    moved = now - SETTLES if before is None else now if before.counter != counter else before.moved
    customers = {
        row.codename: row.friendlyname.lower()
        for row in CustomerRow.in_order.query(ALL, attributes_to_get=["codename", "friendlyname"])
    }
    rows = MailDomainRow.by_name.query(FLEET, attributes_to_get=["key", "customer", "provider", "tags"])
    found_by = {row.key: _text(row, customers.get(row.customer or "", "")) for row in rows}
    return _Names(found_by=found_by, customers=customers, counter=counter, moved=moved, read=now)


def _text(row: MailDomainRow, name: str) -> tuple[str, frozenset[str]]:
    """Give a domain's text to search in, its parts separated by line ends, and its tags, which match as a whole."""
    return "\n".join((row.key, row.customer or "", name, row.provider or "")).lower(), frozenset(row.tags or ())
