"""The home page: one sentence, the current problems, and what can be done about them there; and the keys."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect

from mxtrax.store import incidents, windows
from tests.e2e.console.conftest import SignedIn, domain, faults
from tests.e2e.console.hand import fill
from tests.e2e.console.host import Host
from tests.e2e.console.test_live import look


@pytest.fixture(autouse=True)
def _nothing_quiet(host: Host) -> Iterator[None]:
    """Begin and end without the windows that a test makes."""
    yield
    with host.lock:
        for it in windows.everything():
            if it.id != "patches":
                windows.remove(it)


def test_one_sentence_says_how_things_are(signed_in: SignedIn) -> None:
    """How many customers cannot receive mail, and next to it other numbers; the title counts domains."""
    page = signed_in("vera", "")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 customers cannot receive mail")
    expect(page.locator(".besides")).to_have_text("1 domain is slow · 1 suspect · 1 in set-up · 1 paused")
    expect(page).to_have_title("(3) Now · MXTRAX")
    expect(page.get_by_role("link", name="Monitor OK")).to_contain_text(re.compile(r"own loop \d+ (s|min) ago"))
    assert page.locator(".trouble button").count() == 0


def test_a_stack_in_its_first_minute_is_starting(signed_in: SignedIn) -> None:
    """No job has finished a round yet, which is not a problem."""
    page = signed_in("vera", "")

    def begin(route: Route) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "status": 503, "own_loop": None, "ages": dict.fromkeys(told["ages"])})

    page.route("**/api/v3/health", begin)
    page.reload()
    expect(page.get_by_role("link", name="Monitor: starting")).to_be_visible()


def test_an_entry_says_whose_it_is_why_and_what_to_do_next(signed_in: SignedIn) -> None:
    """With the customer's name; what their server said and further steps are unfolded."""
    page = signed_in("otto", "")
    refused = page.locator(".trouble", has_text="lighthouse")
    expect(refused).to_contain_text("Down")
    expect(refused).to_contain_text("Mail is refused")
    expect(refused).to_contain_text("Next: ")
    refused.locator("summary").click()
    expect(refused.locator("blockquote")).to_contain_text("no such user")
    assert faults(page) == []


def test_a_customer_is_made_quiet_in_two_presses_and_counts_no_more(signed_in: SignedIn, host: Host) -> None:
    """The sentence counts what is left, the entry goes last and says until when; ending it takes one press."""
    page = signed_in("otto", "")
    page.locator(".trouble", has_text="lighthouse").get_by_role("button", name="Quiet").click()
    assert faults(page) == []
    page.get_by_role("dialog").get_by_role("button", name="1 hour").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 customer cannot receive mail")
    last = page.locator(".trouble").last
    expect(last).to_contain_text("lighthouse")
    expect(last).to_contain_text(re.compile(r"quiet until \w+ \d\d:\d\d"))
    assert faults(page) == []
    page.goto(f"{host.url}/#/domains?status=down")
    expect(page.get_by_role("row", name="lighthouse")).to_contain_text("quiet until")
    page.goto(f"{host.url}/#/")
    last.get_by_role("button", name="End quiet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 customers cannot receive mail")


def test_everything_is_quiet_only_after_a_question(signed_in: SignedIn, host: Host) -> None:
    """It is on the maintenance page, and asks again before all notices stop."""
    page = signed_in("otto", "#/maintenance")
    page.get_by_role("button", name="Quiet: everything").click()
    page.get_by_role("dialog").get_by_role("button", name="1 hour").click()
    dialog = page.get_by_role("dialog", name="Make everything quiet?")
    with host.lock:
        assert [it.id for it in windows.everything()] == ["patches"]
    dialog.get_by_role("button", name="Make everything quiet").click()
    expect(page.get_by_text("On now:")).to_be_visible()


def test_who_is_on_it_is_said_in_place(signed_in: SignedIn, host: Host) -> None:
    """One press says so; colleagues see the name, on the page of incidents, too."""
    page = signed_in("otto", "")
    slow = page.locator(".trouble", has_text="quarry")
    slow.get_by_role("button", name="m on it").click()
    expect(slow).to_contain_text("otto is on it")
    slow.get_by_role("button", name="Note").click()
    fill(page.get_by_role("dialog"), {"Note": "Called them"}, "Save")
    expect(slow).to_contain_text("Called them")
    with host.lock:
        found = incidents.get(f"incident-{domain(host, 'quarry').id}")
        assert found is not None
        assert (found.acknowledged_by, found.note) == ("otto", "Called them")


@pytest.mark.parametrize("where", ["#/", "#/domains"])
def test_on_a_telephone_the_first_trouble_is_seen_at_once(signed_in: SignedIn, host: Host, where: str) -> None:
    """It begins within 200 px of the top, and the pages are at hand below."""
    page = signed_in("otto", "")
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"{host.url}/{where}")
    first = page.locator("[data-row]").first
    first.wait_for()
    box = first.bounding_box()
    assert box is not None
    assert box["y"] <= 200
    bar = page.get_by_role("navigation", name="Pages")
    expect(bar.get_by_role("link", name="Settings")).to_be_hidden()
    bar.get_by_role("button", name="More").click()
    expect(bar.get_by_role("link", name="Settings")).to_be_visible()
    assert faults(page) == []
    for link in bar.get_by_role("link").all():
        size = link.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 44


def test_one_works_by_keys_alone(signed_in: SignedIn) -> None:
    """J and k move, Enter opens, / searches, g goes to a page, ? shows them; they do not interfere with typing."""
    page = signed_in("otto", "")
    page.locator(".trouble").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == second
    page.keyboard.press("q")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Next row")
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    box = page.get_by_label("Search")
    expect(box).to_be_focused()
    page.keyboard.type("jkgq")
    expect(box).to_have_value("jkgq")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(re.compile("#/customers$"))
    page.get_by_role("heading", level=1, name="Customers").wait_for()  # its address comes before it does
    page.get_by_role("link", name="Acme Ltd", exact=True).wait_for()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#/customers/"))


def test_keys_can_be_switched_off(signed_in: SignedIn) -> None:
    """For people who use speech input, or whose hands shake."""
    page = signed_in("otto", "")
    page.locator(".trouble").first.wait_for()
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("dialog").get_by_label("Keyboard shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_search_finds_the_customers_name_and_leaves_the_counts_alone(signed_in: SignedIn, host: Host) -> None:
    """By name, whatever the case; a test id leads to its test, an incident's to those of its domain."""
    page = signed_in("vera", "#/domains")
    page.get_by_label("Search").fill("ACME l")
    expect(page.locator("tbody tr")).to_have_count(7)
    expect(page.locator(".counts")).to_contain_text("8 All")
    page.get_by_label("Search").fill("mail.example.NET")
    expect(page.locator("tbody tr")).to_have_count(7)
    page.get_by_label("Search").fill("vip")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Search").fill("0a0a0a0a-0000-4000-8000-000000000001")
    page.wait_for_url(re.compile("#/tests/0a0a0a0a"))
    look(page)
    page.goto(f"{host.url}/#/domains")
    number = domain(host, "lighthouse").id
    page.get_by_label("Search").fill(f"{number}-1795341600000")
    page.wait_for_url(re.compile(f"#/incidents\\?domain={number}$"))
    expect(page.locator("tbody tr").first).to_contain_text("lighthouse.example")


def test_columns_are_chosen_and_stay_so(signed_in: SignedIn) -> None:
    """A hidden column stays hidden after a reload."""
    page = signed_in("vera", "#/domains")
    header = page.get_by_role("columnheader", name="95 % within")
    expect(header).to_be_visible()
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("95 % within").uncheck()
    page.get_by_label("Provider").check()
    expect(header).to_be_hidden()
    page.reload()
    page.get_by_role("columnheader", name="Provider").wait_for()
    expect(header).to_be_hidden()
