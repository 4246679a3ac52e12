"""The page behind a link in a notice, for browsers of people, and of scanners that follow every link."""

from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from mxtrax.model import DAY, HOUR, Cause, Incident
from mxtrax.rules import act_token
from mxtrax.rules.act_token import ActToken
from mxtrax.store import incidents, mapping, runtime, windows
from tests.e2e.console.conftest import faults, screen, wide
from tests.e2e.console.fleet import HOSTILE
from tests.e2e.console.host import Host

NUMBER = "act-1"
EVERYTHING = """() => {
    document.querySelectorAll("a, input, select").forEach((it) => { it.focus(); it.dispatchEvent(new Event("change")); });
    document.querySelectorAll("[onclick], [onload], script").forEach((it) => it.click && it.click());
    window.dispatchEvent(new Event("load"));
    window.dispatchEvent(new Event("pagehide"));
}"""
"""What a script-running scanner does: it lets scripts see a visitor, and presses no button."""


@pytest.fixture
def link(host: Host) -> Iterator[str]:
    """Let a domain fail, and give its link."""
    with host.lock:
        now = host.stage.clock()
        key = host.fleet["lighthouse"].key
        incident = Incident(id=NUMBER, maildomain=key, opened=now - HOUR, cause=Cause.REFUSED, evidence=HOSTILE)
        mapping.incident_row(incident).save()
        before = list(windows.everything())
        token = ActToken(incident=NUMBER, opened=incident.opened, expires=now + DAY, way="mail")
        path = act_token.sign(runtime.act_key(), token)
    yield f"{host.url}/act/{path}"
    with host.lock:
        mapping.incident_row(incident).delete()
        for window in windows.everything():
            if window not in before:
                windows.remove(window)


def state(host: Host) -> tuple[str, int]:
    """Read who is on it, and how many windows there are."""
    with host.lock:
        found = incidents.get(NUMBER)
        assert found
        return found.acknowledged_by, len(windows.everything())


def test_a_scanner_changes_nothing(browser: Browser, host: Host, link: str) -> None:
    """It sends a HEAD, fetches the page, renders it twice with scripts, and tries what scripts may try."""
    before = state(host)
    host.asked.clear()
    for method in ("HEAD", "GET"):
        with urlopen(Request(link, method=method), timeout=20) as answer:  # noqa: S310 -- our own address on loopback
            assert answer.status == 200
    for _ in range(2):
        with browser.new_context() as scanner:
            page = scanner.new_page()
            page.goto(link, wait_until="networkidle")
            page.evaluate(EVERYTHING)
            page.wait_for_timeout(300)
    assert not [it for it in host.asked if it.startswith("POST")]
    assert state(host) == before


def test_a_person_acts_by_keyboard_alone(context: BrowserContext, host: Host, link: str) -> None:
    """Name, button, quiet: each is reached by Tab and has its own name; what was done is said first."""
    _, before = state(host)
    page = context.new_page()
    page.goto(link)
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Your name, so that others see it")).to_be_focused()
    page.keyboard.type("Anna")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="I am on it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Done.")
    expect(page.get_by_text("Anna (by mail)")).to_be_visible()
    assert page.title().startswith("Done.")
    page.get_by_role("button", name="Quiet for 1 hour").press("Space")
    expect(page.locator("dl")).to_contain_text("until 20")
    after = state(host)
    assert after == ("Anna (by mail)", before + 1)
    page.reload()
    assert state(host) == after


def test_it_works_without_scripts(browser: Browser, host: Host, link: str) -> None:
    """And sends no referrer to other sites."""
    with browser.new_context(java_script_enabled=False) as people:
        page = people.new_page()
        page.goto(link)
        page.get_by_role("button", name="I am on it").click()
        expect(page.get_by_role("status")).to_have_text("Done.")
    assert state(host)[0] == "Somebody (by mail)"


def test_no_script_runs_in_it(browser: Browser, link: str) -> None:
    """Should a stranger's words ever get into it as markup, the policy lets none of them run."""
    with browser.new_context() as people:
        page = people.new_page()
        page.goto(link)
        page.evaluate("""() => {
            const it = document.createElement("script");
            it.textContent = "window.ran = true";
            document.body.append(it);
        }""")
        assert not page.evaluate("() => window.ran === true")


@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_fit_to_be_seen(context: BrowserContext, link: str, scheme: str, width: int) -> None:
    """Axe finds nothing serious, nothing is wider than the screen, and the policy lets the page's style through alone."""
    page = context.new_page()
    screen(page, scheme, width)
    page.goto(link)
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    assert faults(page) == []
    assert wide(page) <= width
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(15, 20, 25)" if scheme == "dark" else "rgb(244, 246, 248)")
    assert page.get_by_role("button", name="I am on it").bounding_box()["height"] >= 44  # type: ignore[index]
