"""PagerDuty, by its Events API v2: an incident opens and resolves one of theirs, by the same key."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mxtrax.model import ChannelConfig, ChannelKind, Millis, NoticeKind, Severity
from mxtrax.notify.cutting import cut
from mxtrax.notify.service import JSON, Field, Post, Service, as_json
from mxtrax.report.brief import ACT, Brief
from mxtrax.report.words import iso

SUMMARY: Final = 1_024
KEY: Final = 255
"""Characters of a summary and of a deduplication key."""

HOSTS: Final = {"us": "events.pagerduty.com", "eu": "events.eu.pagerduty.com"}

_SEVERITIES: Final = {
    Severity.DOWN: "critical",
    Severity.SLOW: "warning",
    Severity.SETUP: "warning",
    Severity.OURS: "error",
}


def payload(it: Brief, routing_key: str) -> dict[str, Any]:
    """Give an event: trigger, acknowledge where somebody is on it, resolve."""
    action = "resolve" if it.over else "acknowledge" if it.on_it and it.kind is NoticeKind.REMINDER else "trigger"
    event: dict[str, Any] = {
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": cut(f"mxtrax-{it.id}", KEY),
    }
    if action != "trigger":
        return event
    details = {
        **{label: cut(value, 2_000) for label, value in it.facts},
        "Meaning": it.told.meaning,
        **{f"Step {number}": step for number, step in enumerate(it.steps, 1)},
    }
    event["payload"] = {
        "summary": cut(it.subject, SUMMARY),
        "source": cut(it.address, SUMMARY) or "mxtrax",
        "severity": _SEVERITIES[it.severity],
        "timestamp": iso(it.opened),
        "component": cut(it.customer, 255) or "mxtrax",
        "group": cut(it.provider, 255) or "mxtrax",
        "class": cut(it.words, 255),
        "custom_details": details,
    }
    event["client"] = "MXTRAX"
    if it.link:
        event["client_url"] = it.link
    if it.act:
        event["links"] = [{"href": it.act, "text": ACT}]
    return event


def post(channel: ChannelConfig, secret: Mapping[str, str], briefs: Sequence[Brief], now: Millis) -> Post:  # noqa: ARG001
    """Post the event of a notice."""
    (it,) = briefs
    host = HOSTS[channel.settings.get("region", "us")]
    return Post(f"https://{host}/v2/enqueue", as_json(payload(it, secret["routing_key"])), JSON)


PAGERDUTY: Final = Service(
    kind=ChannelKind.PAGERDUTY,
    title="PagerDuty",
    fields=(
        Field(
            name="routing_key",
            note="The integration key of an Events API v2 integration: 32 letters and digits.",
            secret=True,
            pattern=r"[A-Za-z0-9]{32}",
        ),
        Field(name="region", note="us or eu.", pattern="us|eu", default="us"),
    ),
    posts=post,
    gathers=False,
)
