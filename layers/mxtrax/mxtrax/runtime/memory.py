"""What a worker keeps from one event to the next, and the one way to let go of all of it.

A module that keeps something that depends on the surroundings says so here. So a process that changes its
surroundings, as a test, a measurement and the command line do, has to know of nobody's memory by name.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, cast

_ALL: Final[list[Callable[[], None]]] = []


def forgets(forget: Callable[[], None]) -> None:
    """Say how something that a module keeps is let go of."""
    _ALL.append(forget)


def kept[F: Callable[..., Any]](function: F) -> F:
    """Keep what a function gives, for each of its arguments, for the life of a worker."""
    keeps = cache(function)
    forgets(keeps.cache_clear)
    return cast("F", keeps)


def reset() -> None:
    """Forget everything, as a new worker has not learnt it yet; the next call learns it in the surroundings of then."""
    for forget in _ALL:
        forget()
