"""Incidents."""

from typing import Any, Final

from mxtrax.api.schema import CAUSE, MOMENT, TEXT, WHOLE, maybe, moment, record, several
from mxtrax.model import Customer, Incident, MailDomain
from mxtrax.rules.cause import WORDS

INCIDENT: Final = record(
    id=TEXT,
    maildomain=TEXT,
    domain_id=maybe(WHOLE),
    customer=maybe(TEXT),
    friendlyname=maybe(TEXT),
    provider=maybe(TEXT),
    opened=MOMENT,
    closed=maybe(MOMENT),
    dropped=maybe(MOMENT),
    cause=maybe(CAUSE),
    why=maybe(TEXT),
    evidence=TEXT,
    exceeded=several(TEXT),
    testid=maybe(TEXT),
    notified=maybe(MOMENT),
    reminded=maybe(MOMENT),
    notified_channels=several(TEXT),
    acknowledged=maybe(MOMENT),
    acknowledged_by=maybe(TEXT),
    note=TEXT,
)


def incident(it: Incident, domain: MailDomain | None, whose: Customer | None) -> dict[str, Any]:
    """Show an incident. It has no domain where it is the monitor's own, or where that is no longer tested."""
    return {
        "id": it.id,
        "maildomain": it.maildomain,
        "domain_id": domain.id if domain else None,
        "customer": it.customer or None,
        "friendlyname": whose.friendlyname if whose else None,
        "provider": it.provider or None,
        "opened": moment(it.opened),
        "closed": moment(it.closed or 0),
        "dropped": moment(it.dropped or 0),
        "cause": it.cause,
        "why": WORDS[it.cause] if it.cause else None,
        "evidence": it.evidence,
        "exceeded": list(it.exceeded),
        "testid": it.testid or None,
        "notified": moment(it.notified or 0),
        "reminded": moment(it.reminded or 0),
        "notified_channels": sorted(it.notified_channels),
        "acknowledged": moment(it.acknowledged or 0),
        "acknowledged_by": it.acknowledged_by or None,
        "note": it.note,
    }
