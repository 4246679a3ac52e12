"""Telegram, by a bot. Its token is in the URL's path, so the path is never mentioned."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mxtrax.model import ChannelConfig, ChannelKind, Millis
from mxtrax.notify.cutting import body, cut, heading, utf16
from mxtrax.notify.service import JSON, Field, Post, Service, as_json
from mxtrax.report.brief import Brief

MOST: Final = 4_096
"""Characters of a message, as JavaScript counts."""


def payload(chat: str, briefs: Sequence[Brief]) -> dict[str, Any]:
    """Put notices into plain text, without markup of any kind."""
    lines = [heading(briefs), "", *body(briefs)]
    tail = f"\n{briefs[0].link}" if briefs[0].link else ""
    text = cut("\n".join(lines), MOST - utf16(tail), utf16) + tail
    return {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}


def post(channel: ChannelConfig, secret: Mapping[str, str], briefs: Sequence[Brief], now: Millis) -> Post:  # noqa: ARG001
    """Post one message of all notices."""
    url = f"https://api.telegram.org/bot{secret['token']}/sendMessage"
    return Post(url, as_json(payload(channel.settings["chat"], briefs)), JSON)


TELEGRAM: Final = Service(
    kind=ChannelKind.TELEGRAM,
    title="Telegram",
    fields=(
        Field(
            name="token", note="The bot's token, as BotFather gives it.", secret=True, pattern=r"\d{6,12}:[\w-]{30,50}"
        ),
        Field(name="chat", note="The chat's number, or the @name of a channel.", pattern=r"-?\d{1,20}|@\w{3,40}"),
    ),
    posts=post,
)
