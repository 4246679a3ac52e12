"""The links of wallboards: all in one record, each with the hash of its secret."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Final

from mxtrax.model import Change, WallLink
from mxtrax.store.config import Kept, record, save_record

_ALL: Final = "walls"


Walls = Kept[WallLink]


def load() -> Walls:
    """Read the links."""
    known = record(_ALL)
    return Walls(tuple(WallLink(**it) for it in known.values["links"]), known.version) if known else Walls()


def save(before: Walls, after: Collection[WallLink], change: Change) -> bool:
    """Replace the links that were read; False if somebody was quicker."""
    return save_record(_ALL, {"links": [asdict(it) for it in after]}, before.version, change)
