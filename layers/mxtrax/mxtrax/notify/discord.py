"""Discord, by a channel's webhook."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mxtrax.model import ChannelConfig, ChannelKind, Millis, Severity
from mxtrax.notify.cutting import body, cut, heading, utf16
from mxtrax.notify.service import JSON, Post, Service, as_json, secret_url
from mxtrax.report.brief import Brief

TITLE: Final = 256
DESCRIPTION: Final = 4_096
"""Characters of an embed's title and description, as JavaScript counts."""

_MARKUP: Final = re.compile(r"([\\`*_~|>\[\]()<#@:-])")
_GREEN: Final = 0x2E7D32
_COLOURS: Final = {Severity.DOWN: 0xC62828, Severity.SLOW: 0xEF6C00, Severity.SETUP: 0x546E7A, Severity.OURS: 0x6A1B9A}


def payload(briefs: Sequence[Brief]) -> dict[str, Any]:
    """Put notices into an embed; nothing in a stranger's words is markup, and nobody is mentioned."""
    first = briefs[0]
    embed: dict[str, Any] = {
        "title": cut(heading(briefs), TITLE, utf16),
        "description": cut("\n".join(_MARKUP.sub(r"\\\1", it) for it in body(briefs)), DESCRIPTION, utf16),
        "color": _GREEN if first.over else _COLOURS[first.severity],
    }
    if first.link:
        embed["url"] = first.link
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def post(channel: ChannelConfig, secret: Mapping[str, str], briefs: Sequence[Brief], now: Millis) -> Post:  # noqa: ARG001
    """Post one message of all notices, and wait until it is there."""
    url = secret["url"]
    return Post(f"{url}{'&' if '?' in url else '?'}wait=true", as_json(payload(briefs)), JSON)


DISCORD: Final = Service(
    kind=ChannelKind.DISCORD,
    title="Discord",
    fields=(
        secret_url(
            "A webhook of a channel, such as https://discord.com/api/webhooks/1/XXXX.",
            ("discord.com", "discordapp.com"),
        ),
    ),
    posts=post,
)
