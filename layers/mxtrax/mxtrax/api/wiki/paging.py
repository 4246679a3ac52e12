"""Lists as the wiki's API pages them (tastypie's shape), and the query parameters they understand.

`limit` and `offset` are as they always were. Beside them the `next` link carries `after`, where the next page begins in
the index; so a client that follows the links reads each page in the same time, however far down the list.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from mxtrax.api.fields import Choice, Day, Field, Malformed, Schema, Text, Whole
from mxtrax.api.fields.numbers import MOST_DIGITS, is_number
from mxtrax.api.schema import Form, record, several
from mxtrax.errors import Refused
from mxtrax.frozen import dataclass

DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 1_000
MAX_OFFSET: Final = 100_000
"""How deep a list may be entered without `after`: what is skipped has to be read, too."""

MAX_AFTER: Final = 400
_PAGING: Final = ("format", "limit", "offset", "after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The part of a list that is asked for. `skip` is what is left of the offset behind `after`."""

    path: str
    parameters: Mapping[str, str]
    limit: int
    offset: int
    after: str

    @property
    def skip(self) -> int:
        """How many to skip."""
        return 0 if self.after else self.offset


def wanted(path: str, parameters: Mapping[str, str], filters: Collection[str] = ()) -> Page:
    """Read which page is asked for. Raises Refused for anything that would otherwise be passed over in silence."""
    only_json(parameters, (*_PAGING, *filters))
    limit = number(parameters, "limit", DEFAULT_LIMIT) or MAX_LIMIT
    offset, after = number(parameters, "offset", 0) or 0, parameters.get("after", "")
    if offset > MAX_OFFSET and not after:
        raise Refused(
            "offset", f"offset: {offset} is too high; follow meta.next from an earlier page, or filter the list."
        )
    if len(after) > MAX_AFTER:
        raise Refused("after", "after: this is not valid; take it from meta.next.")
    return Page(path=path, parameters=parameters, limit=min(limit or 0, MAX_LIMIT), offset=offset, after=after)


FORMAT: Final[dict[str, Field]] = {"format": Choice(of=("json",), note="The only one that is supported.")}
PARAMETERS: Final[dict[str, Field]] = {
    **FORMAT,
    "limit": Whole(
        low=0, high=10**MOST_DIGITS - 1, note=f"At most this many; 0 and above {MAX_LIMIT} mean {MAX_LIMIT}."
    ),
    "offset": Whole(low=0, high=10**MOST_DIGITS - 1, note="How many to skip."),
    "after": Text(longest=MAX_AFTER, note="Where this page begins, from meta.next."),
}
OF_STATS: Final[dict[str, Field]] = {
    **PARAMETERS,
    "domain": Whole(low=0, high=10**MOST_DIGITS - 1, note="Of this domain (id)."),
    "d": Day(note="Of this date."),
}


def place(page: Page) -> int:
    """Read where a page of a list by number begins; 0 at its beginning."""
    if page.after and not is_number(page.after):
        raise Refused("after", "after: this is not valid; take it from meta.next.")
    return int(page.after or 0)


def only_json(parameters: Mapping[str, str], known: Collection[str] = ("format",)) -> None:
    """Refuse parameters that nothing reads, and formats other than JSON."""
    for name in parameters:
        if name not in known:
            raise Malformed(name[:50], f"{name[:50]!r} is not a parameter here; use {', '.join(known)}.")
    if (given := parameters.get("format", "json")) != "json":
        raise Malformed("format", f"format: {given[:50]!r} is not supported; use 'json'.")


def number(parameters: Mapping[str, str], name: str, default: int | None = None) -> int | None:
    """Read a whole number, 0 or more."""
    if (given := parameters.get(name)) is None:
        return default
    if is_number(given):
        return int(given)
    raise Malformed(name, f"{name}: {given[:50]!r} should be a whole number, 0 or more.")


def day(parameters: Mapping[str, str], name: str) -> str | None:
    """Read a date, in the one form in which days are kept."""
    if (given := parameters.get(name)) is None:
        return None
    try:
        if date.fromisoformat(given).isoformat() == given:
            return given
    except ValueError:
        pass
    raise Malformed(name, f"{name}: {given[:50]!r} should be a date like 2026-11-22.")


@dataclass(frozen=True, kw_only=True)
class Meta:
    """What a list is a page of."""

    limit: int
    next: str | None
    offset: int
    previous: str | None
    total_count: int


def list_of(of: Form) -> Schema:
    """Give the schema of a list."""
    return record(meta=Meta, objects=several(of))


def listed(page: Page, objects: Sequence[object], *, total: int, more: bool, after: str = "") -> dict[str, Any]:
    """Give the list: what it is a page of, and its objects. `after` says where the next page begins in the index."""
    earlier = max(0, page.offset - page.limit) if page.offset else None
    meta = Meta(
        limit=page.limit,
        next=_link(page, page.offset + page.limit, after) if more else None,
        offset=page.offset,
        previous=None if earlier is None else _link(page, earlier),
        total_count=total,
    )
    return {"meta": meta, "objects": objects}


def _link(page: Page, offset: int, after: str = "") -> str:
    query = {**page.parameters, "limit": str(page.limit), "offset": str(offset), "after": after}
    return f"{page.path}?{urlencode({name: value for name, value in query.items() if value})}"
