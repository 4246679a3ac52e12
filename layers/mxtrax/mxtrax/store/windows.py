"""Maintenance windows."""

from pynamodb.exceptions import DoesNotExist

from mxtrax.model import Window
from mxtrax.store import shapes
from mxtrax.store.rows import WindowRow


def everything() -> list[Window]:
    """Read all windows. They are few: each run of aggregate and alert reads them anew."""
    return [shapes.window(row) for row in WindowRow.scan()]


def get(number: str) -> Window | None:
    """Read a window."""
    try:
        return shapes.window(WindowRow.get(number))
    except DoesNotExist:
        return None


def save(window: Window) -> None:
    """Write a checked window over the one of the same id."""
    shapes.window_row(window).save()


def remove(number: str) -> None:
    """Remove a window; one that is not there is gone already."""
    WindowRow(number).delete()
