"""The domains that are tested: lists by any filter, and changes one by one."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from mxtrax.admin import domains
from mxtrax.api import flags, forms, paging
from mxtrax.api.fields import Choice, Field, Text
from mxtrax.api.fields.numbers import is_number
from mxtrax.api.problems import both_shown
from mxtrax.api.routing import Reply, Request, Router, created, current
from mxtrax.api.v3.maildomains import records
from mxtrax.model import SECOND, Config, DomainHealth, Kind, MailDomain, Millis
from mxtrax.rules import schedule, status
from mxtrax.rules.limits import effective
from mxtrax.rules.validation import MAX_CODENAME, MAX_TAG
from mxtrax.store import customers, fleet, fleet_queries, incidents
from mxtrax.store.fleet_queries import SORTS, View
from mxtrax.store.health import health_by_key, health_of
from mxtrax.store.mailtests import page as page_of_tests

PATH: Final = "/api/v3/maildomains"
router: Final = Router("Domains")

FILTERS: Final[dict[str, Field]] = {
    "status": Choice(of=tuple(status.STATUSES), note="Their status."),
    "flag": Choice(
        of=("quiet", "held"), note="Failing domains that are muted; or failing, not muted, with their alerts on hold."
    ),
    "customer": Text(shortest=1, longest=MAX_CODENAME, note="Of this customer (codename)."),
    "provider": Text(shortest=1, longest=253, note="The provider that runs their mail server."),
    "tag": Text(shortest=1, longest=MAX_TAG, note="With this tag."),
    "search": Text(
        shortest=1,
        longest=100,
        note="Part of the address, of the customer's name or code, or of the provider; or a tag.",
    ),
    "sort": Choice(
        of=(*SORTS, *(f"-{sort}" for sort in SORTS)),
        note="Worst first, by domain name, or by id; - reverses the order.",
    ),
}


@router.route(f"GET {PATH}", "listDomains", query={**FILTERS, **paging.PAGING}, gives=paging.list_of(records.Domain))
def listed(request: Request) -> dict[str, Any]:
    """List domains, worst first by default."""
    found, follows = page(request)
    return paging.listed(request, PATH, [records.domain(it, known) for it, known in found], follows)


def page(request: Request) -> tuple[list[tuple[MailDomain, DomainHealth]], str]:
    """Read the page of domains that is asked for, and where the next one begins."""
    view = view_of(request)
    if view is None:
        return [], ""
    limit, after = paging.limit(request), paging.after(request)
    if "flag" in request.query:
        found = flags.flagged(flags.read(request), view.customer)
        wanted = found.quiet if request.query["flag"] == "quiet" else found.held
        keys = fleet_queries.among(view, wanted, limit, after, request.now)
    else:
        keys = fleet_queries.domains(view, limit, after, request.now)
    there, known = fleet.by_keys(keys.items), health_by_key(keys.items)
    return [(there[key], known[key]) for key in keys.items if key in there], keys.after


def view_of(request: Request) -> View | None:
    """Read which domains are asked for; None if they are another customer's than the one that may be seen."""
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


@router.route(f"GET {PATH}/<number>", "getDomain", gives=records.WholeDomain)
def one(request: Request, number: str) -> Reply:
    """Show everything about a domain."""
    domain = known(request, number)
    health, known_flags = health_of(domain.key), flags.read(request)
    incident = incidents.get(health.incident)
    around = records.Around(
        config=known_flags.config,
        whose=customers.get(domain.customer) if domain.customer else None,
        incident=incident,
        returned_as=_returned_as(health),
        next_test=_next_test(domain, health, known_flags.config, request),
        quiet_until=known_flags.quiet_until(domain),
        held=known_flags.held(incident),
    )
    return current(records.whole_domain(domain, health, around), domain.version)


@router.route(
    f"POST {PATH}",
    "createDomain",
    body=forms.NEW_DOMAIN,
    gives=records.Domain,
    status=HTTPStatus.CREATED,
    problems=(HTTPStatus.CONFLICT,),
)
def add(request: Request) -> Reply:
    """Add a domain."""
    added = domains.add(request.caller, request.now, request.settings, MailDomain(id=0, **parts(request.wanted)))
    return created(_shown(added), added.version, f"{PATH}/{added.id}")


@router.route(f"PATCH {PATH}/<number>", "updateDomain", versioned=True, body=forms.DOMAIN, gives=records.Domain)
def change(request: Request, number: str) -> Reply:
    """Change parts of a domain. Its address stays: another address is another domain with its own history."""
    asked = request.caller, request.now, request.settings
    with both_shown(request, _shown):
        after = domains.change(*asked, number_of(number), parts(request.wanted), seen=request.seen)
    return current(_shown(after), after.version)


@router.delete(f"{PATH}/<number>", "deleteDomain", versioned=True, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,))
def remove(request: Request, number: str) -> None:
    """Remove a domain and its tests, and close its incident; its days stay in the statistics."""
    with both_shown(request, _shown):
        domains.remove(request.caller, request.now, number_of(number), seen=request.seen)


def known(request: Request, number: str) -> MailDomain:
    """Find the domain of a path, as it is at this moment."""
    return domains.known(request.caller, number_of(number))


def number_of(text: str) -> int:
    """Read the number of a domain in a path; what is none names no domain."""
    if not is_number(text):
        raise domains.missing(text)
    return int(text)


def parts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of a MailDomain as a request has them: null is no customer, a list of tags is a set."""
    read = dict(given)
    if "customer" in read:
        read["customer"] = read["customer"] or ""
    if "tags" in read:
        read["tags"] = frozenset(read["tags"])
    return read


def _shown(it: MailDomain) -> records.Domain:
    return records.domain(it, health_of(it.key))


def _returned_as(health: DomainHealth) -> Kind | None:
    """Give what the newest test that came back came back as; None if that is no longer known."""
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
