"""The badges of public pages, as plan has written them: those of many links in one row.

Plan writes the rows every minute, while a healthy test writes nothing. A row that is no longer written is soon too old
to be shown; if a link ends, its row is too old at once.
"""

from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.update import Action

from mxtrax.frozen import dataclass
from mxtrax.model import Millis
from mxtrax.rules.public_status import PublicStatus, Summary
from mxtrax.store.tables import RuntimeRow
from mxtrax.store.writes import update

SHARDS: Final = 64
"""Rows at most. A row has room for the badges of a thousand links."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge: whose mail it is about, and its status."""

    name: str
    summary: Summary


def save(them: Mapping[str, Badge], now: Millis) -> None:
    """Write the current badges, by link, unless a later plan has."""
    rows = defaultdict[str, dict[str, Any]](dict)
    for link, it in them.items():
        row, key = _place(link)
        rows[row][key] = [it.name, it.summary.status, it.summary.concerned, it.summary.domains]
    for row, badges in rows.items():
        actions: list[Action] = [RuntimeRow.badges.set(badges), RuntimeRow.number.set(now)]
        update(RuntimeRow(row), actions, RuntimeRow.number.does_not_exist() | (RuntimeRow.number <= now))


def of_link(link: str, now: Millis, lasts: Millis) -> Badge | None:
    """Give the badge behind a link; None if it is too old, or if there is no such link."""
    row, key = _place(link)
    try:
        found = RuntimeRow.get(row)
    except DoesNotExist:
        return None
    if not 0 <= now - int(found.number) <= lasts or key not in found.badges:
        return None
    name, status, concerned, domains = found.badges[key]
    return Badge(name, Summary(PublicStatus(status), concerned, domains))


def expire(link: str) -> None:
    """Invalidate the row of a link that has ended, until the next plan has written it again."""
    row, _ = _place(link)
    update(RuntimeRow(row), [RuntimeRow.number.set(0)], RuntimeRow.number.exists())


def _place(link: str) -> tuple[str, str]:
    """Give the row of a link, and its name there: the link itself is secret."""
    digest = sha256(link.encode()).hexdigest()
    return f"heartbeat-badges-{int(digest[:8], 16) % SHARDS}", digest[:32]
