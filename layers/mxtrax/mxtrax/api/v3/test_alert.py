"""A test alert: a rehearsal through every channel."""

from dataclasses import dataclass
from typing import Final

from mxtrax.admin import test_alert
from mxtrax.admin.test_alert import Taken
from mxtrax.api import edits
from mxtrax.api.routing import Call, Subject
from mxtrax.store import audit

subject: Final = Subject("By hand")


@dataclass(frozen=True, kw_only=True)
class Channels:
    """What became of the notices in each channel."""

    channels: tuple[Taken, ...]


@dataclass(frozen=True, kw_only=True)
class Sent(Channels):
    """Whether every channel took them."""

    taken: bool


@subject.route("POST /api/v3/test-alert", gives=Sent)
def send(call: Call) -> Sent:
    """Send a simulated failure and its recovery through every channel, and give what became of each."""
    channels = tuple(test_alert.send(call.now, call.settings))
    audit.note(edits.of(call, "alert.test", "alerts", None, Channels(channels=channels)))
    return Sent(taken=bool(channels) and not any(it.problem for it in channels), channels=channels)
