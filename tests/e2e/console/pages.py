"""The pages of the console by name: each one's address, and the heading that shows that it is drawn."""

from collections.abc import Callable

from playwright.sync_api import Page

from mxtrax.store import mailtests
from tests.e2e.console.conftest import domain
from tests.e2e.console.host import Host


def _at(where: str) -> Callable[[Host], str]:
    return lambda _: where


def _of(name: str) -> Callable[[Host], str]:
    return lambda host: f"#/domains/{domain(host, name).id}"


def _test(host: Host) -> str:
    with host.lock:
        return f"#/tests/{next(mailtests.of_domain(domain(host, 'orchard').key, limit=1)).testid}"


def _mail(host: Host) -> str:
    with host.lock:
        return f"#/unmatched/{min(host.stage.inbox('unmatched/')).rpartition('/')[2]}"


PAGES: dict[str, tuple[Callable[[Host], str], str]] = {
    "now": (_at("#/"), ""),  # its heading depends on the state
    "domains": (_at("#/domains"), "Domains"),
    "failing domain": (_of("lighthouse"), "Latest tests"),
    "test": (_test, "Details"),
    "new domain": (_of("newcomer"), "Set it up in three steps"),
    "incidents": (_at("#/incidents"), "Incidents"),
    "wallboard": (_at("#/wall"), "Mail now"),
    "customers": (_at("#/customers"), "Customers"),
    "customer": (_at("#/customers/acme"), "Acme Ltd"),
    "customer in trouble": (_at("#/customers/lantern"), "30 days on time"),
    "month": (_at("#/customers/acme/month"), "Domains"),
    "set-up": (_at("#/set-up"), "Set-up"),
    "maintenance": (_at("#/maintenance"), "Maintenance"),
    "unmatched mails": (_at("#/unmatched"), "Unmatched mail"),
    "unmatched mail": (_mail, "Source"),
    "settings": (_at("#/config"), "Settings"),
    "channels": (_at("#/channels"), "Channels"),
    "users": (_at("#/users"), "Users"),
    "audit": (_at("#/audit"), "Audit"),
}


def visit(page: Page, host: Host, name: str) -> None:
    """Go to a page by name, whatever it shows to whom, and wait until nothing more comes."""
    page.goto(f"{host.url}/{PAGES[name][0](host)}")
    page.locator(".waiting").wait_for(state="detached")
    page.wait_for_load_state("networkidle")


def show(page: Page, host: Host, name: str) -> None:
    """Go to a page by name, and wait until it is drawn."""
    visit(page, host, name)
    page.locator("main").get_by_role("heading", name=PAGES[name][1]).first.wait_for()
    page.wait_for_load_state("networkidle")
