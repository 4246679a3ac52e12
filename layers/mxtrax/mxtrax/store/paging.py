"""Pages of indexes: some rows, and a cursor that says after which row the next page begins.

The cost of a page is bounded: with a filter that few rows pass, a page may end before it is full and still have a next
one.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Final

from pynamodb.attributes import Attribute
from pynamodb.exceptions import QueryError
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import Index
from pynamodb.models import Model

from mxtrax.errors import Refused
from mxtrax.frozen import dataclass

READ_AT_ONCE: Final = 2_500
"""Rows that one call reads if there is a filter."""

MOST_READ: Final = 10_000
"""Rows that are read for one page if there is a filter."""

MAX_CURSOR: Final = 1_000


@dataclass(frozen=True, slots=True)
class Page[Item]:
    """A part of a list. `after` is where the next page begins; "" at the end."""

    items: list[Item]
    after: str = ""


def page[Row: Model](
    model: type[Row],
    source: Index[Row] | None,
    partition: Any,  # noqa: ANN401 -- a key
    *,
    within: Condition | None = None,
    where: Condition | None = None,
    limit: int,
    after: str = "",
    forward: bool = True,
) -> Page[Row]:
    """Read a page of a partition of a table or index. Raises Refused for another list's cursor."""
    keys = _keys(model, source)
    pages = (
        (source or model)
        .query(
            partition,
            within,
            filter_condition=where,
            scan_index_forward=forward,
            last_evaluated_key=_start(keys, after, partition) if after else None,
            page_size=limit + 1 if where is None else max(READ_AT_ONCE, limit + 1),
        )
        .page_iter
    )
    found: list[dict[str, Any]] = []
    read = 0
    try:
        for each in pages:
            found += each["Items"]
            read += each["ScannedCount"]
            if len(found) > limit:
                last = {name: found[limit - 1][name] for name in keys}
                return Page([model.from_raw_data(it) for it in found[:limit]], _cursor(last))
            if where is not None and read >= MOST_READ:
                break
    except QueryError as error:
        if after and error.cause_response_code == "ValidationException":
            raise foreign() from error
        raise
    start = pages.last_evaluated_key
    return Page([model.from_raw_data(it) for it in found], _cursor(start) if start else "")


def _keys(model: type[Model], source: Index[Any] | None) -> dict[str, Attribute[Any]]:
    """Give the attributes that locate a row: the table's keys, and the index's."""
    keys = {it.attr_name: it for it in model.get_attributes().values() if it.is_hash_key or it.is_range_key}
    if source is not None:
        keys |= {it.attr_name: it for it in source.Meta.attributes.values()}
    return dict(sorted(keys.items()))


def _cursor(start: Mapping[str, Mapping[str, str]]) -> str:
    values = [next(iter(value.values())) for _, value in sorted(start.items())]
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def _start(keys: Mapping[str, Attribute[Any]], after: str, partition: Any) -> dict[str, dict[str, str]]:  # noqa: ANN401
    """Read a cursor: a value for each of the keys, in the order of their names."""
    if len(after) > MAX_CURSOR:
        raise foreign()
    try:
        values = json.loads(base64.b64decode(after + "=" * (-len(after) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise foreign() from None
    if not isinstance(values, list) or len(values) != len(keys):
        raise foreign()
    start = {}
    for (name, attribute), value in zip(keys.items(), values, strict=True):
        if not isinstance(value, str) or not value or (attribute.attr_type == "N" and not _is_number(value)):
            raise foreign()
        start[name] = {attribute.attr_type: value}
    if str(partition) not in values:
        raise foreign()
    return start


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= 20


def foreign() -> Refused:
    """Refuse a cursor of another list."""
    return Refused("after", "after: this is not from this list; begin without it, and follow `next` from there.")
