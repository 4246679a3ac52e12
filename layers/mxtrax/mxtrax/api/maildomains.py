"""The domains that are tested."""

from typing import Any, Final

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from mxtrax.api import pages, shapes
from mxtrax.errors import Missing
from mxtrax.store import fleet, standings

routes: Final = APIGatewayHttpRouter()


@routes.get("/api/v2/maildomain/")
def listed() -> dict[str, Any]:
    """List the fleet by id."""
    page = pages.wanted(shapes.MAILDOMAINS, routes.current_event.query_string_parameters)
    after = pages.number({"after": page.after}, "after") if page.after else 0
    found = list(fleet.in_order(page.skip, page.limit + 1, after or 0))
    domains = found[: page.limit]
    known = standings.of(domain.key for domain in domains)
    shown = [shapes.maildomain(domain, known[domain.key]) for domain in domains]
    more = len(found) > page.limit
    return pages.listed(page, shown, total=fleet.count(), more=more, after=str(domains[-1].id) if more else "")


@routes.get("/api/v2/maildomain/<number>/")
def one(number: str) -> dict[str, Any]:
    """Show one domain."""
    pages.only_json(routes.current_event.query_string_parameters)
    domain = fleet.by_id(int(number)) if pages.is_number(number) else None
    if domain is None:
        raise Missing("id", "There is no such maildomain.")
    return shapes.maildomain(domain, standings.of([domain.key])[domain.key])
