"""Whether DynamoDB's partitions suffice for a minute of a large fleet, in which it sends, and folds the minute before.

Nothing is measured here: the writes of each step, as counted by `write_units`, are spread over the seconds in which
they happen, and over the partitions of their keys. A new table has four; a partition accepts 1,000 write units a
second. Each item is in the partition of its hash key, in a table and in each index.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from infra.bench.figure import Figure
from infra.bench.world import domain
from mxtrax.jobs import folds
from mxtrax.rules.schedule import shard_of, workers
from mxtrax.store.fold import TRANSACTION_LIMIT

DOMAINS: Final = 100_000
INTERVAL: Final = 5
PARTITIONS: Final = 4
LIMIT: Final = 1_000
MINUTE: Final = 60
DELIVERED: Final = 2
BACK: Final = 4
"""Seconds after its sending within which a server accepts a test, and it is back."""

AT_ONCE: Final = TRANSACTION_LIMIT // 3
"""Folds of healthy domains in one transaction, which are written in the same second."""


@dataclass
class Minute:
    """Write units by second, table and partition, and the second of the last fold."""

    spent: Counter[tuple[int, str, int]] = field(default_factory=Counter)
    last: int = 0

    def writes(self, second: int, what: str, key: str, units: int) -> None:
        """Add the cost of a write."""
        self.spent[second, what, _partition(what, key)] += units

    def busiest(self) -> tuple[str, int]:
        """Give the table or index whose partition has the busiest second, and its units."""
        (_, what, _), units = self.spent.most_common(1)[0]
        return what, units


def figures() -> Iterator[Figure]:
    """Give the busiest second of a partition, and when the last test is folded, at noon and at midnight."""
    where = f"{DOMAINS:,} domains every {INTERVAL} min, {PARTITIONS} partitions a table"
    for when, midnight in (("", False), (", the first tests of a day", True)):
        it = minute(DOMAINS, INTERVAL, midnight=midnight)
        what, units = it.busiest()
        yield Figure(
            f"write units in the busiest second of a partition ({where}{when}; {what})",
            f"{units:,}",
            f"at most {LIMIT:,}",
            ok=units <= LIMIT,
        ).named(**{f"tick_busiest_partition{'_at_midnight' * midnight}": units})
        yield Figure("  the last of them is folded after, in s", f"{it.last}", f"under {MINUTE}", ok=it.last < MINUTE)


def minute(domains: int, interval: int, *, midnight: bool = False, per_second: float = folds.PER_SECOND) -> Minute:
    """Let a fleet send a minute's tests at an even rate, and fold as many from the minute before."""
    keys = [domain(number).key for number in range(domains // interval)]
    it = Minute()
    for number, key in enumerate(keys):
        _send(it, number * MINUTE // len(keys), f"sent now {key}", key)
    for shards in workers(domains):
        its = [key for key in keys if shard_of(key) in shards]
        pace = AT_ONCE / (per_second * len(shards))  # Seconds from one transaction to the next.
        for number, key in enumerate(its):
            _fold(it, int(number // AT_ONCE * pace), f"sent before {key}", key, midnight=midnight)
    return it


def _send(it: Minute, second: int, test: str, key: str) -> None:
    it.writes(second, "mailtest", test, 2)  # created and accepted
    it.writes(second, "mailtest, index due", str(shard_of(key)), 1)
    it.writes(second, "mailtest, index by-domain", key, 1)
    it.writes(second, "mailtest, index by-ses-id", test, 1)
    it.writes(second + DELIVERED, "mailtest", test, 1)
    it.writes(second + BACK, "mailtest", test, 1)


def _fold(it: Minute, second: int, test: str, key: str, *, midnight: bool) -> None:
    it.writes(second, "mailtest", test, 2)
    it.writes(second, "mailtest, index due", str(shard_of(key)), 1)
    it.writes(second, "stat", key, 2)
    it.writes(second, "health", key, 2)
    if midnight:
        it.writes(second, "stat, index by-day", f"day#{shard_of(key)}", 1)
    it.last = max(it.last, second + 1)


def _partition(what: str, key: str) -> int:
    return int.from_bytes(blake2b(f"{what} {key}".encode(), digest_size=8).digest()) % PARTITIONS
