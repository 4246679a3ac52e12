"""Whose sessions were ended: a token that was issued before that moment is no longer valid.

API Gateway accepts a token until it expires, whatever has happened to its owner since; so the moments of the last hour
are kept, in one record.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from mxtrax.errors import TryAgain
from mxtrax.model import HOUR, MINUTE, Millis
from mxtrax.store.config import record, save_record

_ALL: Final = "sessions"
_TRIES: Final = 5

LONGEST: Final = HOUR + 5 * MINUTE
"""How long a token is valid: an hour (template.yaml), and some time for clocks that differ."""


def ended() -> Mapping[str, Millis]:
    """Give when the sessions of somebody were ended, by name in lower case."""
    known = record(_ALL)
    return {name: int(at) for name, at in known.values["ended"].items()} if known else {}


def end(names: Iterable[str], now: Millis) -> None:
    """End the sessions of some people: their tokens until now are invalid."""
    them = dict.fromkeys((name.lower() for name in names), now)
    if not them:
        return
    for _ in range(_TRIES):
        known = record(_ALL)
        before = known.values["ended"] if known else {}
        after = {name: int(at) for name, at in before.items() if at > now - LONGEST} | them
        if save_record(_ALL, {"ended": after}, known.version if known else 0, None):
            return
    raise TryAgain("Somebody else ended sessions at the same moment.")
