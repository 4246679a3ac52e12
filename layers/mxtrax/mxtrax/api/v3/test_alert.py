"""A test alert, through every channel."""

from dataclasses import dataclass
from typing import Final

from mxtrax.admin import test_alert
from mxtrax.admin.test_alert import Taken
from mxtrax.api import edits
from mxtrax.api.routing import Request, Router
from mxtrax.store import audit

router: Final = Router("On demand")


@dataclass(frozen=True, kw_only=True)
class Channels:
    """What became of the notices in each channel."""

    channels: tuple[Taken, ...]


@dataclass(frozen=True, kw_only=True)
class Sent(Channels):
    """Whether every channel took them."""

    taken: bool


@router.route("POST /api/v3/test-alert", gives=Sent)
def send(request: Request) -> Sent:
    """Send a simulated failure and its recovery through every channel, and give what became of each."""
    channels = tuple(test_alert.send(request.now, request.settings))
    audit.note(edits.audit_entry(request, "alert.test", "alerts", None, Channels(channels=channels)))
    return Sent(taken=bool(channels) and not any(it.problem for it in channels), channels=channels)
