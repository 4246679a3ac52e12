"""One incident as a message for machines (Amazon SNS): a JSON object, and attributes to filter subscriptions by."""

from typing import Any, Final

from mxtrax.model import MONITOR, Customer, Incident, MailDomain, Millis, Standing
from mxtrax.report import words
from mxtrax.tally import total
from mxtrax.telling import news_of

SCHEMA: Final = "mxtrax.incident"
VERSION: Final = 1
"""Raised only when a field changes its meaning or goes; receivers should take fields that they do not know calmly."""


def message(
    incident: Incident, domain: MailDomain | None, customer: Customer | None, standing: Standing | None, now: Millis
) -> tuple[dict[str, Any], dict[str, str]]:
    """Give the message and its attributes. The domain may be gone, the customer unnamed; SNS takes no empty attribute."""
    state = str(news_of(incident))
    until = now if incident.closed is None else incident.closed
    body = {
        "schema": SCHEMA,
        "schema_version": VERSION,
        "incident": f"{incident.id}-{incident.opened}" if incident.maildomain == MONITOR else incident.id,
        "state": state,
        "maildomain": domain.address if domain else incident.maildomain,
        "customer": incident.customer,
        "customer_name": customer.friendlyname if customer else "",
        "cause": str(incident.cause) if incident.cause else None,
        "cause_in_words": words.of_cause(incident.cause),
        "evidence": words.clean(incident.evidence),
        "operator": incident.operator or None,
        "exceeded": list(incident.exceeded),
        "opened": words.iso(incident.opened),
        "closed": None if incident.closed is None else words.iso(incident.closed),
        "lasted_seconds": max(0, until - incident.opened) // 1_000,
        "figures": _figures(standing),
        "told": words.iso(now),
    }
    attributes = {
        "state": state,
        "customer": incident.customer,
        "cause": str(incident.cause or ""),
        "operator": words.clean(incident.operator),
    }
    return body, {name: value for name, value in attributes.items() if value}


def _figures(standing: Standing | None) -> dict[str, int] | None:
    if standing is None:
        return None
    counts = total(standing.slate)
    return {"ontime": counts.ontime, "late": counts.late, "missed": counts.missed, "total": counts.total}
