"""Incidents: what failed and when, and what people say about it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from mxtrax import model
from mxtrax.admin import incidents as use_cases
from mxtrax.api import paging
from mxtrax.api.fields import Flag, Shape, Text, Whole
from mxtrax.api.problems import both_shown
from mxtrax.api.routing import Request, Router
from mxtrax.api.schema import Time, of
from mxtrax.api.v3.explained import explained
from mxtrax.frozen import dataclass
from mxtrax.model import MONITOR, Cause, Millis, Reason, Severity
from mxtrax.rules.explanation import Certainty, Fault, in_words
from mxtrax.rules.secret_ids import is_out
from mxtrax.rules.severity import severity_of
from mxtrax.rules.validation import MAX_CODENAME, MAX_NOTE
from mxtrax.store import customers, fleet, incidents, mailtests

PATH: Final = "/api/v3/incidents"
router: Final = Router("Incidents")


@dataclass(frozen=True, kw_only=True)
class Incident:
    """An incident. It has no domain if it is the monitor's own, or if the domain is no longer tested.

    `testid` is the test that its evidence is of; below the role operator, null until that has returned or failed for
    good. People who see only one customer do not see who is notified or on it, nor the note. `again_of` is the incident
    whose relapse it is, within an hour of the end; `severity` is how bad it is for the customer, or that it is ours;
    `escalated` is since when the second list is notified as well.
    """

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
    reason: Reason | None
    why: str | None
    severity: Severity
    meaning: str | None
    next_steps: tuple[str, ...]
    fault: Fault | None
    certainty: Certainty | None
    evidence: str
    exceeded: tuple[str, ...]
    testid: str | None
    notified: Time | None
    reminded: Time | None
    escalated: Time | None
    notified_channels: frozenset[str]
    acknowledged: Time | None
    acknowledged_by: str | None
    note: str
    again_of: str | None


_BODY: Final = Shape(
    {
        "acknowledged": Flag(note="true: you are on it; false: you no longer are."),
        "note": Text(longest=MAX_NOTE, note="What is known or was done about it."),
    }
)


@router.route(
    f"GET {PATH}",
    "listIncidents",
    query={
        "open": Flag(note="true: only open ones; false: only closed ones."),
        "customer": Text(shortest=1, longest=MAX_CODENAME, note="Of this customer (codename)."),
        "domain": Whole(low=1, high=10**12, note="Of this domain (id)."),
        **paging.PAGING,
    },
    gives=paging.list_of(Incident),
)
def listed(request: Request) -> dict[str, Any]:
    """List incidents, latest first."""
    customer = request.query.get("customer", request.caller.customer)
    if not request.caller.sees(customer):
        return paging.listed(request, PATH, [], "")
    domain = fleet.by_id(request.query["domain"]) if "domain" in request.query else None
    if "domain" in request.query and (domain is None or not request.caller.sees(domain.customer)):
        return paging.listed(request, PATH, [], "")
    key = domain.key if domain else ""
    found = incidents.page(
        paging.limit(request), paging.after(request), open_=request.query.get("open"), customer=customer, key=key
    )
    return paging.listed(request, PATH, shown(request, found.items), found.after)


@router.route(f"GET {PATH}/<incident>", "getIncident", gives=Incident)
def one(request: Request, incident: str) -> Incident:
    """Show an incident."""
    return shown(request, [use_cases.known(request.caller, incident)])[0]


@router.route(f"PATCH {PATH}/<incident>", "updateIncident", body=_BODY, gives=Incident, problems=(HTTPStatus.CONFLICT,))
def change(request: Request, incident: str) -> Incident:
    """Acknowledge an incident, or add a note."""
    given = request.wanted
    with both_shown(request, lambda it: shown(request, [it])[0]):
        after = use_cases.change(
            request.caller, request.now, incident, acknowledged=given.get("acknowledged"), note=given.get("note")
        )
    return shown(request, [after])[0]


@router.route(
    f"POST {PATH}/<incident>/accept",
    "acceptIncident",
    gives=Incident,
    problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def accept(request: Request, incident: str) -> Incident:
    """Accept a domain as it is: close its incident, and judge it only by tests sent from now on."""
    with both_shown(request, lambda it: shown(request, [it])[0]):
        after = use_cases.accept(request.caller, request.now, incident)
    return shown(request, [after])[0]


def shown(request: Request, them: Sequence[model.Incident]) -> list[Incident]:
    """Show incidents with their domains, as far as those are there and may be seen, and their customers' names."""
    domains = fleet.by_keys({it.maildomain for it in them} - {MONITOR})
    seen = {key: domain.id for key, domain in domains.items() if request.caller.sees(domain.customer)}
    whose = {it.codename: it.friendlyname for it in customers.by_codenames(it.customer for it in them).values()}
    secret = set[str]() if request.caller.operates else _still_out({it.testid for it in them if it.testid}, request.now)
    return [
        of(
            Incident,
            it,
            testid="" if it.testid in secret else it.testid,
            domain_id=seen.get(it.maildomain),
            friendlyname=whose.get(it.customer),
            why=in_words(it.cause, it.reason),
            severity=severity_of(it),
            **explained(it.cause, it.reason, it.provider),
            **(_NOT_OF_THE_HOUSE if request.caller.customer else {}),
        )
        for it in them
    ]


_NOT_OF_THE_HOUSE: Final[Mapping[str, Any]] = {
    "acknowledged_by": None,
    "note": "",
    "notified_channels": frozenset(),
    "escalated": None,
}
"""What is the operator's own business, as those see it who see one customer alone."""


def _still_out(testids: set[str], now: Millis) -> set[str]:
    """Give those of the tests that a mail could still change; one that is gone is among none."""
    return {it.testid for it in mailtests.by_ids(testids) if is_out(it, now)}
