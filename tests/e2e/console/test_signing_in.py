"""Signing in on the user pool's own pages: by a code with PKCE, with the access token in memory alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.console.conftest import faults
from tests.e2e.console.host import Host, serving
from tests.e2e.console.pool_pages import Pages
from tests.stage import stage


@pytest.fixture
def managed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """Serve a stack whose people sign in on the user pool's own pages."""
    for name, value in {"DEFAULT_REGION": "eu-west-1", "ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    with stage() as it, serving(it, managed=True) as running:
        running.pool.add("otto", "operator")
        yield running


def pages(host: Host) -> Pages:
    """Give the user pool's own pages."""
    assert host.pages is not None
    return host.pages


def sign_in(page: Page, host: Host, where: str = "") -> None:
    """Go there and come back."""
    page.goto(f"{host.url}/{where}")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def test_one_comes_back_to_where_one_was(context: BrowserContext, managed: Host) -> None:
    """No password is typed here; the address shows neither code nor state; no access token is in what the browser keeps."""
    page = context.new_page()
    page.goto(f"{managed.url}/#/customers")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.locator("input").count() == 0
    assert faults(page) == []
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    assert page.url == f"{managed.url}/#/customers"
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert not [token for token in managed.pool.tokens if token in kept]


def test_a_forgotten_password_is_reset_on_the_pools_page(context: BrowserContext, managed: Host) -> None:
    """By whom cannot sign in, from the sign-in; they come back signed in, to where they wanted to be."""
    page = context.new_page()
    page.goto(f"{managed.url}/#/customers")
    page.get_by_role("button", name="Forgotten your password?").click()
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    assert page.url == f"{managed.url}/#/customers"
    assert pages(managed).resets == 1


def test_ones_own_password_is_changed_on_the_pools_page(context: BrowserContext, managed: Host) -> None:
    """The console has no token that could; one comes back to the page that one was on."""
    page = context.new_page()
    sign_in(page, managed, "#/domains")
    assert pages(managed).resets == 0
    page.get_by_role("button", name="Change your password").click()
    page.wait_for_url(f"{managed.url}/#/domains")
    expect(page.get_by_role("heading", name="Domains")).to_be_visible()
    assert pages(managed).resets == 1
    assert faults(page) == []


def test_a_reload_goes_on_with_a_refresh_token_that_is_used_once(context: BrowserContext, managed: Host) -> None:
    """It is another one each time; without it, one signs in again."""
    page = context.new_page()
    sign_in(page, managed)
    first = set(pages(managed).refreshes)
    page.reload()
    page.get_by_role("button", name="Sign out").wait_for()
    assert first.isdisjoint(pages(managed).refreshes)
    pages(managed).refreshes.clear()
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_signing_out_voids_what_would_renew_it_and_leaves_by_the_pools_door(
    context: BrowserContext, managed: Host
) -> None:
    """Nothing of the session is left in the browser."""
    page = context.new_page()
    sign_in(page, managed)
    (refresh,) = pages(managed).refreshes
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert pages(managed).revoked == [refresh]
    page.wait_for_function("sessionStorage.length === 0")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("code=stolen&state=guessed", "This sign-in was not started in this window."),
        ("error=access_denied&state=guessed", "This sign-in was not started in this window."),
    ],
)
def test_what_was_not_begun_here_signs_nobody_in(
    context: BrowserContext, managed: Host, query: str, words: str
) -> None:
    """A code that somebody else sends is not even asked for tokens."""
    page = context.new_page()
    page.goto(f"{managed.url}/?{query}")
    expect(page.get_by_role("alert")).to_contain_text(words)
    assert page.url == f"{managed.url}/"
    assert "POST /oauth2/token" not in managed.asked


def test_a_code_that_was_used_before_signs_nobody_in(context: BrowserContext, managed: Host) -> None:
    """It is told, and one may sign in again; so is who has not been let in."""
    page = context.new_page()

    def used(route: Route) -> None:
        pages(managed).codes.clear()
        route.continue_()

    page.route(re.compile(r"/oauth2/token"), used)
    page.goto(managed.url)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("This sign-in has expired.")
    page.unroute(re.compile(r"/oauth2/token"))
    pages(managed).who = ""
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Access was denied.")
