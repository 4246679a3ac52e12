"""What DynamoDB counts: the bytes of an item, and the write units of a write, by its own rules.

Names and text count in UTF-8, a number one byte for two digits and one more, a map or list 3 bytes and one for each
member. A write costs a unit for each started KB of the larger of the old and the new item, twice that in a transaction;
an index costs the same for its own entries, once, and nothing if an entry stays the same.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

KB: Final = 1024

type Item = Mapping[str, Mapping[str, Any]]
"""An item in DynamoDB's API: by name, a type and a value."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index: the names of its keys, and of all attributes in its entries; None for all."""

    name: str
    keys: tuple[str, ...]
    holds: frozenset[str] | None


def size_of(item: Item) -> int:
    """Give the bytes of an item."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Mapping[str, Any]) -> int:
    ((kind, it),) = value.items()
    return _SIZES[kind](it)


def _number(it: str) -> int:
    digits = len(it.strip("-").replace(".", "").strip("0")) or 1
    return (digits + 1) // 2 + 1 + it.startswith("-")


_SIZES: Final[Mapping[str, Callable[[Any], int]]] = {
    "S": lambda it: len(it.encode()),
    "N": _number,
    "B": lambda it: len(it if isinstance(it, bytes) else b64decode(it)),
    "SS": lambda it: sum(len(each.encode()) for each in it),
    "NS": lambda it: sum(map(_number, it)),
    "L": lambda it: 3 + sum(1 + _size(each) for each in it),
    "M": lambda it: 3 + sum(1 + len(name.encode()) + _size(each) for name, each in it.items()),
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
}


def units(before: Item | None, after: Item | None) -> int:
    """Give the write units of a table for a write outside a transaction."""
    return -(-max(size_of(before or {}), size_of(after or {})) // KB) or 1


def index_units(before: Item | None, after: Item | None, index: Index) -> int:
    """Give the write units of an index for a write to its table."""
    was, now = _entry(before, index), _entry(after, index)
    if was == now:
        return 0
    if was is None or now is None:
        return units(was, now)
    if _same(was, now, index.keys):
        return units(was, now)
    return units(was, None) + units(None, now)


def _entry(item: Item | None, index: Index) -> Item | None:
    """Give an item's entry in an index; none if one of the keys is missing."""
    if item is None or not all(key in item for key in index.keys):
        return None
    return {name: value for name, value in item.items() if index.holds is None or name in index.holds}


def _same(one: Item, other: Item, names: Sequence[str]) -> bool:
    return all(one[name] == other[name] for name in names)
