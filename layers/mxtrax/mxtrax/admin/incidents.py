"""What people say about an incident: that somebody is on it, and what is known or done about it."""

from dataclasses import replace

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.errors import Changed, Missing, Refused
from mxtrax.model import Incident, Millis
from mxtrax.rules.health import accepted
from mxtrax.rules.should_be import shown
from mxtrax.rules.status import listing_of
from mxtrax.rules.validation import check_note
from mxtrax.store import fleet, fold, incidents
from mxtrax.store.fold import Moved
from mxtrax.store.health import health_of


def known(actor: Actor, number: str) -> Incident:
    """Find an incident. What may not be seen looks like what is not there."""
    found = incidents.get(number)
    if found is None or not actor.sees(found.customer):
        raise Missing("incident", f"There is no incident {shown(number)}.")
    return found


def change(
    actor: Actor, now: Millis, number: str, *, acknowledged: bool | None = None, note: str | None = None
) -> Incident:
    """Acknowledge an incident, or take that back; note something about it. What is None stays."""
    before = known(actor, number)
    after = before if note is None else replace(before, note=check_note(note))
    if acknowledged is not None and acknowledged != bool(before.acknowledged):
        at, who = (now, actor.name) if acknowledged else (None, "")
        after = replace(after, acknowledged=at, acknowledged_by=who)
    if after == before:
        return before
    done = entry(actor, now, "incident.change", f"incident {number}", before=_part(before), after=_part(after))
    if not incidents.noted(before, after, done):
        raise Changed(known(actor, number))
    return after


def accept(actor: Actor, now: Millis, number: str) -> Incident:
    """Accept a domain as it is: close its incident, and judge it only by tests sent from now on."""
    before = known(actor, number)
    domain, health = fleet.by_key(before.maildomain), health_of(before.maildomain)
    if before.closed is not None or domain is None:
        raise Refused(
            "incident", f"incident: {shown(number)} is not open; only a domain's open incident can be accepted."
        )
    after = accepted(health, now)
    moved = Moved(to=listing_of(after, maintmode=domain.maintmode), maintmode=domain.maintmode)
    done = entry(actor, now, "incident.accept", f"incident {number}", before={"closed": None}, after={"closed": now})
    if health.incident != number or not fold.accept(after, number, now, moved, done):
        raise Changed(known(actor, number))
    return known(actor, number)


def _part(it: Incident) -> dict[str, object]:
    return {"acknowledged": bool(it.acknowledged), "acknowledged_by": it.acknowledged_by, "note": it.note}
