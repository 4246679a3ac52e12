"""What a worker keeps between events, and the one way to forget all of it.

A module that keeps something that depends on the environment registers it here. So a process that changes its
environment, as tests, measurements and the command line do, need not know each module's memory by name.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, cast

_ALL: Final[list[Callable[[], None]]] = []


def forgets(forget: Callable[[], None]) -> None:
    """Register how something that a module keeps is forgotten."""
    _ALL.append(forget)


def kept[F: Callable[..., Any]](function: F) -> F:
    """Keep what a function gives, for each of its arguments, for the life of a worker."""
    keeps = cache(function)
    forgets(keeps.cache_clear)
    return cast("F", keeps)


def reset() -> None:
    """Forget everything, like a new worker; the next call reads it again from its environment."""
    for forget in _ALL:
        forget()
