"""Failures without notices: counted and filtered in the list of domains, quiet separate from on hold."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from mxtrax.model import HOUR, Scope, Stretch, Window
from mxtrax.store import runtime, windows
from tests.e2e.console.conftest import SignedIn, faults
from tests.e2e.console.host import Host


@pytest.fixture(autouse=True)
def _flagged(host: Host) -> Iterator[None]:
    """Open a window for one customer, and let the others' failures be held because the fault may be ours."""
    with host.lock:
        now = host.stage.clock()
        start, end = (host.stage.iso()[:10] + at for at in ("T00:00", "T23:59"))
        windows.save(Window(id="on", scope=Scope.CUSTOMER, target="lantern", start=start, end=end))
        runtime.save_faults([Stretch(now - 4 * HOUR, None, now)])
    yield
    with host.lock:
        windows.remove(next(it for it in windows.everything() if it.id == "on"))
        runtime.save_faults([])


def counted(page: Page) -> list[str]:
    """Give the counts above the list that are pressed."""
    return [" ".join(it.split()) for it in page.locator('.counts [aria-current="true"]').all_inner_texts()]


def test_quiet_and_held_are_counted_and_filter(signed_in: SignedIn, host: Host) -> None:
    """One press each; it is in the address, combines with a search, and another press removes it."""
    page = signed_in("vera", "#/domains")
    counts = page.get_by_role("list", name="How many domains have each status")
    quiet, held = (counts.get_by_role("link", name=name) for name in ("Quiet", "On hold"))
    expect(quiet).to_have_text("1 Quiet")
    expect(held).to_have_text("2 On hold")
    quiet.click()
    page.wait_for_url(re.compile("flag=quiet"))
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("quiet until")
    assert counted(page) == ["1 Quiet"]
    held.click()
    page.wait_for_url(re.compile("flag=held"))
    expect(page.locator("tbody tr")).to_have_count(2)
    for row in page.locator("tbody tr").all():
        expect(row).to_contain_text("on hold")
    assert faults(page) == []
    page.get_by_label("Search").fill("foundry")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert counted(page) == ["2 On hold"]
    held.click()
    page.wait_for_url(lambda url: "flag" not in url)
    page.get_by_label("Search").fill("")
    expect(page.locator("tbody tr")).to_have_count(8)


def test_home_counts_them_apart(signed_in: SignedIn) -> None:
    """Nothing that may be well is called down; quiet and held ones are shown next to the number, and after the others."""
    page = signed_in("vera", "")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 customer may be down, or the fault is ours")
    expect(page.locator(".besides")).to_contain_text("1 failing, but quiet")
    expect(page.locator(".trouble.resting")).to_have_count(3)
    expect(page.locator(".trouble").last).to_contain_text("quiet until")
