"""The links of wallboards: all of them in one record, each with the hash of what is secret in it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Final

from pynamodb.exceptions import DoesNotExist

from mxtrax.model import Change, WallLink
from mxtrax.store import audit
from mxtrax.store.tables import ConfigRow
from mxtrax.store.writes import as_read

_ALL: Final = "walls"


@dataclass(frozen=True, slots=True)
class Walls:
    """All links, and the version that they were read in."""

    them: tuple[WallLink, ...] = ()
    version: int = 0


def load() -> Walls:
    """Read the links."""
    try:
        row = ConfigRow.get(_ALL, consistent_read=True)
    except DoesNotExist:
        return Walls()
    return Walls(tuple(WallLink(**it) for it in row.settings["links"]), int(row.version))


def save(before: Walls, after: Collection[WallLink], change: Change) -> bool:
    """Write links in place of what was read; False where somebody was quicker."""
    row = ConfigRow(_ALL, settings={"links": [asdict(it) for it in after]}, version=before.version + 1)
    there = as_read(ConfigRow, before.version)
    return audit.written(lambda together: together.save(row, condition=there), change)
