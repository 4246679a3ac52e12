"""The overview, the incidents and the wallboard: what one sees at a glance, and that refreshes do not disturb."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from mxtrax.model import HOUR, MINUTE, MONITOR, Cause, Incident
from mxtrax.store import fleet as stored
from mxtrax.store import mapping
from tests.e2e.console.conftest import SignedIn, domain, faults, wide
from tests.e2e.console.hand import fill
from tests.e2e.console.host import Host
from tests.e2e.console.test_live import look

EVIDENCE = "2 of 2 control domains fail, and so do 9 of 14 providers."


@contextmanager
def trouble(host: Host, name: str, cause: Cause) -> Iterator[None]:
    """Let the monitor itself have a problem for a while."""
    now = host.stage.clock()
    it = Incident(id=name, maildomain=MONITOR, opened=now - 10 * MINUTE, cause=cause, evidence=EVIDENCE, due=now + HOUR)
    with host.lock:
        mapping.incident_row(it).save()
    try:
        yield
    finally:
        with host.lock:
            mapping.incident_row(replace(it, closed=host.stage.clock())).save()


def rows(page: Page) -> list[str]:
    """Give the domains of the list in their order."""
    return page.locator("tbody td.address > a").all_inner_texts()


# --- the monitor itself ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["#/domains", "#/wall"])
def test_trouble_of_the_monitor_itself_stands_above_all(signed_in: SignedIn, host: Host, where: str) -> None:
    """Since when, on what evidence, and that nobody is notified meanwhile; once it is over the banner is gone."""
    page = signed_in("vera")
    page.goto(f"{host.url}/{where}")
    page.get_by_role("heading", level=1).wait_for()
    expect(page.get_by_role("alert")).to_have_count(0)
    with trouble(host, "self-check", Cause.MONITOR_FAULT):
        look(page)
        expect(page.get_by_role("alert")).to_contain_text("The monitor itself has been in trouble since")
        expect(page.get_by_role("alert")).to_contain_text(EVIDENCE)
        assert faults(page) == []
    look(page)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_storm_is_told_beside_an_own_fault(signed_in: SignedIn, host: Host) -> None:
    """Both are shown, each with its own words."""
    with trouble(host, "self-check", Cause.MONITOR_FAULT), trouble(host, "storm", Cause.STORM):
        page = signed_in("vera")
        expect(page.get_by_role("alert")).to_have_count(2)
        expect(page.get_by_role("alert").last).to_contain_text("Far more mail has come back than was sent")


# --- looking on -----------------------------------------------------------------------------------------------------


def test_every_test_of_a_strip_can_be_asked_and_a_strip_is_one_stop(signed_in: SignedIn) -> None:
    """Each cell has the time and the verdict in its name; the Tab key stops once at each strip."""
    page = signed_in("vera")
    strips = page.locator("tbody .strip")
    expect(strips).to_have_count(7)
    assert page.locator(".strip i[tabindex='0']").count() == strips.count()
    names = page.locator(".strip i[role=img]").evaluate_all("them => them.map((it) => it.getAttribute('aria-label'))")
    assert len(names) > 300
    verdicts = r"on time|late|overdue|failed|in flight|not sent"
    assert [name for name in names if not re.search(rf"\d\d:\d\d.*, ({verdicts})", name)] == []


# --- many at once ---------------------------------------------------------------------------------------------------


def test_many_are_changed_after_a_look_at_what_would_be(signed_in: SignedIn, host: Host) -> None:
    """From one tick to another with Shift; the preview changes nothing; the second press does it; then nothing is chosen."""
    page = signed_in("otto", "#/domains?sort=name")
    expect(page.locator("tbody tr")).to_have_count(8)
    expect(page.get_by_role("button", name=re.compile(r"^Edit \d"))).to_have_count(0)
    first, third = page.locator("tbody input[type=checkbox]").nth(0), page.locator("tbody input[type=checkbox]").nth(2)
    first.click()
    third.click(modifiers=["Shift"])
    expect(page.get_by_role("group", name="What is chosen")).to_contain_text("3 domains chosen")
    assert faults(page) == []
    page.get_by_role("button", name=re.compile(r"^Edit \d")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What to do").select_option("Change the limit of missing tests")
    fill(dialog, {"At most, such as": "many"}, "Go on")
    expect(dialog.get_by_role("alert")).to_contain_text("“many” is not a number or a share")
    fill(dialog, {"At most, such as": "12 %"}, "Go on")
    expect(dialog).to_contain_text("mxtrax@foundry.example")
    expect(dialog.locator("ins", has_text="12 %")).to_have_count(3)
    expect(dialog.locator("ins", has_text="none")).to_have_count(3)
    with host.lock:
        assert percentages(host) == {None}
    dialog.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("3 domains are changed.")).to_be_visible()
    with host.lock:
        assert percentages(host) == {12.0}
    expect(page.get_by_role("group", name="What is chosen")).to_have_count(0)


def percentages(host: Host) -> set[float | None]:
    """Give what is set of the first three domains by name."""
    keys = [domain(host, name).key for name in ("foundry", "harbour", "lighthouse")]
    return {it.maxfailpercentage for it in stored.by_keys(keys).values()}


def test_what_is_chosen_stays_so_while_one_goes_on_searching(signed_in: SignedIn) -> None:
    """All shown are chosen at once; under another filter they are still chosen, and it says that they are not shown."""
    page = signed_in("otto", "#/domains?status=down")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Choose all shown").check()
    page.get_by_role("link", name=re.compile("1 Suspect")).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    chosen = page.get_by_role("group", name="What is chosen")
    expect(chosen).to_contain_text("2 domains chosen, 2 of them not shown here")
    chosen.get_by_role("button", name="Choose none").click()
    expect(chosen).to_have_count(0)


def test_a_viewer_chooses_nothing(signed_in: SignedIn) -> None:
    """There are no checkboxes if nothing may be changed."""
    page = signed_in("vera")
    expect(page.locator("tbody tr")).to_have_count(8)
    assert page.locator("table input[type=checkbox]").count() == 0


def test_the_order_is_kept_in_the_address(signed_in: SignedIn) -> None:
    """It stays sorted by name after a reload, and a tag filters as well, as a chip that can be removed."""
    page = signed_in("vera")
    page.get_by_label("Order").select_option("Domain, Z to A")
    page.wait_for_url(re.compile("sort=-name"))
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(8)
    names = rows(page)
    assert names == sorted(names, reverse=True)
    page.get_by_role("link", name="vip").first.click()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_role("group", name="Filters")).to_contain_text("Tag: vip")
    page.get_by_role("link", name="Clear").click()
    expect(page.locator("tbody tr")).to_have_count(8)


# --- incidents and the wall -----------------------------------------------------------------------------------------


def test_the_log_tells_what_was_told_and_lets_one_read_on(signed_in: SignedIn, host: Host) -> None:
    """The monitor's own problem can be read at once; opened evidence stays open during refreshes."""
    page = signed_in("vera", "#/incidents")
    lighthouse = page.get_by_role("row", name="lighthouse").first
    lighthouse.locator("summary").click()
    expect(lighthouse.locator("blockquote")).to_be_visible()
    with trouble(host, "self-check", Cause.MONITOR_FAULT):
        look(page)
        own = page.get_by_role("row", name="The monitor itself is in trouble")
        expect(own).to_contain_text(EVIDENCE)
        expect(own).to_contain_text("not yet")
        expect(lighthouse.locator("blockquote")).to_be_visible()
    page.get_by_label("Customer (code)").fill("lantern")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("combobox", name="Show").select_option("Closed")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Clear").click()
    expect(page.locator("tbody tr")).not_to_have_count(1)
    page.get_by_role("row", name="quarry").first.get_by_role("link", name="mxtrax@quarry.example").click()
    page.wait_for_url(re.compile(rf"#/domains/{domain(host, 'quarry').id}$"))


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (375, 800)])
def test_the_wallboard_is_large_and_only_looks(signed_in: SignedIn, host: Host, width: int, height: int) -> None:
    """On a large screen names and numbers are as tall as it takes from five metres; nothing can be pressed."""
    page = signed_in("vera")
    page.goto(f"{host.url}/#/wall")
    page.set_viewport_size({"width": width, "height": height})
    page.get_by_role("row", name="quarry").wait_for()
    assert page.locator("main button, main input, main select").count() == 0
    expect(page).to_have_title("(3) Wallboard · MXTRAX")
    assert wide(page) <= width
    sizes = "them => them.map((it) => parseFloat(getComputedStyle(it).fontSize))"
    tall = page.locator(".counts b, td.address strong").evaluate_all(sizes)
    assert min(tall) >= (36 if width > 1000 else 15)
    assert max(tall) >= (100 if width > 1000 else 30)


def test_the_wallboard_shows_as_many_of_the_worst_as_the_screen_holds(signed_in: SignedIn, host: Host) -> None:
    """On a low screen the last rows are replaced by their number; nothing needs scrolling."""
    page = signed_in("vera")
    page.set_viewport_size({"width": 1000, "height": 280})
    page.goto(f"{host.url}/#/wall")
    expect(page.get_by_text(re.compile(r"and \d more"))).to_be_visible()
    shown = page.locator("tbody tr:visible")
    assert 1 <= shown.count() <= 3
    expect(shown.first).to_contain_text("Down")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_the_stop_of_a_strip_goes_where_the_focus_goes(signed_in: SignedIn) -> None:
    """After a walk with the arrows Tab leaves the strip, and comes back to the same cell."""
    page = signed_in("vera")
    cells = page.get_by_role("row", name="quarry").locator(".strip i[role=img]")
    cells.last.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    expect(cells.nth(56)).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(cells.nth(56)).to_be_focused()
