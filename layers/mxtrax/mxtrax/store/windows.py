"""Maintenance windows."""

from dataclasses import replace

from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.transactions import TransactWrite

from mxtrax.model import Change, Window
from mxtrax.store import audit, mapping
from mxtrax.store.tables import WindowRow, connection
from mxtrax.store.writes import as_read, failed_conditions


def everything() -> list[Window]:
    """Read all windows. They are few: each run of aggregate and alert reads them anew."""
    return [mapping.window(row) for row in WindowRow.scan()]


def get(number: str) -> Window | None:
    """Read a window."""
    try:
        return mapping.window(WindowRow.get(number, consistent_read=True))
    except DoesNotExist:
        return None


def save(window: Window, change: Change | None = None) -> bool:
    """Write a checked window in place of the version it was made from, or a new one; False where that is gone."""
    try:
        with TransactWrite(connection=connection()) as together:
            row = mapping.window_row(replace(window, version=window.version + 1))
            together.save(row, condition=as_read(WindowRow, window.version))
            audit.add(together, change)
    except TransactWriteError as error:
        failed_conditions(error)
        return False
    return True


def remove(window: Window, change: Change | None = None) -> bool:
    """Remove a window; False where it has changed meanwhile."""
    try:
        with TransactWrite(connection=connection()) as together:
            together.delete(WindowRow(window.id), condition=as_read(WindowRow, window.version))
            audit.add(together, change)
    except TransactWriteError as error:
        failed_conditions(error)
        return False
    return True
