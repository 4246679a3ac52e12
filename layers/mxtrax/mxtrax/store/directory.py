"""The names of the fleet in a worker's memory, so that a search by a part of a name does not read them all each time.

What is found is read anew before it is shown, so nothing is shown that is gone or was changed. A new domain is found at
once, for the counter of ids has moved. Only that a domain has changed hands is noticed late, within LASTS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mxtrax.model import MINUTE, SECOND, Millis
from mxtrax.runtime import memory
from mxtrax.store import runtime
from mxtrax.store.tables import FLEET, MailDomainRow

LASTS: Final = 2 * MINUTE
"""For how long names are kept."""

SETTLES: Final = 3 * SECOND
"""How long after its number was taken a new domain may take until the index shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """Each domain's key and the codename of its customer, as read at a moment; `moved` is when the counter last moved."""

    customers: Mapping[str, str]
    counter: int
    moved: Millis
    read: Millis

    def hold(self, counter: int, now: Millis) -> bool:
        """Tell whether they can still be relied on."""
        return counter == self.counter and self.read >= self.moved + SETTLES and 0 <= now - self.read < LASTS


_kept: list[_Names] = []
memory.forgets(_kept.clear)


def find(part: str, now: Millis) -> list[str]:
    """Give the keys of the domains in whose address or customer's codename a part stands, which is in lower case."""
    counter = runtime.last_number("maildomain")
    if not _kept or not _kept[0].hold(counter, now):
        _kept[:] = [_read(counter, now)]
    return [key for key, customer in _kept[0].customers.items() if part in key or part in customer]


def _read(counter: int, now: Millis) -> _Names:
    before = _kept[0] if _kept else None
    moved = now - SETTLES if before is None else now if before.counter != counter else before.moved
    rows = MailDomainRow.by_name.query(FLEET, attributes_to_get=["key", "customer"])
    customers = {row.key: (row.customer or "").lower() for row in rows}
    return _Names(customers=customers, counter=counter, moved=moved, read=now)
