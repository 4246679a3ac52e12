"""Pushover, for phones."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mxtrax.model import ChannelConfig, ChannelKind, Millis, Severity
from mxtrax.notify.cutting import body, cut, heading, utf8
from mxtrax.notify.service import JSON, Field, Post, Service, as_json
from mxtrax.report.brief import Brief

MESSAGE: Final = 1_024
TITLE: Final = 250
URL: Final = 512
"""What Pushover takes, counted in bytes to be safe."""

_PRIORITIES: Final = {Severity.DOWN: 1, Severity.SLOW: 0, Severity.SETUP: -1, Severity.OURS: 0}


def payload(secret: Mapping[str, str], briefs: Sequence[Brief]) -> dict[str, Any]:
    """Put notices for a phone: high priority for what is down, quiet for what is over."""
    first = briefs[0]
    message: dict[str, Any] = {
        "token": secret["token"],
        "user": secret["user"],
        "title": cut(heading(briefs), TITLE, utf8),
        "message": cut("\n".join(body(briefs)), MESSAGE, utf8),
        "priority": -1 if first.over else _PRIORITIES[first.severity],
    }
    if first.link and len(first.link) <= URL:
        message |= {"url": first.link, "url_title": "Open in MXTRAX"}
    return message


def post(channel: ChannelConfig, secret: Mapping[str, str], briefs: Sequence[Brief], now: Millis) -> Post:  # noqa: ARG001
    """Post one message of all notices."""
    return Post("https://api.pushover.net/1/messages.json", as_json(payload(secret, briefs)), JSON)


PUSHOVER: Final = Service(
    kind=ChannelKind.PUSHOVER,
    title="Pushover",
    fields=(
        Field(name="token", note="The application's token: 30 characters.", secret=True, pattern="[A-Za-z0-9]{30}"),
        Field(
            name="user",
            note="The key of a user or group: 30 characters.",
            secret=True,
            pattern="[A-Za-z0-9]{30}",
        ),
    ),
    posts=post,
)
