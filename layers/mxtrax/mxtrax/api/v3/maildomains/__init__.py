"""The domains that are tested: lists by any filter, and changes one by one."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import edits, paging
from mxtrax.api.fields import Choice, Field, Text
from mxtrax.api.fields.numbers import is_number
from mxtrax.api.routing import Reply, Request, Router, etag
from mxtrax.api.v3.maildomains import records
from mxtrax.errors import Exists, Missing, Refused, TryAgain
from mxtrax.model import SECOND, Config, DomainHealth, Kind, MailDomain, Millis
from mxtrax.rules import schedule, status
from mxtrax.rules.limits import effective
from mxtrax.rules.validation import MAX_CODENAME, MAX_TAG, check_domain
from mxtrax.store import customers, fleet, fleet_queries, incidents
from mxtrax.store.fleet_queries import SORTS, View
from mxtrax.store.health import health_by_key, health_of
from mxtrax.store.mailtests import page as page_of_tests

PATH: Final = "/api/v3/maildomains"
router: Final = Router("Domains")

FILTERS: Final[dict[str, Field]] = {
    "status": Choice(of=tuple(status.STATUSES), note="Their status."),
    "customer": Text(shortest=1, longest=MAX_CODENAME, note="Whose they are, by codename."),
    "provider": Text(shortest=1, longest=253, note="Who runs their mail server."),
    "tag": Text(shortest=1, longest=MAX_TAG, note="One of their tags."),
    "search": Text(shortest=1, longest=100, note="A part of the address or of the customer's codename."),
    "sort": Choice(
        of=(*SORTS, *(f"-{sort}" for sort in SORTS)), note="The worst first, by domain name, or by id; - turns round."
    ),
}
EDIT_PROBLEMS: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


@router.route(f"GET {PATH}", query={**FILTERS, **paging.PAGING}, gives=paging.list_of(records.Domain))
def listed(request: Request) -> dict[str, Any]:
    """List domains, the worst first where no other order is asked for."""
    found, follows = page(request)
    return paging.listed(request, PATH, [records.domain(it, known) for it, known in found], follows)


def page(request: Request) -> tuple[list[tuple[MailDomain, DomainHealth]], str]:
    """Read the page of domains that is asked for, and where the next one begins."""
    view = view_of(request)
    if view is None:
        return [], ""
    keys = fleet_queries.domains(view, paging.limit(request), paging.after(request), request.now)
    there, known = fleet.by_keys(keys.items), health_by_key(keys.items)
    return [(there[key], known[key]) for key in keys.items if key in there], keys.after


def view_of(request: Request) -> View | None:
    """Read which domains are asked for; None where they are another customer's than the one that may be seen."""
    given, own = request.query, request.caller.customer
    sort = given.get("sort", "worst")
    if not request.caller.sees(given.get("customer", own)):
        return None
    return View(
        status=status.STATUSES[given["status"]] if "status" in given else None,
        customer=given.get("customer", own),
        provider=given.get("provider", ""),
        tag=given.get("tag", ""),
        search=given.get("search", "").lower(),
        sort=sort.removeprefix("-"),
        forward=not sort.startswith("-"),
    )


@router.route(f"GET {PATH}/<number>", gives=records.WholeDomain, problems=(HTTPStatus.NOT_FOUND,))
def one(request: Request, number: str) -> Reply:
    """Show all that is known of a domain now."""
    domain = known(request, number)
    health, config = health_of(domain.key), edits.config(request)
    around = records.Around(
        config=config,
        whose=customers.get(domain.customer) if domain.customer else None,
        incident=incidents.get(health.incident),
        returned_as=_returned_as(health),
        next_test=_next_test(domain, health, config, request),
    )
    return Reply(body=records.whole_domain(domain, health, around), headers=etag(domain.version))


@router.route(
    f"POST {PATH}",
    body=edits.NEW_DOMAIN,
    gives=records.Domain,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def add(request: Request) -> Reply:
    """Add a domain."""
    wanted = check_domain(MailDomain(id=0, **values(request.body)), edits.config(request))
    check_customer_is_there(wanted)
    after = {**records.settings_of(wanted), "id": None}
    added = fleet.add([wanted], edits.audit_entry(request, "maildomain.add", wanted.key, None, after))
    if not added:
        raise Exists("domainname", f"domainname: {wanted.address} is there already; change that one.")
    where = {"Location": f"{PATH}/{added[0].id}", **etag(added[0].version)}
    shown = records.domain(added[0], DomainHealth(maildomain=wanted.key))
    return Reply(body=shown, status=HTTPStatus.CREATED, headers=where)


@router.route(f"PATCH {PATH}/<number>", versioned=True, body=edits.DOMAIN, gives=records.Domain, problems=EDIT_PROBLEMS)
def change(request: Request, number: str) -> Reply:
    """Change parts of a domain. Its address stays: another address is another domain, with a history of its own."""
    before = known(request, number)
    health = health_of(before.key)
    edits.check_version(request, records.domain(before, health))
    after = changed(before, values(request.body), edits.config(request))
    if not save(request, before, after):
        current = known(request, number)
        raise edits.changed(request, records.domain(current, health))
    after = replace(after, version=before.version + 1)
    return Reply(body=records.domain(after, health), headers=etag(after.version))


@router.route(f"DELETE {PATH}/<number>", versioned=True, gives={}, status=HTTPStatus.NO_CONTENT, problems=EDIT_PROBLEMS)
def remove(request: Request, number: str) -> Reply:
    """Remove a domain with what is known of it, and end its incident; its days stay in the figures."""
    before = known(request, number)
    health = health_of(before.key)
    edits.check_version(request, records.domain(before, health))
    done = edits.audit_entry(request, "maildomain.remove", before.key, records.settings_of(before), None)
    if not fleet.remove(before, health, request.now, done):
        raise TryAgain("This domain is being tested or changed at this moment; try again.")
    return Reply(status=HTTPStatus.NO_CONTENT)


def known(request: Request, number: str) -> MailDomain:
    """Find the domain of a path, as it is at this moment. What may not be seen looks like what is not there."""
    domain = fleet.by_id(int(number)) if is_number(number) else None
    if domain is None or not request.caller.sees(domain.customer):
        raise Missing("id", "There is no such maildomain.")
    return domain


def values(body: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of a MailDomain that a body sets."""
    given = {name: value for name, value in body.items() if name != "version"}
    if "customer" in given:
        given["customer"] = given["customer"] or ""
    if "tags" in given:
        given["tags"] = frozenset(given["tags"])
    return given


def changed(before: MailDomain, parts: Mapping[str, Any], config: Config) -> MailDomain:
    """Give a domain with some parts changed, checked."""
    after = check_domain(replace(before, **parts), config)
    if after.customer != before.customer:
        check_customer_is_there(after)
    return after


def save(request: Request, before: MailDomain, after: MailDomain) -> bool:
    """Save a changed domain; False where somebody was quicker."""
    shown = records.settings_of(before), records.settings_of(after)
    return fleet.save(after, edits.audit_entry(request, "maildomain.change", before.key, *shown))


def check_customer_is_there(domain: MailDomain) -> None:
    """Refuse a customer that nobody has added."""
    if domain.customer and customers.get(domain.customer) is None:
        raise Refused("customer", f"customer: there is none with the codename {domain.customer!r}; add it first.")


def _returned_as(health: DomainHealth) -> Kind | None:
    """Give what the newest test that came back came back as; None where that is no longer known."""
    sent = next((test.sendtime for test in reversed(health.recent) if test.took is not None), None)
    if sent is None:
        return None
    return next((it.returned_as for it in page_of_tests(health.maildomain, sent, sent, 1).items), None)


def _next_test(domain: MailDomain, health: DomainHealth, config: Config, request: Request) -> Millis | None:
    """Give when a domain is tested next; None in maintenance."""
    minute = request.settings.minute_seconds
    now = schedule.slot_at(request.now, minute)
    longest = effective(domain, config).interval_minutes
    for slot in range(now + 1, now + longest + 1):
        if schedule.is_due(domain, slot, config, retest=health.retest):
            return slot * minute * SECOND
    return None
