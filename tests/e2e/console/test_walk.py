"""Every page of the menu, opened in every role: no request goes to other hosts, and no error is logged."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.console.conftest import SignedIn, domain
from tests.e2e.console.host import Host

PAGES = {
    "anna": 12,
    "otto": 9,
    "vera": 9,
    "carl": 6,
}
"""Who is walking, and how many pages their menu has: an admin, an operator, a viewer, and a viewer of one customer."""


@pytest.mark.parametrize("name", PAGES)
def test_everybody_walks_the_whole_menu(signed_in: SignedIn, context: BrowserContext, host: Host, name: str) -> None:
    """Each page shows itself by its heading; all that the browser asks for comes from the console's own host."""
    asked: set[str] = set()
    context.on("request", lambda it: asked.add(it.url))
    page = signed_in(name)
    menu = page.get_by_role("navigation", name="Pages").get_by_role("link")
    words = menu.all_inner_texts()
    assert len(words) == PAGES[name]
    for word in [it for it in words if it not in {"Now", "Wallboard"}]:
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=word, exact=True).click()
        expect(page.get_by_role("heading", name=word, level=1)).to_be_visible()
        expect(page.get_by_role("alert").filter(has_text="Try again")).to_have_count(0)
    page.goto(f"{host.url}/#/domains/{domain(host, 'quarry').id}?days=1")
    page.get_by_role("heading", name="Latest tests").wait_for()
    page.goto(f"{host.url}/#/wall")
    page.get_by_role("heading", name="Mail now").wait_for()
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(host.url).netloc}


def test_the_page_runs_nothing_but_its_own_files(signed_in: SignedIn, browser: Browser, host: Host) -> None:
    """The browser holds the page to its policy: no script or style in the page, no HTML out of text, no other host."""
    page = signed_in("vera")
    answer = page.request.get(host.url)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.locator("script:not([src]), style, [onclick], [onload]").count() == 0
    refused = """async () => {
      const tried = [];
      try { document.body.innerHTML = "<b>x</b>"; } catch (error) { tried.push(error.name); }
      await fetch("https://elsewhere.example/").catch((error) => tried.push(error.name));
      return tried;
    }"""
    with browser.new_context() as other:  # whose complaints are expected here
        stranger = other.new_page()
        stranger.goto(host.url)
        assert stranger.evaluate(refused) == ["TypeError", "TypeError"]
