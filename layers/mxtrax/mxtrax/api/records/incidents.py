"""Incidents."""

from typing import Any, Final

from mxtrax.api.shapes import CAUSE, MOMENT, TEXT, maybe, moment, record, several
from mxtrax.cause import WORDS
from mxtrax.model import Incident

INCIDENT: Final = record(
    id=TEXT,
    maildomain=TEXT,
    customer=maybe(TEXT),
    operator=maybe(TEXT),
    opened=MOMENT,
    closed=maybe(MOMENT),
    dropped=maybe(MOMENT),
    cause=maybe(CAUSE),
    why=maybe(TEXT),
    evidence=TEXT,
    exceeded=several(TEXT),
    testid=maybe(TEXT),
    announced=maybe(MOMENT),
    reminded=maybe(MOMENT),
    told=several(TEXT),
    acknowledged=maybe(MOMENT),
    acknowledged_by=maybe(TEXT),
    note=TEXT,
)


def incident(it: Incident) -> dict[str, Any]:
    """Show an incident."""
    return {
        "id": it.id,
        "maildomain": it.maildomain,
        "customer": it.customer or None,
        "operator": it.operator or None,
        "opened": moment(it.opened),
        "closed": moment(it.closed or 0),
        "dropped": moment(it.dropped or 0),
        "cause": it.cause,
        "why": WORDS[it.cause] if it.cause else None,
        "evidence": it.evidence,
        "exceeded": list(it.exceeded),
        "testid": it.testid or None,
        "announced": moment(it.announced or 0),
        "reminded": moment(it.reminded or 0),
        "told": sorted(it.told),
        "acknowledged": moment(it.acknowledged or 0),
        "acknowledged_by": it.acknowledged_by or None,
        "note": it.note,
    }
