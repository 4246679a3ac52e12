"""A channel's state, from its service's answers: when it is tried again, and when it counts as broken."""

from dataclasses import replace
from typing import Final

from mxtrax.errors import Refused
from mxtrax.model import HOUR, MINUTE, SECOND, ChannelState, Millis
from mxtrax.rules.should_be import shown

MAX_NAME: Final = 60

LONGEST: Final = 15 * MINUTE
"""How long we back off at most from a channel that may recover by itself, even if its service asks for more."""

WHEN_REFUSED: Final = HOUR
"""How long we back off if the service says no: a key was revoked, or a channel is gone, and somebody must fix it."""

BROKEN_AFTER: Final = 5
"""Failed attempts in a row, over a quarter of an hour, before people are notified through the other channels."""


def check_name(text: str) -> str:
    """Check what people call a channel."""
    name = text.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise Refused("name", f"name: {shown(text)} should be 1 to {MAX_NAME} printable characters.")
    return name


def took(state: ChannelState, now: Millis) -> ChannelState:
    """Give a channel's state after it has accepted a notice."""
    return replace(state, last_ok=now, failing_since=None, problem="", tries=0, not_before=0)


def failed(state: ChannelState, now: Millis, problem: str, wait: float | None = None) -> ChannelState:
    """Give its state after a temporary failure: back off for 1, 2, 4 ... 15 min, or as long as it asks (in s)."""
    tries = state.tries + 1
    pause = min(MINUTE << min(tries - 1, 10), LONGEST)
    if wait is not None:
        pause = min(max(round(wait * SECOND), SECOND), LONGEST)
    return _failing(state, now, problem, tries, now + pause)


def refused(state: ChannelState, now: Millis, problem: str) -> ChannelState:
    """Give its state after the service has said no."""
    return _failing(state, now, problem, max(state.tries + 1, BROKEN_AFTER), now + WHEN_REFUSED)


def broken(state: ChannelState) -> bool:
    """Say whether to notify people that it does not work."""
    return state.tries >= BROKEN_AFTER


def _failing(state: ChannelState, now: Millis, problem: str, tries: int, again: Millis) -> ChannelState:
    return replace(state, failing_since=state.failing_since or now, problem=problem, tries=tries, not_before=again)
