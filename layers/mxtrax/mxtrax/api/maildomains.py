"""The domains that are tested, as the wiki's API has them."""

from typing import Any, Final

from mxtrax.api import pages, shapes
from mxtrax.api.routing import Call, Subject
from mxtrax.errors import Missing
from mxtrax.store import domain_health, fleet

subject: Final = Subject("The wiki's reads: domains")


@subject.route(
    "GET /api/v2/maildomain/", query=pages.PARAMETERS, strict=False, gives=shapes.wiki_list(shapes.WIKI_DOMAIN)
)
def listed(call: Call) -> dict[str, Any]:
    """List the fleet by id."""
    customer = call.asker.customer
    page = pages.wanted(shapes.MAILDOMAINS, call.parameters)
    found = list(fleet.in_order(page.skip, page.limit + 1, pages.place(page), customer))
    domains = found[: page.limit]
    known = domain_health.of(domain.key for domain in domains)
    shown = [shapes.maildomain(domain, known[domain.key]) for domain in domains]
    more = len(found) > page.limit
    after_this = str(domains[-1].id) if more else ""
    return pages.listed(page, shown, total=fleet.count(customer), more=more, after=after_this)


@subject.route(
    "GET /api/v2/maildomain/<number>/",
    query={"format": pages.PARAMETERS["format"]},
    strict=False,
    gives=shapes.WIKI_DOMAIN,
)
def one(call: Call, number: str) -> dict[str, Any]:
    """Show one domain."""
    pages.only_json(call.parameters)
    domain = fleet.by_id(int(number)) if pages.is_number(number) else None
    if domain is None or not call.asker.sees(domain.customer):
        raise Missing("id", "There is no such maildomain.")
    return shapes.maildomain(domain, domain_health.of([domain.key])[domain.key])
