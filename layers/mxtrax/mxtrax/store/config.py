"""The table of records that people save as a whole: each replaces the version that it was made from."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from pynamodb.transactions import TransactWrite

from mxtrax.errors import Refused
from mxtrax.frozen import dataclass
from mxtrax.model import Change, Config, Published
from mxtrax.store import audit, mapping
from mxtrax.store.reading import row_of
from mxtrax.store.tables import ConfigRow
from mxtrax.store.writes import as_read

_SETTINGS = "settings"
_PUBLISHED = "published"


def load_config(initial: Config) -> Config:
    """Read the settings; the initial ones if none were ever saved."""
    known = record(_SETTINGS)
    return mapping.config(known.values, known.version) if known else initial


def save_config(config: Config) -> Config:
    """Replace the version that checked settings were made from. Raises Refused if somebody was quicker."""
    after = replace(config, version=config.version + 1)
    row = ConfigRow(_SETTINGS, settings=mapping.config_settings(config), version=after.version)
    shown = Published(timezone=config.timezone, target_percent=config.target_percent)
    beside = ConfigRow(_PUBLISHED, settings=asdict(shown), version=after.version)

    def write(together: TransactWrite) -> None:
        together.save(row, condition=as_read(ConfigRow, config.version))
        together.save(beside)

    if not audit.written(write, None):
        raise Refused("version", "The settings were changed meanwhile; look at them again, then save.")
    return after


def published() -> Published:
    """Read the settings that public pages use, in a record of their own, since they may read no other."""
    known = record(_PUBLISHED)
    return Published(**known.values) if known else Published()


class Record(NamedTuple):
    """A record's content, and the version that was read."""

    values: dict[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class Kept[It]:
    """All things that are kept in one record, and the version that they were read in."""

    them: tuple[It, ...] = ()
    version: int = 0


def record(name: str) -> Record | None:
    """Read a record; None if it was never saved."""
    row = row_of(ConfigRow, name)
    return Record(row.settings, int(row.version)) if row else None


def save_record(
    name: str,
    values: Mapping[str, Any],
    seen: int,
    change: Change | None,
    *,
    beside: Callable[[TransactWrite], object] = lambda _: None,
) -> bool:
    """Replace the version of a record that was read, with its audit entry and any other conditions and writes.

    False if somebody was quicker.
    """
    row = ConfigRow(name, settings=dict(values), version=seen + 1)

    def write(together: TransactWrite) -> None:
        together.save(row, condition=as_read(ConfigRow, seen))
        beside(together)

    return audit.written(write, change)
