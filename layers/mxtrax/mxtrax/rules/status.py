"""How urgently a domain wants to be looked at: one number, so that an index can hold the fleet with the worst first.

A rank is a place and, within it, what changed last comes first.
"""

from enum import IntEnum
from typing import Final

from mxtrax.model import DomainHealth, State

_STEP: Final = 10**13
"""Ranks of one place: more than there are milliseconds until the year 2286."""


class Place(IntEnum):
    """Where a domain stands among the others, the worst first. SUSPECT: not failing, but tested more often after a miss."""

    FAILING = 0
    SUSPECT = 1
    NEW = 2
    OK = 3
    MAINTENANCE = 4


PLACES: Final = {place.name.lower(): place for place in Place}
"""The places by the words that people use."""


def rank(health: DomainHealth, *, maintmode: bool) -> int:
    """Give a domain's rank; the lowest wants to be looked at first."""
    return place(health, maintmode=maintmode) * _STEP + max(0, _STEP - 1 - health.since)


def place(health: DomainHealth, *, maintmode: bool) -> Place:
    """Give a domain's place."""
    if maintmode:
        return Place.MAINTENANCE
    match health.state:
        case State.FAILING:
            return Place.FAILING
        case State.NEW:
            return Place.NEW
        case State.OK:
            return Place.SUSPECT if health.retest else Place.OK


def new(*, maintmode: bool = False) -> int:
    """Give the rank of a domain that nothing is known of."""
    return rank(DomainHealth(maildomain=""), maintmode=maintmode)


def span(wanted: Place) -> tuple[int, int]:
    """Give the lowest and the highest rank of a place."""
    return wanted * _STEP, (wanted + 1) * _STEP - 1


def name(number: int) -> str:
    """Name the place that a rank stands for."""
    return Place(number // _STEP).name.lower()
