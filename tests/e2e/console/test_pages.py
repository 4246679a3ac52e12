"""Every page in Chromium: what it shows, and that it suits the person who looks at it."""

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

from mxtrax.store import fleet as stored
from tests.e2e.console.conftest import SignedIn, domain, enter, faults
from tests.e2e.console.fleet import HOSTILE
from tests.e2e.console.hand import fill
from tests.e2e.console.host import PASSWORD, Host

# --- who may come in ------------------------------------------------------------------------------------------------


def test_a_wrong_password_is_told_and_the_name_is_kept(context: BrowserContext, host: Host) -> None:
    """After a typing error, the page says why, and keeps the name."""
    page = context.new_page()
    page.goto(host.url)
    enter(page, "anna", "wrong-Horse-1")
    expect(page.get_by_role("alert")).to_have_text("Wrong user name or password.")
    expect(page.get_by_label("Name")).to_have_value("anna")
    assert faults(page) == []


def test_the_first_sign_in_asks_for_a_password_of_ones_own(context: BrowserContext, host: Host) -> None:
    """Two different ones are refused; then somebody without a group sees what to do."""
    page = context.new_page()
    page.goto(host.url)
    enter(page, "nora")
    fill(page, {"New password": "Fresh-horse-10", "Once more": "Fresh-horse-11"}, "Set password")
    expect(page.get_by_role("alert")).to_have_text("The two passwords are not the same.")
    fill(page, {"Once more": "Fresh-horse-10"}, "Set password")
    expect(page.get_by_text("You do not have access to anything yet.")).to_be_visible()


def test_signing_out_forgets_everything(signed_in: SignedIn) -> None:
    """After it nothing of the fleet is left in the page or the browser, and a reload asks for a password."""
    page = signed_in()
    page.get_by_role("link", name="mxtrax@quarry.example").wait_for()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("quarry")
    assert page.evaluate("localStorage.getItem('mxtrax.session')") is None
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_link_survives_the_sign_in(signed_in: SignedIn, host: Host) -> None:
    """A link from an alert leads to its page after signing in."""
    page = signed_in("vera", f"dash/{domain(host, 'quarry').address}/")
    expect(page.get_by_role("heading", name="mxtrax@quarry.example")).to_be_visible()
    assert page.url.endswith(f"#/domains/{domain(host, 'quarry').id}")


def test_a_token_that_is_no_longer_good_leads_to_the_sign_in(signed_in: SignedIn, host: Host) -> None:
    """Nor is the refresh token: the screen is cleared, and signing in leads back to the same page."""
    page = signed_in("vera", "#/incidents")
    page.get_by_role("heading", name="Incidents").wait_for()
    kept = dict(host.pool.tokens)
    host.pool.tokens.clear()
    revoked = '{"__type": "NotAuthorizedException", "message": "Refresh Token has been revoked"}'
    page.route("**/sign-in", lambda route: route.fulfill(status=400, body=revoked))
    page.get_by_role("combobox", name="Show").select_option("Open")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.unroute("**/sign-in")
    host.pool.tokens.update(kept)
    enter(page, "vera")
    expect(page.get_by_role("heading", name="Incidents")).to_be_visible()


def test_a_viewer_is_offered_nothing_to_change(signed_in: SignedIn, host: Host) -> None:
    """Neither pausing nor editing nor acknowledging."""
    page = signed_in("vera", f"#/domains/{domain(host, 'quarry').id}")
    page.get_by_role("heading", name="Latest tests").wait_for()
    assert page.get_by_role("button", name=re.compile("Pause|Edit|m on it|Add a note")).count() == 0


def test_who_is_bound_to_a_customer_sees_that_one_alone(signed_in: SignedIn, host: Host) -> None:
    """Others are in no list and no count, and their pages are not there."""
    page = signed_in("carl")
    page.get_by_role("link", name="mxtrax@quarry.example").wait_for()
    expect(page.locator("main")).not_to_contain_text("lighthouse")
    page.goto(f"{host.url}/#/domains/{domain(host, 'lighthouse').id}")
    expect(page.get_by_text("There is nothing here (any more).")).to_be_visible()
    page.goto(f"{host.url}/#/domains/{domain(host, 'quarry').id}")
    page.get_by_role("heading", name="Latest tests").wait_for()


# --- what is shown --------------------------------------------------------------------------------------------------


def test_the_list_begins_with_the_worst(signed_in: SignedIn) -> None:
    """Those that are down first, then the slow ones, each with its cause in words; counts and title say how many."""
    page = signed_in()
    page.get_by_role("link", name="mxtrax@quarry.example").wait_for()
    words = [row.split()[0] for row in page.locator("tbody tr").all_inner_texts()]
    order = ["Down", "Slow", "Suspect", "Set-up", "OK", "Paused"]
    assert words == sorted(words, key=order.index)
    expect(page.get_by_role("row", name="lighthouse")).to_contain_text("Mail is refused")
    expect(page).to_have_title("(3) Domains · MXTRAX")
    icon = page.locator('link[rel="icon"]').get_attribute("href")
    assert icon is not None
    assert icon.startswith("data:image/svg+xml,")


def test_filters_stand_in_the_address(signed_in: SignedIn, host: Host) -> None:
    """A count filters, typing searches, the address can be sent on, and Back leads back."""
    page = signed_in()
    page.get_by_role("link", name=re.compile("1 Suspect")).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("link", name="mxtrax@orchard.example")).to_be_visible()
    assert "status=suspect" in page.url
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(8)
    page.get_by_label("Search").fill("MEADOW")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "search=MEADOW" in page.url
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("tbody tr")).to_have_count(1)
    other.get_by_label("Search").fill("nobody-of-that-name")
    expect(other.get_by_text("No domain matches these filters.")).to_be_visible()
    other.get_by_role("link", name="Show all domains").click()
    expect(other.locator("tbody tr")).to_have_count(8)


def test_a_domain_says_how_it_is_and_why(signed_in: SignedIn, host: Host) -> None:
    """A sentence with the evidence, the next test, charts, the tests, and how to set the mailbox up."""
    page = signed_in("vera", f"#/domains/{domain(host, 'quarry').id}")
    expect(page.get_by_text("Slow since")).to_be_visible()
    expect(page.locator(".notice.warn").first).to_contain_text("5 min 34 s of that inside their system")
    expect(page.locator(".notice.warn").first).to_contain_text("Next test")
    charts = page.locator("svg.chart")
    expect(charts).to_have_count(3)
    expect(charts.first).to_have_attribute("aria-label", re.compile("Delivery times a day"))
    days = [it.get_attribute("aria-label") or "" for it in charts.first.locator(".hit").all()]
    assert sum("nothing was measured" in day for day in days) == 2
    page.get_by_role("link", name="7 days").click()
    expect(charts.first.locator(".hit")).to_have_count(7)
    page.get_by_role("button", name="Older tests").click()
    expect(page.get_by_role("button", name="Older tests")).to_have_count(0)
    expect(page.get_by_text("has to be redirected to")).to_contain_text("mxtrax@monitor.example.net")


def test_a_test_shows_its_way(signed_in: SignedIn, host: Host) -> None:
    """Legs in order of time, what their server said, and how long each part took."""
    page = signed_in("vera", f"#/domains/{domain(host, 'quarry').id}")
    page.locator("section", has_text="Latest tests").locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    legs = page.locator(".legs strong").all_inner_texts()
    assert legs[:4] == ["We sent it", "SES accepted it", "Their server accepted it", "Their server handed it on"]
    assert legs[4].startswith("Back in our inbox")
    expect(page.locator(".spans")).to_have_attribute("aria-label", re.compile("inside their system"))
    expect(page.locator(".legs")).to_contain_text("250 2.0.0 Ok: queued as 4Xk2Tq6ZrVz1")
    assert faults(page) == []


def test_what_is_not_there_is_said(signed_in: SignedIn, host: Host) -> None:
    """A domain, a test and a page that are not there lead back to the start."""
    page = signed_in("vera", "#/domains/999999")
    expect(page.get_by_text("There is nothing here (any more).")).to_be_visible()
    page.goto(f"{host.url}/#/tests/00000000-0000-4000-8000-000000000000")
    expect(page.get_by_text("There is nothing here (any more).")).to_be_visible()
    page.goto(f"{host.url}/#/nowhere")
    expect(page.get_by_text("There is no such page.")).to_be_visible()
    page.get_by_role("link", name="Back to the start").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("cannot receive mail")


def test_a_server_in_trouble_leaves_standing_what_was_there(signed_in: SignedIn, host: Host) -> None:
    """The list stays, a sentence says what is wrong, and a press of the button tries again."""
    page = signed_in()
    page.get_by_role("link", name="mxtrax@quarry.example").wait_for()
    host.down = True
    try:
        page.get_by_label("Search").fill("quarry")
        expect(page.get_by_role("alert")).to_contain_text("The tables are busy; try again.")
        expect(page.get_by_role("link", name="mxtrax@meadow.example")).to_be_visible()
    finally:
        host.down = False
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("link", name="mxtrax@meadow.example")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_hostile_names_and_bounces_stay_text(signed_in: SignedIn, host: Host) -> None:
    """HTML in a customer's name and in what a server said is shown as it was written, and does nothing."""
    page = signed_in()
    expect(page.get_by_role("link", name=HOSTILE)).to_be_visible()
    page.goto(f"{host.url}/#/domains/{domain(host, 'lighthouse').id}")
    expect(page.locator(".notice.bad")).to_contain_text('<script>document.title="owned"</script>')
    page.locator("section", has_text="Latest tests").locator("tbody a").first.click()
    expect(page.locator(".legs")).to_contain_text("<b onmouseover=alert(1)>no such user</b>")
    assert page.locator("main img, main script, main b[onmouseover]").count() == 0
    assert "owned" not in page.title()


# --- changing things ------------------------------------------------------------------------------------------------


def test_an_operator_pauses_and_resumes_a_domain(signed_in: SignedIn, host: Host) -> None:
    """Pausing asks once; the page shows it at once; resuming brings it back."""
    page = signed_in("otto", f"#/domains/{domain(host, 'harbour').id}")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Pause").click()
    assert faults(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused: it is not tested")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Its tests come back in time.")).to_be_visible()


def test_what_cannot_be_saved_is_told_and_what_was_typed_stays(signed_in: SignedIn, host: Host) -> None:
    """A mistake is shown at its field, then corrected and saved."""
    page = signed_in("otto", f"#/domains/{domain(host, 'meadow').id}")
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    fill(dialog, {"On time within": "soon", "Tags": "north, gold"}, "Save")
    expect(dialog.get_by_role("alert")).to_contain_text("“soon” is not a duration")
    fill(dialog, {"On time within": "99999999"}, "Save")
    expect(dialog.get_by_role("alert")).to_contain_text("On time within: ")
    expect(dialog.get_by_label("On time within")).to_be_focused()
    expect(dialog.get_by_label("Tags")).to_have_value("north, gold")
    fill(dialog, {"On time within": "600"}, "Save")
    expect(page.get_by_text("10 min (its own)")).to_be_visible()
    expect(page.get_by_role("link", name="gold")).to_be_visible()


def test_two_who_change_the_same_do_not_overwrite_each_other(signed_in: SignedIn, host: Host) -> None:
    """The second one is told, and nothing is lost."""
    page = signed_in("otto", f"#/domains/{domain(host, 'orchard').id}")
    page.get_by_role("button", name="Edit").click()
    with host.lock:
        there = stored.by_key(domain(host, "orchard").key)
        assert there is not None
        stored.save(there)
    fill(page.get_by_role("dialog"), {"Tags": "second"}, "Save")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("changed meanwhile")


def _noted(page: Page, row: Locator, button: str, note: str) -> None:
    """Press an incident's button, and see the note in its row that was written in the dialog."""
    row.get_by_role("button", name=button).click()
    fill(page.get_by_role("dialog"), {"Note": note}, "Save")
    expect(row).to_contain_text(note)


def test_an_incident_is_acknowledged_with_a_note(signed_in: SignedIn) -> None:
    """Colleagues see who is on it."""
    page = signed_in("otto", "#/incidents?open=true")
    row = page.get_by_role("row", name="foundry")
    _noted(page, row, "m on it", "<i>Their forwarder is down</i>")
    expect(row).to_contain_text("otto")


def test_what_is_over_is_noted_without_being_taken_on(signed_in: SignedIn, host: Host) -> None:
    """An ended incident cannot be acknowledged: a note says what it was."""
    page = signed_in("otto", "#/incidents?open=false")
    row = page.get_by_role("row", name="quarry")
    _noted(page, row, "Add a note", "A full disk on their side.")
    expect(row).not_to_contain_text("otto")


# --- fit for everybody ----------------------------------------------------------------------------------------------


def test_the_keyboard_is_enough(signed_in: SignedIn) -> None:
    """From the top of the page to a domain and along its last tests, without a pointer."""
    page = signed_in()
    page.get_by_role("link", name="mxtrax@quarry.example").wait_for()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.strip') !== null"):
            break
    last = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") != last
    expect(page.locator(".tip")).to_have_text(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    page.keyboard.press("Home")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#/domains[/?]"))


def test_the_choice_of_colours_is_kept(signed_in: SignedIn) -> None:
    """Dark stays dark after a reload, whatever the system says."""
    page = signed_in()
    page.emulate_media(color_scheme="light")
    page.get_by_label("Colours").select_option("Dark")
    page.reload()
    page.get_by_role("heading", name="Domains").wait_for()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 20, 25)"


def test_the_password_is_nowhere_in_the_browser(signed_in: SignedIn) -> None:
    """Neither in the address nor in what the browser keeps."""
    page = signed_in()
    assert PASSWORD not in page.url
    assert PASSWORD not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
