"""What operators publish for people who do not sign in: a month, a note to all, a wallboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from mxtrax.runtime import memory
from tests.e2e.console.conftest import LINK, SignedIn, faults, publish, screen, wide
from tests.e2e.console.hand import fill
from tests.e2e.console.host import Host


@pytest.fixture(scope="module", autouse=True)
def public(host: Host) -> None:
    """Give a customer a public page."""
    publish(host, "acme")


@pytest.fixture
def stranger(browser: Browser, host: Host) -> Iterator[Page]:
    """Give a page of somebody who has not signed in, before a worker that is new."""
    with browser.new_context(locale="en-GB", timezone_id="Europe/Berlin") as strangers:
        with host.lock:
            memory.reset()
        page = strangers.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        yield page
        assert [it for it in complaints if "Failed to load resource" not in it] == []


def test_a_month_is_handed_on(signed_in: SignedIn, stranger: Page) -> None:
    """Operators see its link; people with the link see the month without mailboxes, and earlier months."""
    page = signed_in("otto", "#/customers/acme/month")
    page.get_by_role("button", name="Public link").click()
    link = page.get_by_role("dialog").get_by_label("Link", exact=True).input_value()
    assert re.search(r"/status/p{32}/month/\d{4}-\d\d$", link)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Acme Ltd")
    expect(stranger.get_by_role("row", name="foundry.example")).to_be_visible()
    expect(stranger.locator("body")).not_to_contain_text("mxtrax@")
    assert faults(stranger) == []
    for scheme, width in (("dark", 375), ("light", 1440)):
        screen(stranger, scheme, width)
        assert wide(stranger) <= width
        assert faults(stranger) == []
    stranger.get_by_role("navigation").get_by_role("link").last.click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Acme Ltd")
    stranger.get_by_role("link", name="Mail now").click()
    stranger.get_by_role("link", name="Monthly reports").click()
    expect(stranger.get_by_role("heading", name="Domains")).to_be_visible()


def test_a_viewer_hands_no_month_on(signed_in: SignedIn) -> None:
    """The link is for operators."""
    page = signed_in("vera", "#/customers/acme/month")
    page.get_by_role("button", name="CSV").wait_for()
    expect(page.get_by_role("button", name="Public link")).to_have_count(0)


def test_all_customers_are_told_something_at_once(signed_in: SignedIn, host: Host, stranger: Page) -> None:
    """By an operator, on every public page; and it is withdrawn again."""
    page = signed_in("otto", "#/customers")
    page.get_by_role("button", name="Note to all").click()
    fill(page.get_by_role("dialog"), {"Note": "A provider has trouble.\n<b>We are on it.</b>"}, "Save")
    expect(page.get_by_text("Every public page says it within a minute.")).to_be_visible()
    stranger.goto(f"{host.url}/status/{LINK}")
    expect(stranger.get_by_label("Note to all customers")).to_contain_text("<b>We are on it.</b>")
    page.get_by_role("button", name="Note to all").click()
    fill(page.get_by_role("dialog"), {"Note": ""}, "Save")
    expect(page.get_by_text("No public page says it any more.")).to_be_visible()
    with host.lock:
        memory.reset()
    stranger.reload()
    expect(stranger.get_by_label("Note to all customers")).to_have_count(0)


def test_a_screen_shows_the_wallboard_by_its_link(signed_in: SignedIn, host: Host, stranger: Page) -> None:
    """Made and ended by an admin, shown once; the screen shows the fleet, and nothing there can be pressed."""
    page = signed_in("anna", "#/config")
    page.get_by_role("button", name="Wallboard links").click()
    page.get_by_role("dialog").get_by_role("button", name="Make a link").click()
    page.get_by_role("dialog", name="Make a wallboard link").get_by_label("Name").fill("Kitchen <b>")
    page.get_by_role("dialog", name="Make a wallboard link").get_by_role("button", name="Make it").click()
    shown = page.get_by_role("dialog", name="Link for Kitchen <b>")
    link = shown.get_by_label("Link", exact=True).input_value()
    assert faults(page) == []
    stranger.goto(link)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Mail now")
    rows = stranger.get_by_label("Failing and suspect domains")
    expect(rows.get_by_role("listitem").first).to_contain_text("Down")
    expect(rows).to_contain_text("foundry.example")
    assert stranger.locator("a, button, input").count() == 0
    for width, height in ((1920, 1080), (375, 800)):
        stranger.set_viewport_size({"width": width, "height": height})
        assert wide(stranger) <= width
        assert faults(stranger) == []
    stranger.set_viewport_size({"width": 1920, "height": 1080})
    assert stranger.evaluate("document.documentElement.scrollHeight") <= 1080
    look = "() => look().then(() => document.querySelector('.lost').hidden)"
    stranger.evaluate("document.querySelector('h1').textContent = 'old'")
    assert stranger.evaluate(look) is True
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Mail now")
    shown.get_by_role("button", name="Close").click()
    links = page.get_by_role("dialog", name="Wallboard links")
    expect(links).to_contain_text("Kitchen <b>")
    links.get_by_role("button", name="End Kitchen <b>").click()
    page.get_by_role("dialog", name="End the link").get_by_role("button", name="End it").click()
    expect(links).to_contain_text("No links yet.")
    with host.lock:
        memory.reset()
    assert stranger.evaluate(look) is False
    expect(stranger.get_by_role("alert")).to_contain_text("the link was ended")
    answer = stranger.goto(link)
    assert answer is not None
    assert answer.status == 404
