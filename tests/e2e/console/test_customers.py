"""The customers in Chromium: a list with each one's status, the page of one, and its month."""

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.console.conftest import SignedIn, faults


def test_customers_are_listed_with_how_they_are(signed_in: SignedIn) -> None:
    """The worst first, with how many of its domains fail and thirty days; found by a part of the name."""
    page = signed_in("vera", "#/customers")
    acme = page.get_by_role("row", name="Acme Ltd")
    expect(acme).to_contain_text("Down")
    expect(acme).to_contain_text("2 of 7 domains")
    expect(acme.locator(".strip i[role=img]")).to_have_count(30)
    page.get_by_label("Search").fill("acme l")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("Search").fill("nobody")
    page.get_by_role("link", name="Show all customers").click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_a_customer_is_a_home(signed_in: SignedIn) -> None:
    """Its domains, thirty days, incidents, maintenance, and who is notified."""
    page = signed_in("otto", "#/customers/acme")
    for heading in ("30 days on time", "Incidents", "Who is notified", "Maintenance", "Public status page"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator("tbody tr", has_text="foundry").first).to_contain_text("Down")
    assert faults(page) == []


def test_a_month_is_two_presses_away_and_comes_as_a_file(signed_in: SignedIn, tmp_path: Path) -> None:
    """From the list to the customer to its month: the share, the target, what was used; then the file."""
    page = signed_in("carl", "#/customers")
    page.get_by_role("link", name="Acme Ltd", exact=True).click()
    page.get_by_role("link", name="Monthly report").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Acme Ltd, ")
    expect(page.locator(".share")).to_contain_text("the target is 99.9 %")
    expect(page.get_by_role("region", name="Domains")).to_contain_text("mxtrax@foundry.example")
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert [row["domain"] for row in csv.DictReader(io.StringIO(text))][-1] == "all"
    page.get_by_role("link", name="Earlier").click()
    page.wait_for_url(re.compile(r"month=\d{4}-\d{2}"))
    expect(page.get_by_role("link", name="Later")).to_be_visible()
