"""How a channel fares by what its service answers: when it is tried again, and when it counts as broken."""

from dataclasses import replace
from typing import Final

from mxtrax.errors import Refused
from mxtrax.model import HOUR, MINUTE, SECOND, ChannelState, Millis
from mxtrax.rules.should_be import shown

MAX_NAME: Final = 60

LONGEST: Final = 15 * MINUTE
"""How long a channel is left alone at most that may recover by itself, also where the service asks for more."""

WHEN_REFUSED: Final = HOUR
"""How long it is left alone where the service says no: a key was revoked, a channel is gone. Somebody has to look."""

BROKEN_AFTER: Final = 5
"""Tries in a row that may fail, over a quarter of an hour, before people are told by the other channels."""


def check_name(text: str) -> str:
    """Check what people call a channel."""
    name = text.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise Refused("name", f"name: {shown(text)} should be 1 to {MAX_NAME} printable characters.")
    return name


def took(state: ChannelState, now: Millis) -> ChannelState:
    """Give a channel's state after it has taken a notice."""
    return replace(state, last_ok=now, failing_since=None, problem="", tries=0, not_before=0)


def failed(state: ChannelState, now: Millis, problem: str, wait: float | None = None) -> ChannelState:
    """Give its state after a try that may pass the next time: left alone for 1, 2, 4 ... 15 min, or as it asks (in s)."""
    tries = state.tries + 1
    pause = min(MINUTE << min(tries - 1, 10), LONGEST)
    if wait is not None:
        pause = min(max(round(wait * SECOND), SECOND), LONGEST)
    return _failing(state, now, problem, tries, now + pause)


def refused(state: ChannelState, now: Millis, problem: str) -> ChannelState:
    """Give its state after the service has said no."""
    return _failing(state, now, problem, max(state.tries + 1, BROKEN_AFTER), now + WHEN_REFUSED)


def broken(state: ChannelState) -> bool:
    """Tell whether people are to be told that it does not work."""
    return state.tries >= BROKEN_AFTER


def _failing(state: ChannelState, now: Millis, problem: str, tries: int, again: Millis) -> ChannelState:
    return replace(state, failing_since=state.failing_since or now, problem=problem, tries=tries, not_before=again)
