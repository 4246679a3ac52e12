"""Slack, by an incoming webhook. It gives no id back, so that messages cannot be threaded or changed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mxtrax.model import ChannelConfig, ChannelKind, Millis
from mxtrax.notify.cutting import body, cut, heading, links
from mxtrax.notify.service import JSON, Post, Service, as_json, secret_url
from mxtrax.report.brief import Brief

HEADER: Final = 150
SECTION: Final = 3_000
TEXT: Final = 4_000
"""Characters that Slack takes: of a header block, a section block, and of the text that a notification shows."""


def payload(briefs: Sequence[Brief]) -> dict[str, Any]:
    """Put notices into blocks of plain text: nothing in a stranger's words is markup, a mention or a link with a name."""
    title = heading(briefs)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(title, HEADER)},
        {"type": "section", "text": _plain("\n".join(body(briefs)), SECTION)},
    ]
    if buttons := [_button(words, url) for words, url in links(briefs)]:
        blocks.append({"type": "actions", "elements": buttons})
    return {"text": cut(_escaped(title), TEXT), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def post(channel: ChannelConfig, secret: Mapping[str, str], briefs: Sequence[Brief], now: Millis) -> Post:  # noqa: ARG001
    """Post one message of all notices."""
    return Post(secret["url"], as_json(payload(briefs)), JSON)


def _button(words: str, url: str) -> dict[str, Any]:
    return {"type": "button", "text": _plain(words, 75), "url": url[:3_000]}


def _plain(text: str, most: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": cut(text, most) or "-", "emoji": False}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


SLACK: Final = Service(
    kind=ChannelKind.SLACK,
    title="Slack",
    fields=(
        secret_url(
            "An incoming webhook, such as https://hooks.slack.com/services/T000/B000/XXXX.",
            ("hooks.slack.com", "hooks.slack-gov.com"),
        ),
    ),
    posts=post,
)
