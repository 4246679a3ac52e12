"""The console of the real stack, in the world on one machine: real routes, real login, real mails."""

from playwright.sync_api import BrowserContext, Page, expect

from infra.local.customers import TABLE
from infra.local.users import PASSWORD
from mxtrax.model import State, Verdict
from tests.e2e.conftest import Played
from tests.e2e.console.conftest import enter


def open_at(context: BrowserContext, played: Played, name: str, where: str = "") -> Page:
    """Sign somebody in."""
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{played.world.api_url}/{where}")
    enter(page, name, PASSWORD)
    page.get_by_role("button", name="Sign out").wait_for()
    return page


def test_the_fleet_stands_as_its_customers_behave(context: BrowserContext, played: Played) -> None:
    """After signing in, each misbehaving customer is shown as down, or as slow if its mail still comes back."""
    page = open_at(context, played, "viewer", "#/domains")
    failing = [customer for customer in TABLE if customer.expected.state is State.FAILING]
    steady = [customer for customer in failing if customer.expected.cause]
    for customer in steady:
        word = "Slow" if customer.expected.verdict is Verdict.LATE else "Down"
        expect(page.get_by_role("row", name=customer.domain)).to_contain_text(word)


def test_a_test_is_sent_and_followed_until_it_is_back(context: BrowserContext, played: Played) -> None:
    """From the wiki's link to the domain, and from there a mail goes out and comes back by real SMTP."""
    page = open_at(context, played, "operator", "dash/test@redirect.test/")
    page.get_by_role("button", name="Send a test now").click()
    expect(page.get_by_text("We sent it")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Back in our inbox")).to_be_visible(timeout=30_000)
    expect(page.locator(".legs")).to_contain_text("Their server accepted it")
