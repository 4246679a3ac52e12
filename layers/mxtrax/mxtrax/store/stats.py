"""The days of domains: Stats, by domain and by day."""

from collections.abc import Iterable, Iterator
from datetime import date
from heapq import merge
from itertools import batched, islice
from typing import Final

from mxtrax.model import Stat
from mxtrax.rules.schedule import SHARDS
from mxtrax.store import mapping
from mxtrax.store.tables import StatRow

BATCH: Final = 100
"""Days read by one call."""

_COUNTS: Final = ["d", "ontime_num", "late_num", "total_num"]


def of_days(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Stat]:
    """Read several (domain, day); a blank for a new one.

    Read them after the health they go with: then a fold in between is noticed by its version.
    """
    wanted = list(keys)
    found = {(row.maildomain, row.d): mapping.stat(row) for row in StatRow.batch_get(wanted, consistent_read=True)}
    return {(key, day): found.get((key, day)) or Stat(maildomain=key, d=day) for key, day in wanted}


def of_domain(key: str, first: date | None = None, last: date | None = None) -> Iterator[Stat]:
    """Read a domain's days in order."""
    days = StatRow.d.between((first or date.min).isoformat(), (last or date.max).isoformat())
    return map(mapping.stat, StatRow.query(key, days))


def counts_of_domain(key: str, first: date, last: date) -> list[Stat]:
    """Read how many tests of a domain's days were on time, late, and in all; nothing else is read or sent."""
    days = StatRow.d.between(first.isoformat(), last.isoformat())
    rows = StatRow.query(key, days, attributes_to_get=_COUNTS)
    return [
        Stat(
            maildomain=key,
            d=row.d,
            ontime_num=int(row.ontime_num or 0),
            late_num=int(row.late_num or 0),
            total_num=int(row.total_num or 0),
        )
        for row in rows
    ]


def of_day(day: str, limit: int | None = None, after: str = "") -> Iterator[Stat]:
    """Read the day of every domain whose address comes after this one, in order."""
    for keys in batched(_keys_of_day(day, limit, after), BATCH, strict=False):
        rows = StatRow.batch_get([(key, day) for key in keys])
        found = {row.maildomain: mapping.stat(row) for row in rows}
        yield from (found[key] for key in keys if key in found)


def _keys_of_day(day: str, limit: int | None, after: str) -> Iterator[str]:
    """Give the domains that have figures for a day, by address: the shards, each in order, are merged."""
    beyond = StatRow.maildomain > after if after else None
    partitions = (mapping.day_shard(day, shard) for shard in range(SHARDS))
    shards = [StatRow.by_day.query(partition, beyond, limit=limit) for partition in partitions]
    return islice(merge(*(map(_key, rows) for rows in shards)), limit)


def _key(row: StatRow) -> str:
    return str(row.maildomain)


def count_of_day(day: str) -> int:
    """Count the domains that have figures for a day."""
    return sum(StatRow.by_day.count(mapping.day_shard(day, shard)) for shard in range(SHARDS))


def about_how_many() -> int:
    """Give the number of all days of all domains, as DynamoDB counted it some hours ago."""
    return int(StatRow.count())
