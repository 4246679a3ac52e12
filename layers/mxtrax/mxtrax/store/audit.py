"""Who changed what: written together with the change, read by admins."""

import json
from collections.abc import Callable
from typing import Any, Final

from pynamodb.transactions import TransactWrite

from mxtrax.model import Change, Door
from mxtrax.store import writes
from mxtrax.store.paging import Page, page
from mxtrax.store.tables import AUDIT, AuditRow

MAX_BYTES: Final = 100_000
"""For one side of a change; a bulk change's list is truncated there."""


def note(change: Change) -> None:
    """Record a change that was made in more than one transaction."""
    _row(change).save()


def add(together: TransactWrite, change: Change | None) -> None:
    """Record a change in the transaction that makes it."""
    if change is not None:
        together.save(_row(change))


def written(write: Callable[[TransactWrite], object], change: Change | None) -> bool:
    """Write in one transaction with its audit entry; False if a condition fails."""

    def both(together: TransactWrite) -> None:
        write(together)
        add(together, change)

    return writes.written(both)


def latest(limit: int, after: str = "", target: str = "") -> Page[Change]:
    """Read the changes, of everything or of one target, the latest first."""
    if target:
        found = page(AuditRow, AuditRow.of_target, target, limit=limit, after=after, forward=False)
    else:
        found = page(AuditRow, None, AUDIT, limit=limit, after=after, forward=False)
    return Page([_change(row) for row in found.items], found.after)


def _row(it: Change) -> AuditRow:
    return AuditRow(
        AUDIT,
        f"{it.at:015}-{it.id}",
        who=it.who,
        door=str(it.door),
        what=it.what,
        target=it.target,
        before=_written(it.before),
        after=_written(it.after),
    )


def _written(side: dict[str, Any] | None) -> str | None:
    if side is None:
        return None
    text = json.dumps(side, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text if len(text.encode()) <= MAX_BYTES else json.dumps({"cut": text[: MAX_BYTES // 4]})


def _change(row: AuditRow) -> Change:
    at, _, number = row.id.partition("-")
    return Change(
        at=int(at),
        id=number,
        who=row.who,
        door=Door(row.door),
        what=row.what,
        target=row.target,
        before=json.loads(row.before) if row.before else None,
        after=json.loads(row.after) if row.after else None,
    )
