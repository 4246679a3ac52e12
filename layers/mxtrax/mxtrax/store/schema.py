"""The layout of the tables: a record beside the settings, which replaces the version that it was made from."""

from mxtrax.model import Change, Schema
from mxtrax.store import audit
from mxtrax.store.reading import row_of
from mxtrax.store.tables import ConfigRow
from mxtrax.store.writes import as_read

_SCHEMA = "schema"


def load() -> Schema:
    """Read how the tables are laid out; version 0 if nobody has noted it yet."""
    row = row_of(ConfigRow, _SCHEMA)
    if row is None:
        return Schema()
    return Schema(version=row.settings["version"], mark=row.settings["mark"], rev=int(row.version))


def save(after: Schema, change: Change | None = None) -> Schema | None:
    """Replace the version that it was made from, with its audit entry; None if somebody was quicker."""
    row = ConfigRow(_SCHEMA, settings={"version": after.version, "mark": after.mark}, version=after.rev + 1)
    there = as_read(ConfigRow, after.rev)
    if audit.written(lambda together: together.save(row, condition=there), change):
        return Schema(version=after.version, mark=after.mark, rev=after.rev + 1)
    return None
