"""Whole tables, read item by item and past PynamoDB's models: a pass over the fleet makes a hundred thousand of them.

Making a row from an item, and a record from the row, costs four times as much as reading the item.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pynamodb.models import Model

from mxtrax.store.tables import connection

type Item = Mapping[str, Mapping[str, Any]]
"""An item in DynamoDB's typed JSON: {"id": {"N": "7"}}."""


def items(row: type[Model]) -> Iterator[Item]:
    """Read all items of a table, unordered."""
    table, after = row.Meta.table_name, None
    while True:
        page = connection().scan(table, exclusive_start_key=after)
        yield from page["Items"]
        after = page.get("LastEvaluatedKey")
        if not after:
            return


def plain(item: Item) -> dict[str, Any]:
    """Give the attributes of an item; NULLs are left out."""
    return {name: read(it[kind]) for name, it in item.items() for kind in it if (read := _READ.get(kind))}


def _number(text: str) -> int | float:
    return int(text) if text.isdecimal() else float(text)


def _as_it_is(it: Any) -> Any:  # noqa: ANN401 -- a text, a truth
    return it


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "S": _as_it_is,
    "N": _number,
    "BOOL": _as_it_is,
    "B": _as_it_is,
    "SS": frozenset,
}
"""How values of each type are read; tables that are read this way have no others."""
