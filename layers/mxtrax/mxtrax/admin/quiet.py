"""Quiet for a while: a maintenance window that begins now and ends by itself."""

from datetime import datetime
from typing import Final

from mxtrax.admin import windows
from mxtrax.admin.actor import Actor
from mxtrax.errors import Refused
from mxtrax.model import DAY, MINUTE, SECOND, Millis, Scope, Window
from mxtrax.rules.windows import is_quiet

LONGEST: Final = 31 * DAY
"""How long it may be quiet; anything longer needs a planned window, with its reason."""


def begin(actor: Actor, now: Millis, scope: Scope, target: str, until: Millis, note: str = "") -> Window:
    """Mute a domain, a customer or everything from now on: tests go on, and nobody is notified."""
    if not now < until <= now + LONGEST:
        raise Refused("until", f"until: this should be in the future, at most {LONGEST // DAY} days ahead.")
    end = -(-until // MINUTE) * MINUTE
    return windows.add(
        actor,
        now,
        Window(
            id="", scope=scope, target=target, start=_wall(now), end=_wall(end), note=note or f"Quiet, {actor.name}"
        ),
    )


def end(actor: Actor, now: Millis, number: str) -> Window:
    """End a window that is on, now. What fell into it stays apart in the figures; a weekly one comes again, so it stays."""
    found = windows.known(number)
    if found.weekly:
        raise Refused("window", "window: this one repeats every week; change it in the list of maintenance windows.")
    if not is_quiet(found, now):
        raise Refused("window", "window: it is not open now.")
    ended = _wall(now, found.zone)
    if ended <= found.start:
        return windows.remove(actor, now, number)
    return windows.change(actor, now, number, {"end": ended})


def _wall(at: Millis, zone: str = "UTC") -> str:
    """Give the local time, to the minute that has begun."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- who only looks at the page needs none

    return datetime.fromtimestamp(at // SECOND, ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="minutes")
