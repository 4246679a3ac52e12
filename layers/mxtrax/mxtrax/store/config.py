"""The settings: one record, saved in place of the version that it was made from."""

from dataclasses import replace

from pynamodb.exceptions import DoesNotExist, PutError

from mxtrax.errors import Refused
from mxtrax.model import Config
from mxtrax.store import mapping
from mxtrax.store.tables import ConfigRow
from mxtrax.store.writes import lost

_SETTINGS = "settings"


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
    try:
        row.save(condition=(ConfigRow.version == config.version) if config.version else ConfigRow.id.does_not_exist())
    except PutError as error:
        if lost(error):
            raise Refused("version", "The settings were changed meanwhile; look at them again, then save.") from error
        raise
    return after
