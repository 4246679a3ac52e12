"""ntfy, the public server or one's own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mxtrax.model import ChannelConfig, ChannelKind, Millis, Severity
from mxtrax.notify.cutting import body, cut, heading, utf8
from mxtrax.notify.service import JSON, Field, Post, Service, as_json
from mxtrax.report.brief import Brief

MESSAGE: Final = 4_000
TITLE: Final = 250
"""Bytes of a message and of its title; ntfy makes an attachment of what is longer than 4,096."""

_PRIORITIES: Final = {Severity.DOWN: 5, Severity.SLOW: 4, Severity.SETUP: 3, Severity.OURS: 4}


def payload(topic: str, briefs: Sequence[Brief]) -> dict[str, Any]:
    """Put notices for a phone; a recovery makes no noise."""
    first = briefs[0]
    message: dict[str, Any] = {
        "topic": topic,
        "title": cut(heading(briefs), TITLE, utf8),
        "message": cut("\n".join(body(briefs)), MESSAGE, utf8),
        "priority": 2 if first.over else _PRIORITIES[first.severity],
        "tags": ["white_check_mark" if first.over else "warning"],
    }
    if first.link:
        message["click"] = first.link
    return message


def post(channel: ChannelConfig, secret: Mapping[str, str], briefs: Sequence[Brief], now: Millis) -> Post:  # noqa: ARG001
    """Publish one message of all notices."""
    token = secret["token"]
    headers = {**JSON, "Authorization": f"Bearer {token}"} if token != OPEN else JSON
    return Post(channel.settings["server"], as_json(payload(secret["topic"], briefs)), headers)


OPEN: Final = "none"
"""Used instead of a token if the topic needs none."""

NTFY: Final = Service(
    kind=ChannelKind.NTFY,
    title="ntfy",
    fields=(
        Field(name="server", note="Its URL, such as https://ntfy.sh.", hosts=(), default="https://ntfy.sh"),
        Field(
            name="topic",
            note="The topic; on the public server anybody who knows it can read the messages.",
            secret=True,
            pattern=r"[\w-]{1,64}",
        ),
        Field(
            name="token",
            note="An access token (tk_...), or none.",
            secret=True,
            pattern=r"none|tk_[a-z0-9]{29}",
            default=OPEN,
        ),
    ),
    posts=post,
)
