"""Lists of /api/v3/: some items, and where the next ones are."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from mxtrax.api.fields import Field, Schema, Text, Whole
from mxtrax.api.fields.numbers import is_number
from mxtrax.api.routing import Request
from mxtrax.api.schema import Form, record, several
from mxtrax.errors import Refused

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200

PAGING: Final[dict[str, Field]] = {
    "limit": Whole(low=1, high=MAX_LIMIT, note=f"At most this many; by default {DEFAULT_LIMIT}."),
    "after": Text(shortest=1, longest=1_000, note="Where this page begins; only use the value from `next`."),
}


def list_of(of: type, **beside: Form) -> Schema:
    """Give the schema of a list, under a name of its own."""
    return {**record(items=several(of), next=str | None, **beside), "title": f"{of.__name__}List"}


def limit(request: Request) -> int:
    """Give how many items are asked for."""
    return int(request.query.get("limit", DEFAULT_LIMIT))


def after(request: Request) -> str:
    """Give where the page begins."""
    return str(request.query.get("after", ""))


def listed(request: Request, path: str, items: Sequence[object], follows: str, **beside: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    """Give a page. `next` keeps the filters; it can be there even where a page is short or empty."""
    query = {**request.parameters, "after": follows}
    return {"items": items, "next": f"{path}?{urlencode(query)}" if follows else None, **beside}


def number_of(name: str, text: str) -> int:
    """Read a number that stands for where a page begins."""
    if not is_number(text):
        raise Refused(name, f"{name}: this is not from this list; start without it and follow `next`.")
    return int(text)
