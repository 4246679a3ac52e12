"""Jira Service Management Operations, and Opsgenie while it lasts (to April 2027): the same calls at another address."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from mxtrax.model import ChannelConfig, ChannelKind, Millis, Severity
from mxtrax.notify.cutting import body, cut, links
from mxtrax.notify.service import JSON, Field, Post, Service, as_json
from mxtrax.report.brief import Brief

MESSAGE: Final = 130
ALIAS: Final = 512
DESCRIPTION: Final = 15_000
TAG: Final = 50
"""Characters of an alert's message, alias, description and of each tag."""

BASES: Final = {
    "jsm": "https://api.atlassian.com/jsm/ops/integration",
    "opsgenie": "https://api.opsgenie.com",
    "opsgenie-eu": "https://api.eu.opsgenie.com",
}
_PRIORITIES: Final = {Severity.DOWN: "P1", Severity.SLOW: "P3", Severity.SETUP: "P4", Severity.OURS: "P2"}


def payload(it: Brief) -> dict[str, Any]:
    """Give an alert."""
    details = {label: cut(value, 1_000) for label, value in it.facts}
    return {
        "message": cut(it.subject, MESSAGE),
        "alias": alias(it),
        "description": cut("\n".join([*body([it]), *(f"{words}: {url}" for words, url in links([it]))]), DESCRIPTION),
        "tags": [cut(tag, TAG) for tag in ("mxtrax", str(it.severity), it.customer) if tag],
        "details": details,
        "source": "MXTRAX",
        "priority": _PRIORITIES[it.severity],
    }


def alias(it: Brief) -> str:
    """Give the key by which an alert is closed again."""
    return cut(f"mxtrax-{it.id}", ALIAS)


def post(channel: ChannelConfig, secret: Mapping[str, str], briefs: Sequence[Brief], now: Millis) -> Post:  # noqa: ARG001
    """Open an alert, or close it."""
    (it,) = briefs
    base = f"{BASES[channel.settings.get('base', 'jsm')]}/v2/alerts"
    headers = {**JSON, "Authorization": f"GenieKey {secret['api_key']}"}
    if it.over:
        close = f"{base}/{quote(alias(it), safe='')}/close?identifierType=alias"
        return Post(close, as_json({"source": "MXTRAX", "note": cut(it.subject, 1_000)}), headers)
    return Post(base, as_json(payload(it)), headers)


OPSGENIE: Final = Service(
    kind=ChannelKind.OPSGENIE,
    title="Jira Service Management, Opsgenie",
    fields=(
        Field(name="api_key", note="The key of an API integration.", secret=True, pattern=r"[A-Za-z0-9-]{20,100}"),
        Field(name="base", note="jsm, opsgenie or opsgenie-eu.", pattern="jsm|opsgenie|opsgenie-eu", default="jsm"),
    ),
    posts=post,
    gathers=False,
)
