"""The days of many domains added up, by the name of what they were added up for."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from mxtrax.model import Stat
from mxtrax.store import mapping
from mxtrax.store.tables import RollupRow

FLEET: Final = "fleet"
"""Names the sums of all domains."""


def of_customer(codename: str) -> str:
    """Name the sums of a customer."""
    return f"customer {codename}"


def of_provider(provider: str) -> str:
    """Name the sums of a provider."""
    return f"provider {provider}"


def save(sums: Iterable[Stat]) -> None:
    """Write sums in place of earlier ones."""
    with RollupRow.batch_write() as batch:
        for it in sums:
            batch.save(mapping.rollup_row(it))


def of(group: str, first: str, last: str) -> list[Stat]:
    """Read the days of a group, both ends included."""
    found = map(mapping.rollup, RollupRow.query(group, RollupRow.d.between(first, last)))
    return [replace(it, maildomain=group) for it in found]
