"""Signing in on the user pool's own pages: by a code with PKCE, with the access token only in memory."""

import re
import time
from collections.abc import Iterator

import boto3
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from mxtrax.runtime import memory
from mxtrax.store import sessions
from tests.e2e.console.conftest import faults
from tests.e2e.console.host import PASSWORD, Host, serving
from tests.e2e.console.pool_pages import Pages
from tests.stage import stage


@pytest.fixture(params=[""])
def managed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """Serve a stack whose people sign in on the user pool's own pages, or with what is named."""
    for name, value in {"DEFAULT_REGION": "eu-west-1", "ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    with stage() as it, serving(it, managed=True, identity_providers=request.param, passkeys="true") as running:
        running.pool.add("otto", "operator")
        running.pool.add("anna", "admin")
        yield running


def pages(host: Host) -> Pages:
    """Give the user pool's own pages."""
    assert host.pages is not None
    return host.pages


def sign_in(page: Page, host: Host, where: str = "") -> None:
    """Go there and come back."""
    page.goto(f"{host.url}/{where}")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Sign out").wait_for()


def test_one_comes_back_to_where_one_was(context: BrowserContext, managed: Host) -> None:
    """No password is typed here; the address shows neither code nor state; no access token is in what the browser keeps."""
    page = context.new_page()
    page.goto(f"{managed.url}/#/customers")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.locator("input").count() == 0
    assert faults(page) == []
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    assert page.url == f"{managed.url}/#/customers"
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert not [token for token in managed.pool.tokens if token in kept]


def test_a_forgotten_password_is_reset_on_the_pools_page(context: BrowserContext, managed: Host) -> None:
    """By people who cannot sign in, from the sign-in page; they come back signed in, to where they wanted to be."""
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


def test_a_passkey_is_added_on_the_pools_page(context: BrowserContext, managed: Host) -> None:
    """It is for the pool's own domain; one comes back signed in, to the page that one was on."""
    page = context.new_page()
    sign_in(page, managed, "#/domains")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(f"{managed.url}/#/domains")
    expect(page.get_by_role("heading", name="Domains")).to_be_visible()
    assert pages(managed).passkeys == 1


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
    """Another person's code is not even exchanged for tokens."""
    page = context.new_page()
    page.goto(f"{managed.url}/?{query}")
    expect(page.get_by_role("alert")).to_contain_text(words)
    assert page.url == f"{managed.url}/"
    assert "POST /oauth2/token" not in managed.asked


def test_a_code_that_was_used_before_signs_nobody_in(context: BrowserContext, managed: Host) -> None:
    """A message says so, and one may sign in again; the same for people who were not admitted."""
    page = context.new_page()

    def used(route: Route) -> None:
        pages(managed).codes.clear()
        route.continue_()

    page.route(re.compile(r"/oauth2/token"), used)
    page.goto(managed.url)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("This sign-in has expired.")
    page.unroute(re.compile(r"/oauth2/token"))
    pages(managed).who = ""
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Access was denied.")


@pytest.mark.parametrize("managed", ["COGNITO,Entra,Okta"], indirect=True)
def test_each_company_has_its_own_button(context: BrowserContext, managed: Host) -> None:
    """It leads straight to that company's pages, and back."""
    page = context.new_page()
    page.goto(f"{managed.url}/#/customers")
    words = ["Sign in", "Sign in with Entra", "Sign in with Okta", "Forgotten your password?"]
    expect(page.get_by_role("button")).to_have_text(words)
    assert faults(page) == []
    page.get_by_role("button", name="Sign in with Okta").click()
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    assert pages(managed).sent_on == ["Okta"]
    assert page.url == f"{managed.url}/#/customers"


@pytest.mark.parametrize("managed", ["Entra"], indirect=True)
def test_without_passwords_there_is_the_companys_button_alone(context: BrowserContext, managed: Host) -> None:
    """Nobody is offered a password that leads nowhere, when signing in or when inviting."""
    page = context.new_page()
    pages(managed).who = "anna"
    page.goto(f"{managed.url}/#/users")
    expect(page.get_by_role("button")).to_have_text(["Sign in with Entra"])
    page.get_by_role("button", name="Sign in with Entra").click()
    page.get_by_role("button", name="Invite somebody").click()
    expect(page.get_by_label("Signs in with").get_by_role("option")).to_have_text(["Entra"])


@pytest.mark.parametrize("managed", ["COGNITO,Entra"], indirect=True)
def test_a_colleague_is_invited_to_the_companys_sign_in(context: BrowserContext, managed: Host) -> None:
    """The list says with what people sign in, and who came through a provider without an invitation."""
    cognito, pool = boto3.client("cognito-idp"), managed.pool.id
    with managed.lock:
        cognito.create_identity_provider(
            UserPoolId=pool,
            ProviderName="Entra",
            ProviderType="OIDC",
            ProviderDetails={"oidc_issuer": "https://e.example"},
        )
    pages(managed).who = "anna"
    page = context.new_page()
    sign_in(page, managed, "#/users")
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("Mail address").fill("ann@operator.example")
    page.get_by_label("Signs in with").select_option("Entra")
    page.get_by_role("button", name="Invite", exact=True).click()
    row = page.locator("tbody tr", has_text="ann@operator.example")
    expect(row).to_contain_text("signs in with Entra")
    assert faults(page) == []


def test_whose_role_changes_goes_on_with_another_token(context: BrowserContext, managed: Host) -> None:
    """Their token is invalid; they are not signed out as long as the refresh token is valid."""
    page = context.new_page()
    sign_in(page, managed, "#/domains")
    page.wait_for_timeout(1_100)  # a token has the second of its issue
    with managed.lock:
        sessions.end(["otto"], time.time_ns() // 1_000_000 - 1_000)
        memory.reset()
    before = set(pages(managed).refreshes)
    page.get_by_role("link", name="Customers", exact=True).click()
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    page.get_by_role("button", name="Sign out").wait_for()
    assert before.isdisjoint(pages(managed).refreshes)


def test_whoever_is_removed_is_signed_out_within_seconds(context: BrowserContext, managed: Host) -> None:
    """Their token is invalid, and cannot be renewed."""
    page = context.new_page()
    sign_in(page, managed, "#/domains")
    with managed.lock:
        sessions.end(["otto"], time.time_ns() // 1_000_000)
        memory.reset()
    pages(managed).refreshes.clear()
    page.get_by_role("link", name="Customers", exact=True).click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_on_one_machine_one_press_is_enough(context: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """For each of those it knows, without a word typed; others have a name and a password."""
    for name, value in {"DEFAULT_REGION": "eu-west-1", "ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    with stage() as it, serving(it, local_people=f"anna,otto {PASSWORD}") as running:
        running.pool.add("otto", "operator")
        page = context.new_page()
        page.goto(f"{running.url}/#/customers")
        expect(page.get_by_role("button")).to_have_text(["Sign in", "anna", "otto"])
        assert faults(page) == []
        page.get_by_role("button", name="otto").click()
        expect(page.get_by_role("heading", name="Customers")).to_be_visible()
