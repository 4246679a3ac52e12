"""One incident as a message for machines (Amazon SNS): a JSON object, and attributes to filter subscriptions by."""

from typing import Any, Final

from mxtrax.model import MONITOR, Customer, DomainHealth, Incident, MailDomain, Millis
from mxtrax.report import words
from mxtrax.rules.notices import kind_of
from mxtrax.rules.statistics import total

SCHEMA: Final = "mxtrax.incident"
VERSION: Final = 1
"""Raised only when a field changes its meaning or goes; receivers should take fields that they do not know calmly."""


def message(
    incident: Incident, domain: MailDomain | None, customer: Customer | None, health: DomainHealth | None, now: Millis
) -> tuple[dict[str, Any], dict[str, str]]:
    """Give the message and its attributes. The domain may be gone, the customer unnamed; SNS takes no empty attribute."""
    notice = str(kind_of(incident))
    until = now if incident.closed is None else incident.closed
    body = {
        "schema": SCHEMA,
        "schema_version": VERSION,
        "incident": f"{incident.id}-{incident.opened}" if incident.maildomain == MONITOR else incident.id,
        "notice": notice,
        "maildomain": domain.address if domain else incident.maildomain,
        "customer": incident.customer,
        "customer_name": customer.friendlyname if customer else "",
        "cause": str(incident.cause) if incident.cause else None,
        "cause_in_words": words.of_cause(incident.cause),
        "evidence": words.clean(incident.evidence),
        "provider": incident.provider or None,
        "exceeded": list(incident.exceeded),
        "opened": words.iso(incident.opened),
        "closed": None if incident.closed is None else words.iso(incident.closed),
        "lasted_seconds": max(0, until - incident.opened) // 1_000,
        "figures": _figures(health),
        "notified": words.iso(now),
    }
    attributes = {
        "notice": notice,
        "customer": incident.customer,
        "cause": str(incident.cause or ""),
        "provider": words.clean(incident.provider),
    }
    return body, {name: value for name, value in attributes.items() if value}


def _figures(health: DomainHealth | None) -> dict[str, int] | None:
    if health is None:
        return None
    counts = total(health.window_counts)
    return {"ontime": counts.ontime, "late": counts.late, "missed": counts.missed, "total": counts.total}
