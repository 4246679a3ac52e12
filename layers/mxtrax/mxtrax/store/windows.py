"""Maintenance windows."""

from dataclasses import replace

from pynamodb.transactions import TransactWrite

from mxtrax.model import Change, Scope, Window
from mxtrax.store import audit, customers, mapping
from mxtrax.store.reading import row_of
from mxtrax.store.tables import WindowRow
from mxtrax.store.writes import as_read


def everything(*, consistent: bool = False) -> list[Window]:
    """Read all windows. They are few: each run of aggregate and alert reads all of them."""
    return [mapping.window(row) for row in WindowRow.scan(consistent_read=consistent)]


def get(number: str) -> Window | None:
    """Read a window."""
    row = row_of(WindowRow, number)
    return mapping.window(row) if row else None


def save(window: Window, change: Change | None = None) -> bool:
    """Write a checked window over the version it was made from, or a new one.

    False if that version or its customer is gone.
    """
    row = mapping.window_row(replace(window, version=window.version + 1))

    def write(together: TransactWrite) -> None:
        together.save(row, condition=as_read(WindowRow, window.version))
        customers.demand(together, window.target if window.scope is Scope.CUSTOMER else "")

    return audit.written(write, change)


def remove(window: Window, change: Change | None = None) -> bool:
    """Remove a window; False if it has changed meanwhile."""
    row, there = WindowRow(window.id), as_read(WindowRow, window.version)
    return audit.written(lambda together: together.delete(row, condition=there), change)
