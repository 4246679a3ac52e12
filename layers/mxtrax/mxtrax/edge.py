"""The edge of a function: what is read of the world, once for each call.

A function imports this first. What is imported never becomes garbage, so nobody looks for any among it: neither now, which
would take a tenth of a cold start, nor in a call.
"""

import gc

gc.disable()

import time
from collections.abc import Callable
from typing import Any

from mxtrax.model import Millis
from mxtrax.runtime.environment import Settings, from_environment
from mxtrax.runtime.memory import kept
from mxtrax.store.tables import connect

gc.freeze()
gc.enable()


@kept
def settings() -> Settings:
    """Read the settings and say which tables are meant, on a worker's first call."""
    read = from_environment()
    connect(read.tables)
    return read


def clock() -> Millis:
    """Read the clock."""
    return time.time_ns() // 1_000_000


def has_left(context: Any, enough: int) -> Callable[[], bool]:  # noqa: ANN401 -- the runtime's own
    """Say, whenever it is asked, whether more than so many milliseconds of the call are left."""
    return lambda: bool(context.get_remaining_time_in_millis() > enough)
