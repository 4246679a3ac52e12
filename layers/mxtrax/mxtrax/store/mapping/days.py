"""The figures of days: a domain's, and those of many."""

import re
from collections.abc import Mapping
from dataclasses import asdict, astuple

from mxtrax.model import HourOfDay, Stat
from mxtrax.rules.schedule import shard_of
from mxtrax.store.mapping.fields import present, taken
from mxtrax.store.tables import RollupRow, StatRow


def stat(row: StatRow) -> Stat:
    """Read a day."""
    return Stat(**taken(row, Stat, histogram=lambda h: {int(k): v for k, v in h.items()}, hours=_hours))


def stat_row(it: Stat) -> StatRow:
    """Write a day. Counters at 0 are left out: a day is written with each test, and should stay below 1 KB."""
    values = present(it, histogram=lambda h: {str(k): v for k, v in h.items()}, hours=hours_text)
    counted = {name: value for name, value in values.items() if value or not name.endswith("_num")}
    return StatRow(day_shard=day_shard(it.d, shard_of(it.maildomain)), **counted)


def day_shard(d: str, shard: int) -> str:
    """Name the partition of a shard's domains that have figures for a day."""
    return f"{d}#{shard}"


def hours_text(hours: Mapping[int, HourOfDay]) -> str:
    """Write a day's hours as `4;4;;3,0,1`: one after the other from midnight, each without its trailing zeros."""
    return ";".join(_counters(hours.get(hour, HourOfDay())) for hour in range(max(hours, default=-1) + 1))


def _counters(hour: HourOfDay) -> str:
    return re.sub("(^|,)0(,0)*$", "", ",".join(map(str, astuple(hour))))


def _hours(text: str) -> dict[int, HourOfDay]:
    each = enumerate(text.split(";"))
    return {hour: HourOfDay(*map(int, counters.split(","))) for hour, counters in each if counters}


def rollup(row: RollupRow) -> Stat:
    """Read a day of many domains."""
    histogram = {int(bucket): number for bucket, number in row.figures["histogram"].items()}
    hours = _hours(row.figures.get("hours", ""))
    return Stat(**{**row.figures, "maildomain": row.group, "d": row.d, "histogram": histogram, "hours": hours})


def rollup_row(it: Stat) -> RollupRow:
    """Write a day of many domains."""
    figures = asdict(it) | {"hours": hours_text(it.hours)}
    return RollupRow(figures.pop("maildomain"), figures.pop("d"), figures=figures)
