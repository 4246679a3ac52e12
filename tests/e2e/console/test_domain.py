"""A domain and its tests in Chromium: its status, its history, and the trace of each test."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from mxtrax.model import Stat
from mxtrax.rules.statistics import availability
from mxtrax.store import fleet as stored
from mxtrax.store import incidents, mapping, stats
from tests.e2e.console.conftest import SignedIn, domain, faults, wide
from tests.e2e.console.fleet import HOSTILE, HOSTILE_HEADERS
from tests.e2e.console.hand import fill
from tests.e2e.console.host import Host

LATE, ON_TIME = 1, 2
"""Their positions among the latest tests of orchard, whose newest is still under way."""


def show(page: Page, host: Host, name: str, query: str = "") -> None:
    """Go to a domain's page and wait until it is drawn."""
    page.goto(f"{host.url}/#/domains/{domain(host, name).id}{query}")
    page.get_by_role("heading", name=f"mxtrax@{name}.example").wait_for()
    page.get_by_role("heading", name="Latest tests").wait_for()


def show_test(page: Page, host: Host, name: str, place: int) -> None:
    """Go to one of the latest tests of a domain of the fleet."""
    show(page, host, name)
    page.get_by_role("region", name="Latest tests").locator("tbody tr").nth(place).get_by_role("link").click()
    page.get_by_role("heading", name="Timeline").wait_for()


def chart(page: Page, name: str) -> Locator:
    """Give the chart whose name begins with this."""
    return page.locator(f'svg.chart[aria-label^="{name}"]')


def range_to(page: Page, days: int) -> None:
    """Choose how far back to look."""
    word = {1: "1 day", 365: "1 year"}.get(days, f"{days} days")
    page.get_by_role("navigation", name="How far back").get_by_role("link", name=word, exact=True).click()
    page.locator(f'nav a[aria-current="true"]:text-is("{word}")').wait_for()


def past(host: Host, name: str, days: int) -> list[Stat]:
    """Read the days of a domain."""
    today = datetime.now(UTC).date()
    with host.lock:
        return list(stats.of_domain(domain(host, name).key, today - timedelta(days=days - 1), today))


# --- how it is ------------------------------------------------------------------------------------------------------


def test_a_failing_domain_says_why_since_when_and_what_it_takes(signed_in: SignedIn, host: Host) -> None:
    """The evidence, the limits it is above and how long they count, the next test, and the way back."""
    page = signed_in("vera")
    show(page, host, "quarry")
    said = page.locator(".notice.warn").first
    expect(said).to_contain_text("Slow since")
    expect(said).to_contain_text("5 min 34 s of that inside their system")
    expect(said).to_contain_text("Over its limits for the last 24 h: number of late tests, share of late tests")
    expect(said).to_contain_text("It recovers after 3 more on-time tests in a row.")
    expect(said).to_contain_text("Next test in")
    facts = page.locator("dl.facts").first
    expect(facts).to_contain_text("On time within5 min")
    expect(facts).to_contain_text("Delays allowednone")
    expect(facts).to_contain_text("Came back lastas a redirected message")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("harbour", "Its tests come back in time. OK since"),
        ("orchard", "Suspect: it is within its limits, but not all is well: mail is deferred."),
        ("paused", "Paused: it is not tested, and nobody is notified."),
    ],
)
def test_every_state_is_a_sentence(signed_in: SignedIn, host: Host, name: str, words: str) -> None:
    """The page shows the status in words, not as a code; a paused one has no next test."""
    page = signed_in("vera")
    show(page, host, name)
    expect(page.locator(".notice").first).to_contain_text(words)
    expect(page.get_by_text("Next test")).to_have_count(0 if name == "paused" else 1)


def test_the_limits_of_its_own_are_marked_and_typed_as_people_do(signed_in: SignedIn, host: Host) -> None:
    """10 min is 600 seconds; the general settings are shown in grey."""
    page = signed_in("otto")
    show(page, host, "harbour")
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Given up after")).to_have_attribute("placeholder", "1 d")
    fill(dialog, {"On time within": "10 min", "Delays allowed": "5", "Allowed share of late tests": "12.5 %"}, "Save")
    expect(page.locator("dl.facts").first).to_contain_text("On time within10 min (its own)")
    expect(page.locator("dl.facts").first).to_contain_text("Delays allowed5 tests (its own), and 12.5 % (its own)")


def test_a_limit_that_is_raised_has_an_effect(signed_in: SignedIn, host: Host) -> None:
    """Three presses; the other one of its pair, which is 0 in the settings, becomes none, and the page says so."""
    page = signed_in("otto")
    show(page, host, "meadow")
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Allowed share of lost tests").fill("5 %")
    expect(dialog.get_by_label("Losses allowed")).to_have_value("none")
    expect(dialog.get_by_text("“Losses allowed” was 0, and exceeding either limit counts")).to_be_visible()
    assert faults(page) == []
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    with host.lock:
        saved = stored.by_key(domain(host, "meadow").key)
    assert saved is not None
    assert (saved.maxfailpercentage, saved.maxfailnumber) == (5.0, 1_000_000)
    expect(page.locator("dl.facts").first).to_contain_text("5 % (its own)")
    page.get_by_role("button", name="Edit").click()
    expect(dialog.get_by_label("Losses allowed")).to_have_value("none")


def test_a_domain_is_accepted_as_it_is(signed_in: SignedIn, host: Host) -> None:
    """After one question its incident is closed, and the page shows its new status."""
    page = signed_in("otto")
    show(page, host, "foundry")
    page.get_by_role("button", name="Accept as it is").click()
    page.get_by_role("dialog").get_by_role("button", name="Accept").click()
    expect(page.get_by_text("is judged only by new tests from now on.")).to_be_visible()
    expect(page.get_by_role("button", name="Accept as it is")).to_have_count(0)
    with host.lock:
        found = incidents.get(f"incident-{domain(host, 'foundry').id}")
    assert found is not None
    assert found.closed is not None


def test_a_viewer_sees_no_button_that_would_be_refused(signed_in: SignedIn, host: Host) -> None:
    """For a domain and a test, one can read everything and change nothing."""
    page = signed_in("vera")
    show(page, host, "quarry")
    assert set(page.locator("main").get_by_role("button").all_inner_texts()) == {"Older tests"}
    page.get_by_role("region", name="Latest tests").locator("tbody a").first.click()
    page.get_by_role("heading", name="Timeline").wait_for()
    assert page.locator("main").get_by_role("button").count() == 0


# --- how it has been ------------------------------------------------------------------------------------------------


def test_each_range_stands_in_the_address(signed_in: SignedIn, host: Host) -> None:
    """A day by its tests and hours, a week, a month and a year by their days; a reload and Back keep to it."""
    page = signed_in("vera")
    show(page, host, "quarry")
    expect(chart(page, "Delivery times a day").locator(".hit")).to_have_count(30)
    for days in (7, 365):
        range_to(page, days)
        expect(chart(page, "Delivery times a day").locator(".hit")).to_have_count(days)
        expect(chart(page, "Tests by day").locator(".hit")).to_have_count(days)
        assert f"days={days}" in page.url
    range_to(page, 1)
    expect(chart(page, "60 tests of the last 24 hours").locator(".hit")).to_have_count(60)
    expect(chart(page, "Tests by hour and what became").locator(".hit")).to_have_count(25)
    page.reload()
    expect(chart(page, "60 tests of the last 24 hours")).to_be_visible()
    page.go_back()
    expect(chart(page, "Delivery times a day").locator(".hit")).to_have_count(365)


def test_availability_is_that_of_the_range(signed_in: SignedIn, host: Host) -> None:
    """The shares on time and back of the days shown, cut and never rounded up."""
    page = signed_in("vera")
    for days in (7, 30):
        show(page, host, "lighthouse", f"?days={days}")
        known = availability(past(host, "lighthouse", days))
        assert known is not None
        facts = page.get_by_role("region", name="Day by day").locator("dl")
        expect(facts).to_contain_text(f"On time{int(known.ontime * 10) / 10:g} %")
        expect(facts).to_contain_text(f"Came back{int(known.returned * 10) / 10:g} %")
        expect(facts).to_contain_text(f"Tests{known.total:,}")


def test_gaps_are_gaps_and_the_axis_begins_at_nothing(signed_in: SignedIn, host: Host) -> None:
    """Two days without measurements interrupt the lines; each day shows its figures; units are at the axis."""
    page = signed_in("vera")
    show(page, host, "quarry")
    times = chart(page, "Delivery times a day")
    words = [it.get_attribute("aria-label") or "" for it in times.locator(".hit").all()]
    assert sum(word.endswith("nothing was measured") for word in words) == 2
    assert all("shortest" in word and "95 % within" in word for word in words if "nothing" not in word)
    expect(times.locator("path.band")).to_have_count(2)
    expect(times.locator("path.average")).to_have_count(2)
    axis = times.locator('text[text-anchor="end"]').all_text_contents()
    assert axis[0] == "0"
    assert all(re.fullmatch(r"\d+ (s|min|h)( \d+ (s|min))?", mark) for mark in axis[1:4])


def test_limits_are_drawn_where_they_lie_in_range(signed_in: SignedIn, host: Host) -> None:
    """A limit beyond the scale is named instead, and squeezes nothing."""
    page = signed_in("vera")
    show(page, host, "quarry")
    expect(chart(page, "Delivery times a day").locator(".limit-name")).to_have_text(["limit 5 min"])
    expect(page.get_by_text("Beyond this scale: given up after 1 d.")).to_be_visible()
    show(page, host, "lighthouse", "?days=1")
    expect(page.locator(".limit-name")).to_have_count(0)
    expect(page.get_by_text("Beyond this scale: limit 5 min, given up after 1 d.")).to_be_visible()
    expect(page.locator("svg.chart").first).to_contain_text("not back")


@pytest.mark.parametrize(
    ("name", "who", "hours"), [("quarry", "vera", 2), ("quarry", "carl", 24), ("lighthouse", "vera", 0)]
)
def test_maintenance_is_shaded(signed_in: SignedIn, host: Host, name: str, who: str, hours: int) -> None:
    """For the length of the window; the whole day for those who may not read windows; not for another customer."""
    page = signed_in(who)
    show(page, host, name, "?days=7")
    times = chart(page, "Delivery times a day")
    expect(times.locator(".hit[aria-label*='8 tests in maintenance, kept apart']")).to_have_count(1 if hours else 0)
    expect(times.locator(".shade")).to_have_count(1 if hours else 0)
    if hours:
        shaded = float(times.locator(".shade").get_attribute("width") or 0)
        day = float(times.locator(".hit").first.get_attribute("width") or 1)
        assert abs(shaded / day - hours / 24) < 0.01


def test_the_map_of_hours_names_each_cell(signed_in: SignedIn, host: Host) -> None:
    """Days by hours in one's own zone, all of them named; as a table, too, whose tests add up to those of the days."""
    page = signed_in("vera")
    show(page, host, "quarry")
    cells = chart(page, "Tests by hour of sending, 30 days").locator(".hit")
    expect(cells).to_have_count(30 * 24)
    names = [it or "" for it in cells.evaluate_all("all => all.map(it => it.getAttribute('aria-label'))")]
    assert all(re.match(r"\w{3},? \d+ \w{3}, \d\d:00( to \d\d:00)?: .+", name) for name in names)
    assert sum(name.endswith("none judged; 4 in maintenance, kept apart") for name in names) == 2
    assert sum(name.endswith("no tests") for name in names) in (48, 49)  # one more, where an hour has only just begun
    section = page.get_by_role("region", name="Hour by hour, the last 30 days")
    section.get_by_text("As a table").click()
    rows = section.locator("tbody tr")
    expect(rows).to_have_count(sum("no tests" not in name and "no such time" not in name for name in names))
    counted = sum(int(number) for number in rows.locator("td:nth-child(2)").all_inner_texts())
    assert counted == sum(int(told[1]) for name in names if (told := re.search(r": (\d+) tests?:", name)))
    missed = [name for name in names if "not back" in name]
    assert missed
    expect(page.locator("rect.heat-missed:not(figcaption *)")).to_have_count(len(missed))


def test_the_keyboard_walks_along_charts_and_through_the_map(signed_in: SignedIn, host: Host) -> None:
    """One Tab stop each; in the map the arrows move by hour and by day, and each cell is announced."""
    page = signed_in("vera")
    show(page, host, "quarry")
    page.get_by_role("link", name="1 year").focus()
    page.keyboard.press("Tab")
    focused = "document.activeElement.getAttribute('aria-label')"
    last = page.evaluate(focused)
    assert "shortest" in last
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused) not in (last, None)
    expect(page.locator(".tip")).to_have_text(page.evaluate(focused))
    cells = chart(page, "Tests by hour of sending").locator(".hit")
    names = cells.evaluate_all("all => all.map(it => it.getAttribute('aria-label'))")
    cells.last.focus()
    for key, place in (("ArrowUp", -25), ("ArrowLeft", -26), ("ArrowDown", -2), ("Home", 0), ("ArrowDown", 24)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == names[place]


def test_news_leave_open_what_is_open_and_the_focus_where_it_is(signed_in: SignedIn, host: Host) -> None:
    """A table stays, with the new figures in it."""
    page = signed_in("vera")
    show(page, host, "meadow")
    counts = page.locator("details[data-keep='table-counts-day']")
    counts.locator("summary").press("Enter")
    before = counts.locator("tbody tr").last.inner_text()
    last = past(host, "meadow", 1)[-1]
    with host.lock:
        mapping.stat_row(replace(last, ontime_num=last.ontime_num + 700, total_num=last.total_num + 700)).save()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(counts.locator("tbody tr").last).not_to_have_text(before)
    expect(counts.locator("tbody tr").last).to_contain_text(f"{last.ontime_num + 700}")
    expect(counts.locator("summary")).to_be_focused()


def test_a_domain_without_a_past_is_a_guide(signed_in: SignedIn, host: Host) -> None:
    """Three steps with values to copy, a mail to their admin, and no empty frames; the list says what is missing."""
    page = signed_in("otto", "#/set-up")
    expect(page.get_by_role("row", name="newcomer")).to_contain_text("Waits for its first test")
    page.get_by_role("link", name="Guide for mxtrax@newcomer.example").click()
    guide = page.get_by_role("region", name="Set it up in three steps")
    expect(guide.get_by_role("heading", level=3)).to_have_text(
        ["The mailbox is there", "It redirects what it receives", "Its first test comes back"]
    )
    expect(guide).to_contain_text("mxtrax@monitor.example.net")
    mail = guide.get_by_role("link", name="Send this to their admin").get_attribute("href") or ""
    assert mail.startswith("mailto:?subject=")
    assert "mxtrax%40newcomer.example" in mail
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    guide.get_by_role("button", name="Copy the inbox address").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "mxtrax@monitor.example.net"
    expect(page.locator("svg.chart")).to_have_count(0)


# --- setting the mailbox up -----------------------------------------------------------------------------------------


def test_how_to_set_the_mailbox_up_is_told_for_each_system(signed_in: SignedIn, host: Host) -> None:
    """With the customer's mailbox and our inbox in it, ready to copy; without ours for who may not read the settings."""
    page = signed_in("vera")
    show(page, host, "quarry")
    help_ = page.get_by_role("region", name="How the mailbox sends tests back")
    expect(help_).to_contain_text("The newest test that is back came as a redirected message.")
    systems = help_.locator("summary").all_inner_texts()
    for name in ("Exchange Online", "Google Workspace", "Postfix and Dovecot", "Exim", "cPanel", "Plesk"):
        assert any(name in system for system in systems)
    help_.get_by_text("Microsoft 365").click()
    expect(help_.locator("details[open]")).to_contain_text("5.7.520")
    expect(help_.locator("details[open]")).to_contain_text(
        "Set-Mailbox mxtrax@quarry.example -ForwardingSmtpAddress mxtrax@monitor.example.net"
    )
    page.get_by_role("button", name="Sign out").click()
    page = signed_in("carl")
    show(page, host, "quarry")
    expect(page.get_by_role("region", name="How the mailbox")).not_to_contain_text("monitor.example.net")


# --- a test ---------------------------------------------------------------------------------------------------------


def test_the_hops_of_a_test_are_a_table_of_text(signed_in: SignedIn, host: Host) -> None:
    """Gaps, a clock that is behind, a server without a time; any server name stays text."""
    page = signed_in("vera")
    show_test(page, host, "orchard", LATE)
    rows = page.get_by_role("region", name="Through 5 servers").locator("tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.nth(1)).to_contain_text("+1 s")
    expect(rows.nth(1)).to_contain_text("ESMTPS, encrypted")
    expect(rows.nth(2)).to_contain_text("clock behind")
    expect(rows.nth(2)).to_contain_text(HOSTILE)
    expect(rows.nth(3)).to_contain_text("no time")
    expect(rows.nth(4)).to_contain_text(re.compile(r"\+5 min"))
    found = page.get_by_role("region", name="As it came back")
    expect(found).to_contain_text("SPFfail")
    expect(found).to_contain_text("DKIMpass")
    expect(found).to_contain_text("“[<b>EXTERNAL</b>]”")
    expect(found).to_contain_text(f"“Scanned by {HOSTILE}”")
    expect(found).to_contain_text("our DKIM signature no longer matches")
    assert page.locator("main img, main script, main b").count() == 0
    expect(page).to_have_title(re.compile("Test of"))


def test_headers_are_shown_as_text_where_they_are_kept(signed_in: SignedIn, host: Host) -> None:
    """Closed at first; a test on time has none, and the page says why."""
    page = signed_in("otto")
    show_test(page, host, "orchard", LATE)
    text = page.get_by_role("group", name="Headers")
    expect(text).to_be_hidden()
    page.get_by_text("Show them as they came").press("Enter")
    expect(text).to_be_visible()
    assert text.inner_text() == HOSTILE_HEADERS
    expect(page.get_by_text("The mail itself is not kept")).to_be_visible()
    show_test(page, host, "orchard", ON_TIME)
    expect(page.get_by_text("Headers are kept of bounces and of tests that were not on time")).to_be_visible()
    expect(page.get_by_role("region", name="Through 5 servers")).to_be_visible()
    show_test(page, host, "lighthouse", 0)
    expect(page.get_by_text("There are none: nothing has come back.")).to_be_visible()
    expect(page.get_by_text("Nothing has come back, so there are no headers to read them from.")).to_be_visible()


def test_a_sentence_says_by_whose_clock_it_tells_times(signed_in: SignedIn, host: Host) -> None:
    """The monitor's time zone is not the reader's."""
    page = signed_in("vera")
    show_test(page, host, "orchard", LATE)
    expect(page.get_by_role("status").first).to_contain_text(
        "Times in this sentence are in UTC; all others on this page are in your time zone (Europe/Berlin)"
    )


# --- fit for everybody ----------------------------------------------------------------------------------------------

VIEWS: dict[str, tuple[str, str]] = {
    "a month": ("quarry", ""),
    "a day": ("lighthouse", "?days=1"),
    "a year": ("harbour", "?days=365"),
    "a test": ("orchard", "test"),
}


def show_view(page: Page, host: Host, view: str) -> None:
    """Go to a view, and open all that can be opened in it."""
    name, query = VIEWS[view]
    if query == "test":
        show_test(page, host, name, LATE)
    else:
        show(page, host, name, query)
    page.locator("details").evaluate_all("all => all.forEach(it => { it.open = true; })")
    if query != "test":
        page.locator(".list.tall tbody tr").first.wait_for()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(signed_in: SignedIn, host: Host, view: str, scheme: str) -> None:
    """Contrast, names, roles and order, in light and dark, with everything opened."""
    page = signed_in("otto")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    show_view(page, host, view)
    assert faults(page) == []


@pytest.mark.parametrize("view", VIEWS)
def test_charts_are_as_wide_as_there_is_room(signed_in: SignedIn, host: Host, view: str) -> None:
    """From a large screen to a phone nothing overflows, and charts are redrawn, not shrunk."""
    page = signed_in("otto")
    show_view(page, host, view)
    for width in (1440, 375):
        page.set_viewport_size({"width": width, "height": 800})
        if view != "a test":
            drawn = f"document.querySelector('svg.chart').viewBox.baseVal.width <= {width}"
            page.wait_for_function(
                f"{drawn} && document.querySelector('svg.chart').viewBox.baseVal.width > {width} * 0.7"
            )
        assert wide(page) <= width
