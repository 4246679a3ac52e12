"""The settings: one record, saved in place of the version that it was made from."""

from dataclasses import asdict, replace

from pynamodb.exceptions import DoesNotExist
from pynamodb.transactions import TransactWrite

from mxtrax.errors import Refused
from mxtrax.model import Config, Published
from mxtrax.store import audit, mapping
from mxtrax.store.tables import ConfigRow
from mxtrax.store.writes import as_read

_SETTINGS = "settings"
_PUBLISHED = "published"


def load_config(initial: Config) -> Config:
    """Read the settings; the initial ones where none were ever saved."""
    try:
        row = ConfigRow.get(_SETTINGS, consistent_read=True)
    except DoesNotExist:
        return initial
    return mapping.config(row.settings, int(row.version))


def save_config(config: Config) -> Config:
    """Save checked settings in place of the version they were made from. Raises Refused where somebody was quicker."""
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
    """Read what of the settings public pages go by: it stands in a record of its own, since they may read no other."""
    try:
        row = ConfigRow.get(_PUBLISHED, consistent_read=True)
    except DoesNotExist:
        return Published()
    return Published(**row.settings)
