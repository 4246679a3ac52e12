"""Every page in every role: on screens from 320 to 1440 px, light and dark, in forced colours, and on paper."""

import re
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import html
from tests.e2e.console.conftest import SignedIn, faults, screen, wide
from tests.e2e.console.host import Host
from tests.e2e.console.pages import PAGES, show, visit
from tests.e2e.console.running import surround

CONSOLE = Path(__file__).parents[3] / "functions/console"
WIDTHS = (320, 375, 768, 1000, 1280, 1440)
WIDER = "it => [...it.querySelectorAll('.list')].filter(each => each.scrollWidth > each.clientWidth + 1).length"
"""How many of the lists have to be scrolled sideways."""


@pytest.fixture(scope="module", autouse=True)
def busy(host: Host) -> None:
    """Let mail with hostile words come that belongs to no test, and plan maintenance."""
    with host.lock:
        surround(host)


def test_no_page_is_forgotten(host: Host) -> None:
    """Each page that the console can open is in the list by name, which these tests and those of axe use."""
    opened = set(re.findall(r'^  "?([a-z-]+)"?: async \(', (CONSOLE / "app.js").read_text(), re.MULTILINE))
    listed = {where(host).removeprefix("#/").partition("/")[0] or "now" for where, _ in PAGES.values()}
    assert {"now", "tests", "set-up", "audit"} <= opened == listed


@pytest.mark.parametrize("name", ["anna", "otto", "vera", "carl"])
def test_no_page_complains_or_runs_off_the_screen(signed_in: SignedIn, host: Host, name: str) -> None:
    """The browser's console stays empty on every screen, and neither the page nor a list needs sideways scrolling."""
    page = signed_in(name, "#/")
    for where in PAGES:
        visit(page, host, where)
        for scheme, width in product(("light", "dark"), WIDTHS):
            screen(page, scheme, width)
            assert wide(page) <= width, (where, width)
            assert page.locator("main").evaluate(WIDER) == 0, (where, width)
            box = page.get_by_role("link", name="Monitor OK").bounding_box()  # always in sight, with a word
            assert box, (where, width)
            assert (box["y"] < 100, box["x"] + box["width"] <= width) == (True, True), (where, width)
        expect(page.get_by_text("Something went wrong on this page.")).to_have_count(0)
        assert page.locator("img[onerror], main script").count() == 0


def test_a_linter_of_html_finds_no_error(signed_in: SignedIn, host: Host, tmp_path: Path) -> None:
    """In what the browser has built of each page."""
    page, built = signed_in("anna", "#/"), {}
    for name in PAGES:
        show(page, host, name)
        built[name.replace(" ", "-")] = page.content()
    assert html.faults(built, tmp_path, leave_out=html.OF_THE_CONSOLE) == []


def test_forced_colours_leave_every_sign(signed_in: SignedIn, host: Host) -> None:
    """With the system's own colours, a strip still shows its cells, a status its shape, and axe finds nothing."""
    page = signed_in("otto", "#/domains")
    page.emulate_media(forced_colors="active", color_scheme="dark")
    page.locator("tbody tr").first.wait_for()
    cell = page.locator(".strip i.ontime").first
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert cell.evaluate("it => getComputedStyle(it).backgroundColor") not in {ground, "rgba(0, 0, 0, 0)"}
    assert page.locator(".status svg").first.evaluate("it => it.getBoundingClientRect().width") > 8
    assert faults(page) == []
    show(page, host, "now")
    assert faults(page) == []


def test_a_month_fits_on_paper(signed_in: SignedIn) -> None:
    """Without the menu and without buttons, in light colours, and no wider than a sheet."""
    page = signed_in("otto", "#/customers/acme/month")
    page.get_by_role("heading", name="Left out").wait_for()
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 dots an inch
    expect(page.locator(".rail")).to_be_hidden()
    assert [it for it in page.get_by_role("button").all() if it.is_visible()] == []
    expect(page.locator(".share")).to_be_visible()
    expect(page.get_by_role("region", name="Domains")).to_contain_text("mxtrax@foundry.example")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert wide(page) <= 794
