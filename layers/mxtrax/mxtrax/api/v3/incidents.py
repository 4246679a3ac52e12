"""Incidents: what failed when, and what people make of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

from mxtrax import model
from mxtrax.api import edits, paging
from mxtrax.api.fields import Flag, Shape, Text, Whole
from mxtrax.api.routing import Call, Subject
from mxtrax.api.schema import Time, of
from mxtrax.errors import Missing
from mxtrax.model import MONITOR, Cause
from mxtrax.rules.cause import in_words
from mxtrax.rules.validation import MAX_CODENAME, MAX_NOTE, check_note
from mxtrax.store import customers, fleet, incidents

PATH: Final = "/api/v3/incidents"
subject: Final = Subject("Incidents")


@dataclass(frozen=True, kw_only=True)
class Incident:
    """An incident. It has no domain where it is the monitor's own, or where that is no longer tested."""

    id: str
    maildomain: str
    domain_id: int | None
    customer: str | None
    friendlyname: str | None
    provider: str | None
    opened: Time
    closed: Time | None
    dropped: Time | None
    cause: Cause | None
    why: str | None
    evidence: str
    exceeded: tuple[str, ...]
    testid: str | None
    notified: Time | None
    reminded: Time | None
    notified_channels: frozenset[str]
    acknowledged: Time | None
    acknowledged_by: str | None
    note: str


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What people make of an incident."""

    acknowledged: Time | None
    acknowledged_by: str | None
    note: str


_BODY: Final = Shape(
    {
        "acknowledged": Flag(note="That somebody is at it; false takes that back."),
        "note": Text(longest=MAX_NOTE, note="What is known or done about it."),
    }
)


@subject.route(
    f"GET {PATH}",
    query={
        "open": Flag(note="true: only those that go on; false: only those that have ended."),
        "customer": Text(shortest=1, longest=MAX_CODENAME, note="Whose, by codename."),
        "domain": Whole(low=1, high=10**12, note="Of one domain, by id."),
        **paging.PAGING,
    },
    gives=paging.list_of(Incident),
)
def listed(call: Call) -> dict[str, Any]:
    """List incidents, the latest first."""
    customer = call.query.get("customer", call.asker.customer)
    if not call.asker.sees(customer):
        return paging.listed(call, PATH, [], "")
    domain = fleet.by_id(call.query["domain"]) if "domain" in call.query else None
    if "domain" in call.query and (domain is None or not call.asker.sees(domain.customer)):
        return paging.listed(call, PATH, [], "")
    key = domain.key if domain else ""
    found = incidents.page(
        paging.limit(call), paging.after(call), open_=call.query.get("open"), customer=customer, key=key
    )
    return paging.listed(call, PATH, _shown(call, found.items), found.after)


@subject.route(f"GET {PATH}/<number>", gives=Incident, problems=(HTTPStatus.NOT_FOUND,))
def one(call: Call, number: str) -> Incident:
    """Show an incident."""
    return _shown(call, [_known(call, number)])[0]


@subject.route(
    f"PATCH {PATH}/<number>",
    body=_BODY,
    gives=Incident,
    problems=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def change(call: Call, number: str) -> Incident:
    """Acknowledge an incident, or note something about it."""
    before = _known(call, number)
    after = before
    if "note" in call.body:
        after = replace(after, note=check_note(call.body["note"]))
    if "acknowledged" in call.body and call.body["acknowledged"] != bool(before.acknowledged):
        at, who = (call.now, call.asker.name) if call.body["acknowledged"] else (None, "")
        after = replace(after, acknowledged=at, acknowledged_by=who)
    done = edits.of(call, "incident.change", f"incident {number}", of(Noted, before), of(Noted, after))
    if not incidents.noted(before, after, done):
        (current,) = _shown(call, [_known(call, number)])
        raise edits.changed(call, current)
    return _shown(call, [after])[0]


def _shown(call: Call, them: Sequence[model.Incident]) -> list[Incident]:
    """Show incidents with their domains, as far as those are there and may be seen, and their customers' names."""
    domains = fleet.by_keys({it.maildomain for it in them} - {MONITOR})
    seen = {key: domain.id for key, domain in domains.items() if call.asker.sees(domain.customer)}
    whose = {it.codename: it.friendlyname for it in customers.by_codenames(it.customer for it in them).values()}
    return [
        of(
            Incident,
            it,
            domain_id=seen.get(it.maildomain),
            friendlyname=whose.get(it.customer),
            why=in_words(it.cause),
        )
        for it in them
    ]


def _known(call: Call, number: str) -> model.Incident:
    found = incidents.get(number)
    if found is None or not call.asker.sees(found.customer):
        raise Missing("id", "There is no such incident.")
    return found
