"""A customer is removed with its people's access, its windows and its channels: who is given its code has none of them.

Its incidents stay, marked as a removed customer's, and so do the days of its domains.
"""

from contextlib import suppress
from typing import Final

from mxtrax.admin import channels, customers, windows
from mxtrax.admin.actor import Actor
from mxtrax.aws import user_pool
from mxtrax.errors import Changed, Missing, TryAgain
from mxtrax.model import Millis, Scope
from mxtrax.runtime.environment import Settings
from mxtrax.store import channels as stored_channels
from mxtrax.store import customers as stored
from mxtrax.store import incidents, rollups, sessions
from mxtrax.store import windows as stored_windows

TRIES: Final = 5
"""How often what is its own is looked for, while somebody else changes windows and channels."""


def remove(actor: Actor, now: Millis, settings: Settings, codename: str, *, seen: int | None = None) -> list[str]:
    """Remove a customer that has no domains any more, and give the names of those who were bound to it.

    They have no access from then on. What is cut short is taken up by the next removal where it was left.
    """
    bound = customers.end(actor, now, settings, codename, seen=seen)
    sessions.end(bound, now)  # first, or a removal that is cut short leaves their tokens good
    user_pool.end_customer(settings.user_pool, codename)
    _remove_its_own(actor, now, settings, codename)
    incidents.leave_customer(codename)
    rollups.remove(rollups.of_customer(codename))
    stored.remove(codename)
    return bound


def _remove_its_own(actor: Actor, now: Millis, settings: Settings, codename: str) -> None:
    """Remove what is for a customer alone. None comes again: it is ending."""
    for _ in range(TRIES):
        quiet = [
            it.id
            for it in stored_windows.everything(consistent=True)
            if it.scope is Scope.CUSTOMER and it.target == codename
        ]
        told = [it.id for it in stored_channels.load().them if it.customer == codename]
        if not quiet and not told:
            return
        with suppress(Missing, Changed):  # somebody was quicker; what is left is looked for once more
            for number in quiet:
                windows.remove(actor, now, number)
            for number in told:
                channels.remove(actor, now, settings, number)
    raise TryAgain("Somebody else changes windows and channels all the time; try again.")
