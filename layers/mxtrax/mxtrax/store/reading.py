"""One row by its key, as it is at this moment."""

from pynamodb.exceptions import DoesNotExist
from pynamodb.models import Model


def row_of[Row: Model](table: type[Row], key: str) -> Row | None:
    """Read a row; None if there is none."""
    try:
        return table.get(key, consistent_read=True)
    except DoesNotExist:
        return None
