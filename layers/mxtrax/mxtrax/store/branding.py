"""Branding: a record of its own beside the settings, which public pages read alone."""

from dataclasses import asdict

from pynamodb.exceptions import DoesNotExist

from mxtrax.model import Branding, Change
from mxtrax.store import audit
from mxtrax.store.tables import ConfigRow
from mxtrax.store.writes import as_read

_BRANDING = "branding"


def load() -> Branding:
    """Read the branding; that of nobody where none was ever saved."""
    try:
        row = ConfigRow.get(_BRANDING, consistent_read=True)
    except DoesNotExist:
        return Branding()
    return Branding(**row.settings, version=int(row.version))


def save(after: Branding, change: Change) -> bool:
    """Write checked branding in place of the version that it was made from; False where somebody was quicker."""
    values = {name: value for name, value in asdict(after).items() if name != "version"}
    row = ConfigRow(_BRANDING, settings=values, version=after.version + 1)
    there = as_read(ConfigRow, after.version)
    return audit.written(lambda together: together.save(row, condition=there), change)
