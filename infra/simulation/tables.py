"""Tables of typed items, and their indexes, in this process."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from pynamodb.models import Model

from infra.simulation.expressions import Value, plain

type Key = tuple[Any, ...]


class Item(dict[str, Value]):
    """An item as written; it keeps the row that PynamoDB once made from it."""

    __slots__ = ("row",)
    row: Model


class Table:
    """The items of a table. An index is built on first use; `writes` grows with each change."""

    def __init__(self, keys: tuple[str, ...], indexes: Mapping[str, tuple[str, ...]]) -> None:
        self.keys: dict[str | None, tuple[str, ...]] = {None: keys}
        self.keys.update(indexes)
        self.items: dict[Key, Item] = {}
        self.indexes: dict[str | None, defaultdict[Any, dict[Key, Item]]] = {}
        self.writes = 0

    def key(self, item: Mapping[str, Value]) -> Key:
        """Give the key of an item."""
        return tuple(plain(item[name]) for name in self.keys[None])

    def index(self, name: str | None) -> Mapping[Any, dict[Key, Item]]:
        """Give an index as partition -> key -> item; None means the table itself."""
        if name not in self.indexes:
            self.indexes[name] = defaultdict(dict)
            for key, item in self.items.items():
                self._enter(name, key, item)
        return self.indexes[name]

    def put(self, attributes: Mapping[str, Value]) -> Item:
        """Write an item, replacing any with its key."""
        item = attributes if type(attributes) is Item else Item(attributes)
        key = self.key(item)
        self.drop(key)
        self.items[key] = item
        self.writes += 1
        for name in self.indexes:
            self._enter(name, key, item)
        return item

    def drop(self, key: Key) -> None:
        """Delete an item, if it is there."""
        if (old := self.items.pop(key, None)) is None:
            return
        self.writes += 1
        for name, parts in self.indexes.items():
            if (part := self._part(name, old)) is not None:
                parts[part].pop(key, None)

    def _part(self, name: str | None, item: Item) -> Any:  # noqa: ANN401 -- whatever the partition key holds
        keys = self.keys[name]
        return plain(item[keys[0]]) if all(key in item for key in keys) else None

    def _enter(self, name: str | None, key: Key, item: Item) -> None:
        if (part := self._part(name, item)) is not None:
            self.indexes[name][part][key] = item
