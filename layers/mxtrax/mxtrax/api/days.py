"""Ranges of days, as several routes take them: from one day to another, both included."""

from datetime import UTC, date, datetime, timedelta

from mxtrax.api.fields import Day, Field
from mxtrax.api.routing import Request
from mxtrax.errors import Refused
from mxtrax.model import SECOND


def fields(default: int) -> dict[str, Field]:
    """Give the parameters of a query for some days, by default `default` days before the last."""
    return {
        "from": Day(note=f"The first day; by default {default} days before the last."),
        "to": Day(note="The last day; by default today."),
    }


def asked(request: Request, most: int, default: int) -> tuple[date, date]:
    """Read which days are asked for: the first and the last of fewer than `most`. Raises Refused."""
    today = datetime.fromtimestamp(request.now // SECOND, UTC).date()
    last = date.fromisoformat(request.query.get("to", today.isoformat()))
    if "from" in request.query:
        first = date.fromisoformat(request.query["from"])
    else:
        first = max(date.min + timedelta(days=default), last) - timedelta(days=default)
    if not 0 <= (last - first).days < most:
        raise Refused("from", f"from: this should be before `to`, and less than {most} days before it.")
    return first, last
