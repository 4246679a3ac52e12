"""DomainHealth as a pass over the fleet reads it: packed fields are unpacked on first use.

For a hundred thousand domains, alert looks at the newest test of each and at all tests of a few. Unpacking everything
would take ten seconds and a gigabyte.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from sys import intern
from typing import Any, Final

from mxtrax.model import DomainHealth, Recent, State, WindowCounts
from mxtrax.store import packing
from mxtrax.store.scanning import Item, plain


class PackedHealth(DomainHealth):
    """A domain's health. It is read and replaced like any DomainHealth, but equals only its own kind."""

    __slots__ = ("_counts", "_recent")
    _counts: Any
    _recent: Any

    @property
    def recent(self) -> tuple[Recent, ...]:
        """Its recent tests."""
        if isinstance(self._recent, bytes):
            object.__setattr__(self, "_recent", packing.unpacked_tests(self._recent))
        tests: tuple[Recent, ...] = self._recent
        return tests

    @recent.setter
    def recent(self, value: object) -> None:
        object.__setattr__(self, "_recent", value)

    @property
    def window_counts(self) -> Mapping[int, WindowCounts]:
        """Its window counts."""
        if isinstance(self._counts, bytes):
            object.__setattr__(self, "_counts", packing.unpacked_counts(self._counts))
        counts: Mapping[int, WindowCounts] = self._counts
        return counts

    @window_counts.setter
    def window_counts(self, value: object) -> None:
        object.__setattr__(self, "_counts", value)

    @property
    def newest(self) -> Recent | None:
        """The newest of its recent tests."""
        return packing.newest_test(self._recent) if isinstance(self._recent, bytes) else super().newest


def of(item: Item) -> DomainHealth:
    """Read a domain's health from a DynamoDB item."""
    values = {name: it for name, it in plain(item).items() if name in _FIELDS}
    values["state"] = State(values["state"])
    for name in ("provider", "incident", "last_incident"):
        if name in values:
            values[name] = intern(values[name])  # Thousands of domains have one provider.
    if "exceeded" in values:
        values["exceeded"] = tuple(json.loads(values["exceeded"]))
    return PackedHealth(**values)


_FIELDS: Final = frozenset(each.name for each in fields(DomainHealth))
