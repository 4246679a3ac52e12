"""Import a fleet from a CSV file, with the wiki's four counts."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import batched
from typing import Final

from mxtrax.roster import BadRow, Roster
from mxtrax.store import fleet

CHUNK: Final = 100
"""Domains that are added at once: what goes into one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an import did. imported + there + problematic are all rows of the file."""

    imported: int
    there: int
    bad: tuple[BadRow, ...]
    rows: int

    @property
    def adds_up(self) -> bool:
        """Tell whether every row is accounted for."""
        return self.imported + self.there + len(self.bad) == self.rows


def import_fleet(roster: Roster, *, dry_run: bool = False, progress: Callable[[int], None] = lambda _: None) -> Outcome:
    """Add the domains that are not there yet, and the customers that they need. Safe to repeat.

    `progress` is told how many rows were done with each step.
    """
    there = {domain.key for domain in fleet.everyone()}
    new = [row for row in roster.good if row.domain.key not in there]
    if dry_run:
        imported = len(new)
    else:
        known = fleet.customers()
        for customer in {row.customer.codename: row.customer for row in new}.values():
            if customer.codename not in known:
                fleet.add_customer(customer)
        imported = 0
        for chunk in batched(new, CHUNK, strict=False):
            imported += len(fleet.add([row.domain for row in chunk]))
            progress(len(chunk))
    already = len(roster.good) - imported
    return Outcome(imported=imported, there=already, bad=roster.bad, rows=roster.rows)
