"""A customer's public page as a stranger's browser shows it."""

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from mxtrax.runtime import memory
from tests.e2e.console.conftest import LINK, SignedIn, faults, publish, screen, wide
from tests.e2e.console.fleet import HOSTILE
from tests.e2e.console.host import Host
from tests.unit.rules.test_branding import png


@pytest.fixture(scope="module", autouse=True)
def public(host: Host) -> None:
    """Give the customer with the most malicious name a public page."""
    publish(host, "lantern")


@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_public_page_is_fit_to_be_seen(context: BrowserContext, host: Host, scheme: str, width: int) -> None:
    """Axe finds nothing serious, nothing is wider than the screen, and the policy lets the page's own style through."""
    page = context.new_page()
    screen(page, scheme, width)
    page.goto(f"{host.url}/status/{LINK}")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(page.get_by_role("list").last.get_by_role("listitem").first).to_contain_text("lighthouse.example")
    assert faults(page) == []
    assert wide(page) <= width
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(15, 20, 25)" if scheme == "dark" else "rgb(244, 246, 248)")


def test_times_stand_in_the_readers_zone(browser: Browser, host: Host) -> None:
    """If scripts may run; otherwise in UTC, so that nobody mistakes the time zone."""
    page_of = f"{host.url}/status/{LINK}"
    for script, zone in ((True, "GMT-3"), (False, "UTC")):
        with browser.new_context(timezone_id="America/Sao_Paulo", java_script_enabled=script) as strangers:
            page = strangers.new_page()
            page.goto(page_of)
            times = page.locator("time")
            expect(times.last).to_contain_text(zone)
            assert times.count() == len([it for it in times.all_inner_texts() if zone in it])


def test_a_badge_is_an_image_in_other_peoples_pages(browser: Browser, host: Host) -> None:
    """It loads there, and has a size."""
    with browser.new_context() as strangers:
        page = strangers.new_page()
        page.set_content(f'<img alt="Mail status" src="{host.url}/status/{LINK}/badge.svg">')
        badge = page.get_by_alt_text("Mail status")
        expect(badge).to_be_visible()
        page.wait_for_function("() => document.images[0].complete")
        assert badge.evaluate("it => it.naturalWidth") > 60


def test_a_public_page_says_whom_it_is_from(signed_in: SignedIn, browser: Browser, host: Host) -> None:
    """What an admin sets is on the page: name, logo and contact."""
    page = signed_in("anna")
    page.goto(f"{host.url}/#/config")
    page.get_by_role("button", name="Public pages").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Northern Mail")
    dialog.get_by_label("Contact").fill("help@operator.example")
    dialog.get_by_label("Logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": png(40, 20)})
    expect(dialog.get_by_alt_text("The logo")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Public pages show it within a minute.")).to_be_visible()
    with browser.new_context() as strangers:
        with host.lock:
            memory.reset()
        public_page = strangers.new_page()
        public_page.goto(f"{host.url}/status/{LINK}")
        expect(public_page.locator("header")).to_contain_text("Northern Mail")
        assert public_page.get_by_alt_text("Northern Mail").evaluate("it => it.naturalWidth") == 40
        expect(public_page.get_by_role("link", name="help@operator.example")).to_be_visible()
