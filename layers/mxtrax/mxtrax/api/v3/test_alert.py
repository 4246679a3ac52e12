"""A test alert, through every channel."""

from typing import Final

from mxtrax.admin import test_alert
from mxtrax.admin.test_alert import Taken
from mxtrax.api.routing import Request, Router
from mxtrax.frozen import dataclass

router: Final = Router("By hand")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """The result of the notices in each channel, and whether every channel accepted them."""

    channels: tuple[Taken, ...]
    taken: bool


@router.route("POST /api/v3/test-alert", "sendTestAlert", gives=Sent)
def send(request: Request) -> Sent:
    """Send a simulated failure and its recovery through every channel, and give each result."""
    channels = tuple(
        test_alert.order(request.caller, request.now, lambda: test_alert.send(request.now, request.settings))
    )
    return Sent(taken=bool(channels) and not any(it.problem for it in channels), channels=channels)
