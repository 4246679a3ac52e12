"""A new stack: what its pages say, and the first import."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Route, expect

from mxtrax.store import fleet
from tests.e2e.console.conftest import enter
from tests.e2e.console.host import Host

HEAD = ("Customer.friendlyname", "Customer.codename", "MailDomain.testuser", "MailDomain.domainname")


def open_at(context: BrowserContext, host: Host, where: str) -> Page:
    """Sign anna in at a page."""
    page = context.new_page()
    page.goto(f"{host.url}/#/{where}")
    enter(page, "anna")
    return page


def test_a_file_comes_in_part_by_part(context: BrowserContext, empty_host: Host, tmp_path: Path) -> None:
    """Quoted line ends, a bad row and UTF-16 as spreadsheets write it: each row once, with visible progress."""
    rows = [f'"Customer; no. {n % 3}";c{n % 3};test;d{n}.example' for n in range(600)]
    rows.insert(400, '"Bad\r\nrow";bad;test;not a domain')
    path = tmp_path / "fleet.csv"
    path.write_bytes("\r\n".join([";".join(HEAD), *rows]).encode("utf-16"))
    page = open_at(context, empty_host, "customers")
    page.get_by_role("button", name="Import CSV").click()
    page.get_by_role("dialog").get_by_label("File").set_input_files(path)
    expect(page.get_by_role("dialog").locator("dl")).to_have_text("Rows601New600There already0Cannot be imported1")
    page.get_by_role("dialog").get_by_role("button", name="Import").click()
    expect(page.get_by_role("dialog").get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text("600 domains imported; 0 already existed, 1 could not be imported.")).to_be_visible(
        timeout=60_000
    )
    asked = [each for each in empty_host.asked if each == "POST /api/v3/maildomains/import"]
    assert len(asked) == 1 + 3
    with empty_host.lock:
        assert fleet.count("") == 600


def test_an_import_that_is_cut_short_says_how_far_it_came(
    context: BrowserContext, empty_host: Host, tmp_path: Path
) -> None:
    """Completed parts stay; the next press continues, and nothing is imported twice."""
    path = tmp_path / "fleet.csv"
    path.write_text("\n".join([",".join(HEAD), *(f"Acme,acme,test,d{n}.example" for n in range(300))]))
    page = open_at(context, empty_host, "customers")
    page.get_by_role("button", name="Import CSV").click()
    page.get_by_role("dialog").get_by_label("File").set_input_files(path)
    expect(page.get_by_role("dialog").locator("dl")).to_contain_text("New300")
    parts = 0

    def second_fails(route: Route) -> None:
        nonlocal parts
        parts += 1
        if parts == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/maildomains/import", second_fails)
    page.get_by_role("dialog").get_by_role("button", name="Import").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("250 rows of 300 are done.", timeout=30_000)
    page.get_by_role("dialog").get_by_role("button", name="Import").click()
    expect(page.get_by_text("50 domains imported; 250 already existed, 0 could not be imported.")).to_be_visible(
        timeout=30_000
    )


def test_empty_pages_say_what_to_do_first(context: BrowserContext, empty_host: Host) -> None:
    """Of a stack that is new."""
    page = open_at(context, empty_host, "customers")
    for where, words in {
        "customers": "Bring them in with their domains as a CSV file",
        "maintenance": "Plan one with the button above",
        "unmatched": "Nothing needs to be done.",
        "audit": "Every change of settings, domains, customers, maintenance and users appears here",
    }.items():
        page.goto(f"{empty_host.url}/#/{where}")
        expect(page.locator(".quiet")).to_contain_text(words)
