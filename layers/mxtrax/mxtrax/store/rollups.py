"""The days of many domains added up, by the name of their group."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from mxtrax.model import Stat
from mxtrax.store import mapping
from mxtrax.store.tables import RollupRow

FLEET: Final = "fleet"
"""Names the sums of all domains."""


RECENT_DAYS: Final = 30
"""Days that are kept together."""

_PROVIDER: Final = "provider "
RECENT: Final = "recent"
"""Used as the day of the row with a group's last days together: a list reads one row of each group."""


def of_customer(codename: str) -> str:
    """Name the sums of a customer."""
    return f"customer {codename}"


def of_provider(provider: str) -> str:
    """Name the sums of a provider."""
    return f"{_PROVIDER}{provider}"


def is_provider(group: str) -> bool:
    """Say whether a name is that of a provider's sums."""
    return group.startswith(_PROVIDER)


def save(sums: Iterable[Stat]) -> None:
    """Write sums over earlier ones."""
    with RollupRow.batch_write() as batch:
        for it in sums:
            batch.save(mapping.rollup_row(it))


def of(group: str, first: str, last: str) -> list[Stat]:
    """Read the days of a group, both ends included."""
    found = map(mapping.rollup, RollupRow.query(group, RollupRow.d.between(first, last)))
    return [replace(it, maildomain=group) for it in found]


def keep_recent(sums: Iterable[Stat], first: str, last: str) -> None:
    """Update the last days of groups, which are kept together from `first` on, for lists."""
    added = defaultdict[str, dict[str, Stat]](dict)
    for it in sums:
        added[it.maildomain][it.d] = it
    known = recent_of(added)
    with RollupRow.batch_write() as batch:
        for group, days in added.items():
            before = known[group] if group in known else {it.d: it for it in of(group, first, last)}
            kept = {d: it for d, it in (before | days).items() if d >= first}
            batch.save(RollupRow(group, RECENT, figures={"days": {d: _few(it) for d, it in sorted(kept.items())}}))


def remove(group: str) -> None:
    """Remove the sums of a group that no longer exists; the days that were added up stay."""
    with RollupRow.batch_write() as batch:
        for row in RollupRow.query(group):
            batch.delete(row)


def recent_of(groups: Iterable[str]) -> dict[str, dict[str, Stat]]:
    """Read the last days of several groups: on time, late, and all that count, by day. Other counters are 0."""
    rows = RollupRow.batch_get([(group, RECENT) for group in set(groups)])
    return {row.group: {d: _day(row.group, d, few) for d, few in _days_of(row).items()} for row in rows}


def _few(it: Stat) -> list[int]:
    return [it.ontime_num, it.late_num, it.total_num]


def _day(group: str, d: str, few: list[int]) -> Stat:
    ontime, late, total = few
    return Stat(maildomain=group, d=d, ontime_num=ontime, late_num=late, total_num=total)


def _days_of(row: RollupRow) -> Mapping[str, Any]:
    found: Mapping[str, Any] = row.figures["days"]
    return found
