"""`make screenshots`: each page of the console, as pictures for the documentation.

`--all` takes every page in light and dark, on a phone, a tablet and a desktop, for review.
"""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from mxtrax.store import customers, mailtests
from tests.e2e.console import fleet
from tests.e2e.console.conftest import FLAGS, enter
from tests.e2e.console.host import Host, serving
from tests.e2e.console.running import surround
from tests.stage import stage

WIDTHS = {"phone": 375, "tablet": 768, "desk": 1440}
LINK = "p" * 32
EVERY = {
    "now": "#/",
    "customers": "#/customers",
    "customer": "#/customers/acme",
    "month": "#/customers/acme/month",
    "domains": "#/domains",
    "domain": "#/domains/{quarry}",
    "set-up-of-one": "#/domains/{newcomer}",
    "test": "#/tests/{test}",
    "incidents": "#/incidents",
    "maintenance": "#/maintenance",
    "set-up": "#/set-up",
    "unmatched": "#/unmatched",
    "wallboard": "#/wall",
    "settings": "#/config",
    "channels": "#/channels",
    "users": "#/users",
    "audit": "#/audit",
    "public": "status/{link}",
}
"""The pages that `--all` takes, by their addresses."""


def main(folder: Path, *, every: bool = False) -> None:
    """Take all pictures."""
    os.environ |= {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    folder.mkdir(parents=True, exist_ok=True)
    with stage() as it:
        it.now = time.time_ns() // 1_000_000
        added = fleet.people(it.now, harmless=True)
        with serving(it) as host, sync_playwright() as playwright:
            host.fleet.update({domain.domainname.removesuffix(".example"): domain for domain in added})
            host.pool.add("anna", "admin")
            host.pool.add("otto", "operator")
            host.pool.add("vera", "viewer", "customer:acme")
            surround(host, harmless=True)
            chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            (_everything if every else _pictures)(chromium, host, folder)
            chromium.close()


def _everything(chromium: Browser, host: Host, folder: Path) -> None:
    host.stage.now = time.time_ns() // 1_000_000
    customer = customers.get("acme")
    assert customer
    customers.save(replace(customer, link=LINK))
    test = next(mailtests.of_domain(host.fleet["quarry"].key, limit=1))
    numbers = {name: host.fleet[name].id for name in ("quarry", "newcomer")}
    known = {**numbers, "test": test.testid, "link": LINK}
    for scheme in ("light", "dark"):
        context = chromium.new_context(color_scheme=scheme, locale="en-GB", timezone_id="Europe/Berlin")
        page = context.new_page()
        page.goto(host.url)
        page.get_by_label("Name").wait_for()
        for size, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=folder / f"sign-in-{size}-{scheme}.png")
        enter(page, "anna")
        page.get_by_role("link", name="mxtrax@quarry.example").wait_for()
        for name, where in EVERY.items():
            page.goto(f"{host.url}/{where.format(**known)}")
            page.wait_for_load_state("networkidle")
            page.locator(".waiting").wait_for(state="detached")
            for size, width in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": 900})
                page.wait_for_timeout(200)
                page.screenshot(path=folder / f"{name}-{size}-{scheme}.png")
        context.close()


def _pictures(chromium: Browser, host: Host, folder: Path) -> None:
    context = chromium.new_context(color_scheme="light", viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto(host.url)
    enter(page, "anna")
    page.get_by_role("link", name="mxtrax@quarry.example").wait_for()
    page.wait_for_timeout(600)
    page.screenshot(path=folder / "now.png")
    page.set_viewport_size({"width": 375, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=folder / "now-phone.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    number = host.fleet["quarry"].id
    for what, where, heading in (
        ("domain", f"#/domains/{number}", "Latest tests"),
        ("domains", "#/domains", "Domains"),
        ("incidents", "#/incidents", "Incidents"),
        ("set-up", f"#/domains/{host.fleet['newcomer'].id}", "Set it up in three steps"),
        ("month", "#/customers/acme/month", "Left out"),
        ("customers", "#/customers", "Customers"),
        ("wallboard", "#/wall", "Mail now"),
    ):
        page.set_viewport_size({"width": 1440, "height": 1960 if what == "domain" else 900})
        page.goto(f"{host.url}/{where}")
        page.get_by_role("heading", name=heading).wait_for()
        page.mouse.move(0, 0)
        page.wait_for_timeout(400)
        page.screenshot(path=folder / f"{what}.png")
        if what == "domain":
            page.set_viewport_size({"width": 1440, "height": 1150})
            page.locator("section", has_text="Latest tests").locator("tbody a").first.click()
            page.get_by_role("heading", name="Timeline").wait_for()
            page.screenshot(path=folder / "test.png")
    _of_running(page, host, folder)
    context.close()


def _of_running(page: Page, host: Host, folder: Path) -> None:
    """Take the operators' pages: with something typed, a link made, and so an audit entry."""

    def take(what: str, where: str, heading: str) -> None:
        page.goto(f"{host.url}/#/{where}")
        page.get_by_role("heading", name=heading, exact=True).wait_for()
        page.wait_for_timeout(400)
        page.evaluate("document.querySelector('.toasts')?.replaceChildren()")
        page.screenshot(path=folder / f"{what}.png")

    page.goto(f"{host.url}/#/config")
    page.get_by_label("Losses allowed").fill("5")
    page.get_by_label("Allowed share of lost tests").fill("10 %")
    page.get_by_role("heading", name="Would stop failing").wait_for()
    page.screenshot(path=folder / "settings.png")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    page.goto(f"{host.url}/#/customers/acme")
    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("group", name="What the page says now").get_by_role("listitem").first.wait_for()
    page.locator(".badge").evaluate("it => it.decode()")
    page.set_viewport_size({"width": 1440, "height": 1150})
    take("customer", "customers/acme", "Acme Ltd")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_role("dialog").get_by_label("Alerts also go to").fill("mail-team@acme.example")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_role("region", name="Who is notified").get_by_text("mail-team").wait_for()
    host.stage.now = time.time_ns() // 1_000_000
    for what, where, heading in (
        ("maintenance", "maintenance", "Maintenance"),
        ("unmatched", "unmatched", "Unmatched mail"),
        ("users", "users", "Users"),
        ("audit", "audit", "Audit"),
    ):
        take(what, where, heading)


if __name__ == "__main__":
    main(Path(sys.argv[1]), every="--all" in sys.argv)
