"""Which domains are not set up after a long time: none of their tests has ever come back, and no alert says so."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Final

from mxtrax.model import DAY, SECOND, MailDomain, Millis, State
from mxtrax.rules.selfcheck import Watched

PATIENCE: Final = 3 * DAY
"""How long a domain may be in set-up before the note lists it."""

NOTE_HOUR: Final = 8
"""The hour at which the daily note goes out, in the zone of the settings."""


def overdue(fleet: Iterable[Watched], now: Millis, since: Millis) -> list[MailDomain]:
    """Give the domains that should have been set up by now, oldest first.

    A domain without a date counts as added at `since`.
    """
    waiting = [
        seen.domain
        for seen in fleet
        if seen.health.state is State.SETUP and not seen.domain.maintmode and not seen.domain.control
        if now - (seen.domain.added or since) >= PATIENCE
    ]
    return sorted(waiting, key=lambda domain: (domain.added, domain.id))


def last_note(now: Millis, zone: tzinfo) -> Millis:
    """Give the latest moment at which a daily note was due."""
    local = datetime.fromtimestamp(now / SECOND, zone)
    due = local.replace(hour=NOTE_HOUR, minute=0, second=0, microsecond=0, fold=0)
    if due > local:
        due -= timedelta(days=1)
    return round(due.timestamp()) * SECOND
