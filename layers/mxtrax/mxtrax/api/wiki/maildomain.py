"""The domains that are tested, as the wiki's API has them."""

from typing import Any, Final

from mxtrax.api.fields.numbers import is_number
from mxtrax.api.routing import Request, Router
from mxtrax.api.wiki import paging, records
from mxtrax.errors import Missing
from mxtrax.store import fleet
from mxtrax.store.health import health_by_key, health_of

router: Final = Router("The wiki's reads: domains")


@router.route(
    "GET /api/v2/maildomain/",
    "listWikiDomains",
    query=paging.PARAMETERS,
    strict=False,
    gives=paging.list_of(records.MailDomain),
)
def listed(request: Request) -> dict[str, Any]:
    """List the fleet by id."""
    customer = request.caller.customer
    page = paging.wanted(records.MAILDOMAINS, request.parameters)
    found = list(fleet.in_order(page.skip, page.limit + 1, paging.place(page), customer))
    domains = found[: page.limit]
    known = health_by_key(domain.key for domain in domains)
    shown = [records.maildomain(domain, known[domain.key]) for domain in domains]
    more = len(found) > page.limit
    after_this = str(domains[-1].id) if more else ""
    return paging.listed(page, shown, total=fleet.count(customer), more=more, after=after_this)


@router.route(
    "GET /api/v2/maildomain/<number>/", "getWikiDomain", query=paging.FORMAT, strict=False, gives=records.MailDomain
)
def one(request: Request, number: str) -> records.MailDomain:
    """Show one domain."""
    paging.only_json(request.parameters)
    domain = fleet.by_id(int(number)) if is_number(number) else None
    if domain is None or not request.caller.sees(domain.customer):
        raise Missing("id", "There is no such maildomain.")
    return records.maildomain(domain, health_of(domain.key))
