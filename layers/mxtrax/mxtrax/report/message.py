"""One incident as a message for machines (Amazon SNS): a JSON object, and attributes to filter subscriptions by."""

from typing import Any, Final

from mxtrax.model import DomainHealth, Notice
from mxtrax.report import words
from mxtrax.rules.explanation import explain
from mxtrax.rules.statistics import total

SCHEMA: Final = "mxtrax.incident"
VERSION: Final = 1
"""Raised only when a field changes its meaning or goes; receivers should take fields that they do not know calmly."""


def message(notice: Notice) -> tuple[dict[str, Any], dict[str, str]]:
    """Give the message and its attributes. A relapse goes on under the incident before it, and names its own record.

    The domain may be gone, the customer unnamed; SNS takes no empty attribute.
    """
    incident, kind = notice.incident, str(notice.kind)
    it = explain(incident.cause, incident.reason, incident.provider)
    until = notice.at if incident.closed is None else incident.closed
    body = {
        "schema": SCHEMA,
        "schema_version": VERSION,
        "incident": incident.thread,
        "notice": kind,
        "test": notice.test,
        "maildomain": notice.domain.address if notice.domain else incident.maildomain,
        "customer": incident.customer,
        "customer_name": notice.customer.friendlyname if notice.customer else "",
        "cause": str(incident.cause) if incident.cause else None,
        "reason": str(incident.reason) if incident.reason else None,
        "cause_in_words": it.words if incident.cause else "not known",
        "meaning": it.meaning,
        "next_steps": list(it.next_steps),
        "fault": str(it.fault),
        "certainty": str(it.certainty),
        "evidence": words.clean(incident.evidence),
        "provider": incident.provider or None,
        "exceeded": list(incident.exceeded),
        "opened": words.iso(incident.opened),
        "closed": None if incident.closed is None else words.iso(incident.closed),
        "lasted_seconds": max(0, until - incident.opened) // 1_000,
        "figures": _figures(notice.health),
        "notified": words.iso(notice.at),
    }
    if incident.again_of:
        body |= {"record": incident.id, "first_opened": words.iso(incident.began)}
    attributes = {
        "notice": kind,
        "customer": incident.customer,
        "cause": str(incident.cause or ""),
        "reason": str(incident.reason or ""),
        "fault": str(it.fault) if incident.cause else "",
        "provider": words.clean(incident.provider),
    }
    return body, {name: value for name, value in attributes.items() if value}


def _figures(health: DomainHealth | None) -> dict[str, int] | None:
    if health is None:
        return None
    counts = total(health.window_counts)
    return {"ontime": counts.ontime, "late": counts.late, "missed": counts.missed, "total": counts.total}
