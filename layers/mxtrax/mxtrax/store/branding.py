"""Branding: a record of its own beside the settings, which public pages read alone."""

from dataclasses import asdict

from mxtrax.model import Branding, Change
from mxtrax.store.config import record, save_record

_BRANDING = "branding"


def load() -> Branding:
    """Read the branding; an empty one if none was ever saved."""
    known = record(_BRANDING)
    return Branding(**known.values, version=known.version) if known else Branding()


def save(after: Branding, change: Change) -> bool:
    """Replace the version that checked branding was made from; False if somebody was quicker."""
    values = {name: value for name, value in asdict(after).items() if name != "version"}
    return save_record(_BRANDING, values, after.version, change)
