"""Every page and dialog is accessible: by axe, in light and dark, on a phone and on a large screen."""

import pytest
from playwright.sync_api import expect

from tests.e2e.console.conftest import SignedIn, faults, wide
from tests.e2e.console.host import Host
from tests.e2e.console.pages import PAGES, show
from tests.e2e.console.running import surround


@pytest.fixture(scope="module", autouse=True)
def busy(host: Host) -> None:
    """Let mail come that belongs to no test, and plan maintenance that is on now, each week, and to come."""
    with host.lock:
        surround(host)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(signed_in: SignedIn, host: Host, name: str, scheme: str) -> None:
    """Contrast, names, roles and order, in light and dark."""
    page = signed_in()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    show(page, host, name)
    assert faults(page) == []


@pytest.mark.parametrize(
    ("name", "button"),
    [
        ("customers", "Import CSV"),
        ("customers", "Add a customer"),
        ("customer", "Edit"),
        ("customer", "Add a domain"),
        ("maintenance", "Plan maintenance"),
        ("unmatched mail", "Delete"),
        ("users", "Invite somebody"),
        ("users", "Change otto"),
        ("users", "Delete otto"),
    ],
)
def test_every_dialog_is_fit_for_everybody(signed_in: SignedIn, host: Host, name: str, button: str) -> None:
    """Axe finds nothing serious in it, it fits on a phone, and Escape closes it without any change."""
    page = signed_in()
    page.set_viewport_size({"width": 375, "height": 800})
    show(page, host, name)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page) == []
    assert wide(page) <= 375
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
