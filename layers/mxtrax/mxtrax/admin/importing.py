"""Import a fleet from a CSV file, with the wiki's four counts."""

from collections.abc import Callable
from dataclasses import replace
from itertools import batched
from typing import Final

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.admin.settings import current
from mxtrax.frozen import dataclass
from mxtrax.model import Millis
from mxtrax.rules import fleet_csv
from mxtrax.rules.fleet_csv import BadRow, Roster
from mxtrax.runtime.environment import Settings
from mxtrax.store import audit, customers, fleet

CHUNK: Final = fleet.AT_ONCE
"""Domains that are looked up and added at once: what goes into one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an import did. imported + there + problematic are all rows of the file."""

    imported: int
    there: int
    bad: tuple[BadRow, ...]
    rows: int

    @property
    def counts(self) -> dict[str, int]:
        """Give the wiki's four counts."""
        return {
            "imported": self.imported,
            "already_there": self.there,
            "problematic": len(self.bad),
            "rows": self.rows,
        }

    @property
    def adds_up(self) -> bool:
        """Say whether every row is accounted for."""
        return self.imported + self.there + len(self.bad) == self.rows


def read(raw: bytes, settings: Settings) -> Roster:
    """Read a file, its domains' own settings beside those that hold for all."""
    return fleet_csv.read(raw, current(settings))


def import_fleet(
    actor: Actor,
    now: Millis,
    roster: Roster,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Add the domains that are not there yet, and the customers that they need. Safe to repeat.

    `progress` is told how many rows were done with each step.
    """
    done = _imported(roster, progress, now, dry_run=dry_run)
    if done.imported and not dry_run:
        audit.note(entry(actor, now, "maildomain.import", "fleet", after=done.counts))
    return done


def _imported(roster: Roster, progress: Callable[[int], None], now: Millis, *, dry_run: bool) -> Outcome:
    known = customers.by_codenames(row.domain.customer for row in roster.good) if not dry_run else {}
    imported = 0
    for chunk in batched(roster.good, CHUNK, strict=False):
        there = fleet.by_keys(row.domain.key for row in chunk)
        new = [row for row in chunk if row.domain.key not in there]
        if dry_run:
            imported += len(new)
        else:
            for row in new:
                if row.customer and row.customer.codename not in known:
                    customers.add(row.customer)
                    known[row.customer.codename] = row.customer
            imported += len(fleet.add([replace(row.domain, added=now) for row in new]))
        progress(len(chunk))
    already = len(roster.good) - imported
    return Outcome(imported=imported, there=already, bad=roster.bad, rows=roster.rows)
