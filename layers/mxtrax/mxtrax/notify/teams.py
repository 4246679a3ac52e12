"""Microsoft Teams, by a workflow ("Post to a channel when a webhook request is received").

It answers 202 before it has looked at the message, which does not say whether anybody sees it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mxtrax.model import ChannelConfig, ChannelKind, Millis, Severity
from mxtrax.notify.cutting import body, cut, heading, links
from mxtrax.notify.service import JSON, Post, Service, as_json, secret_url
from mxtrax.report.brief import Brief

MOST: Final = 28_000
"""Bytes of a message; Teams takes 28 KB."""

LINE: Final = 2_000
LINES: Final = 40

_COLOURS: Final = {Severity.DOWN: "Attention", Severity.SLOW: "Warning"}


def payload(briefs: Sequence[Brief]) -> dict[str, Any]:
    """Put notices into an Adaptive Card of text runs, which know no markup: a TextBlock would take a stranger's links."""
    whole = _message(briefs, LINES, LINE)
    for lines, line in ((20, 1_000), (10, 500), (4, 200)):
        if len(as_json(whole)) <= MOST:
            break
        whole = _message(briefs, lines, line)
    return whole


def _message(briefs: Sequence[Brief], lines: int, line: int) -> dict[str, Any]:
    first, said = briefs[0], body(briefs)
    kept = [*said[: lines - 1], f"and {len(said) - lines + 1} more"] if len(said) > lines else said
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": cut(heading(briefs), 200),
        "body": [
            _run(
                heading(briefs),
                line,
                weight="Bolder",
                color="Good" if first.over else _COLOURS.get(first.severity, "Default"),
            ),
            *(_run(it, line) for it in kept),
        ],
    }
    if buttons := links(briefs):
        card["actions"] = [{"type": "Action.OpenUrl", "title": words, "url": url} for words, url in buttons]
    content_type = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": content_type, "contentUrl": None, "content": card}]}


def _run(text: str, most: int, **style: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": cut(text, most) or "-", **style}]}


def post(channel: ChannelConfig, secret: Mapping[str, str], briefs: Sequence[Brief], now: Millis) -> Post:  # noqa: ARG001
    """Post one card of all notices."""
    return Post(secret["url"], as_json(payload(briefs)), JSON)


TEAMS: Final = Service(
    kind=ChannelKind.TEAMS,
    title="Microsoft Teams",
    fields=(
        secret_url(
            "The URL of a workflow that posts to a channel when a webhook request is received.",
            (".logic.azure.com", ".api.powerplatform.com", ".logic.azure.us", ".api.powerplatform.us"),
        ),
    ),
    posts=post,
    confirms=False,
)
