"""`make screenshots`: each page of the console, as pictures for the documentation."""

import os
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.console import fleet
from tests.e2e.console.conftest import FLAGS, enter
from tests.e2e.console.host import Host, serving
from tests.stage import stage


def main(folder: Path) -> None:
    """Take all pictures."""
    os.environ |= {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    folder.mkdir(parents=True, exist_ok=True)
    with stage() as it:
        it.now = time.time_ns() // 1_000_000
        added = fleet.people(it.now, harmless=True)
        with serving(it) as host, sync_playwright() as playwright:
            host.fleet.update({domain.domainname.removesuffix(".example"): domain for domain in added})
            host.pool.add("anna", "admin")
            chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            _pictures(chromium, host, folder)
            chromium.close()


def _pictures(chromium: Browser, host: Host, folder: Path) -> None:
    context = chromium.new_context(color_scheme="light", viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto(host.url)
    enter(page, "anna")
    page.get_by_role("link", name="mxtrax@quarry.example").wait_for()
    page.screenshot(path=folder / "overview.png")
    number = host.fleet["quarry"].id
    for what, where, heading in (
        ("domain", f"#/domains/{number}", "Latest tests"),
        ("incidents", "#/incidents", "Incidents"),
        ("customers", "#/customers", "Customers"),
        ("wallboard", "#/wall", "Mail, round trip"),
    ):
        page.goto(f"{host.url}/{where}")
        page.get_by_role("heading", name=heading).wait_for()
        page.mouse.move(0, 0)
        page.wait_for_timeout(400)
        page.screenshot(path=folder / f"{what}.png")
        if what == "domain":
            page.locator("section", has_text="Latest tests").locator("tbody a").first.click()
            page.get_by_role("heading", name="Its way").wait_for()
            page.screenshot(path=folder / "test.png")
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
