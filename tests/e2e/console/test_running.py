"""The operators' pages: settings, users, unmatched mail, maintenance, audit, customers."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, expect

from mxtrax.api import forms
from mxtrax.model import Scope, Window
from mxtrax.runtime import memory
from mxtrax.store import fleet as stored
from mxtrax.store import windows
from mxtrax.store.config import load_config, save_config
from tests.e2e.console.conftest import SignedIn, enter, faults
from tests.e2e.console.fleet import HOSTILE
from tests.e2e.console.host import Host
from tests.e2e.console.pages import show
from tests.e2e.console.running import HOSTILE_MAIL, arrive, surround

TO = "\N{EN DASH}"
RUNNING = ["customers", "customer", "month", "set-up", "maintenance", "unmatched mails", "unmatched mail", "settings"]


@pytest.fixture(scope="module", autouse=True)
def busy(host: Host) -> None:
    """Let mail come that belongs to no test, and plan maintenance that is on now, each week, and to come."""
    with host.lock:
        surround(host)


def dialog(page: Page) -> Locator:
    """Give the open dialog."""
    return page.get_by_role("dialog")


# --- who sees what --------------------------------------------------------------------------------------------------


def test_nobody_is_led_where_they_may_not_go(signed_in: SignedIn, host: Host) -> None:
    """Users and audit are for admins; people of one customer see nothing about all. A typed address says so."""
    menus = {
        "vera": [
            "Now",
            "Customers",
            "Domains",
            "Incidents",
            "Maintenance",
            "Set-up",
            "Unmatched mail",
            "Wallboard",
            "Settings",
        ],
        "carl": ["Now", "Customers", "Domains", "Incidents", "Set-up", "Wallboard"],
    }
    for name, menu in menus.items():
        page = signed_in(name)
        expect(page.get_by_role("navigation", name="Pages").get_by_role("link")).to_have_text(menu)
        page.goto(f"{host.url}/#/users")
        expect(page.get_by_text("You do not have access to this page.")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in").wait_for()


@pytest.mark.parametrize("name", RUNNING)
def test_a_viewer_is_offered_nothing_that_would_be_refused(signed_in: SignedIn, host: Host, name: str) -> None:
    """No button of these pages changes anything; what is there to read is there."""
    page = signed_in("vera")
    show(page, host, name)
    offered = set(page.locator("main").get_by_role("button").all_inner_texts())
    assert offered <= {"Export CSV", "Print", "CSV"}
    assert page.locator("main input:not([type=search]), main textarea").count() == 0


def test_who_is_bound_to_a_customer_finds_that_one_alone(signed_in: SignedIn, host: Host) -> None:
    """In the list, on its page without its public link, and no other's page."""
    page = signed_in("carl", "#/customers")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Acme Ltd", exact=True).click()
    expect(page.get_by_role("link", name="mxtrax@quarry.example").first).to_be_visible()
    expect(page.get_by_text("Public status page")).to_have_count(0)
    expect(page.locator("main").get_by_role("checkbox")).to_have_count(0)
    page.goto(f"{host.url}/#/customers/lantern")
    expect(page.get_by_text("There is nothing here (any more).")).to_be_visible()


def test_an_operator_reads_the_settings_and_does_not_change_them(signed_in: SignedIn, host: Host) -> None:
    """They are shown in people's units."""
    page = signed_in("otto")
    show(page, host, "settings")
    expect(page.locator("dl", has_text="On time within")).to_contain_text("5 min")
    expect(page.locator("main input")).to_have_count(0)


def test_the_first_load_stays_light(signed_in: SignedIn, context: BrowserContext) -> None:
    """The first page loads less than 60 KB compressed before its data, and no other page's code."""
    came: list[Response] = []
    context.on("response", lambda it: came.append(it) if "/api/" not in it.url else None)
    page = signed_in("vera", "")
    page.get_by_role("link", name="mxtrax@quarry.example").wait_for()
    weights = {it.url: it.request.sizes()["responseBodySize"] for it in came if it.ok}
    assert len(weights) > 20
    assert 20_000 < sum(weights.values()) < 60_000
    assert sum(len(it.body()) for it in came if it.ok) < 200_000
    assert not [url for url in weights if url.endswith(("maintenance.js", "config.js", "users.js", "domain.js"))]


def test_a_page_of_a_console_that_was_renewed_asks_to_be_loaded_anew(signed_in: SignedIn, host: Host) -> None:
    """A file that no longer exists under its old name does not leave a blank page."""
    page = signed_in("vera")
    page.route("**/pages/maintenance.js", lambda route: route.abort())
    page.get_by_role("link", name="Maintenance").click()
    expect(page.get_by_role("alert")).to_contain_text("This page could not be loaded.")
    page.unroute("**/pages/maintenance.js")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Maintenance")).to_be_visible()


# --- unmatched mail -------------------------------------------------------------------------------------------------


def test_mail_that_nobody_sent_for_is_text_and_nothing_else(signed_in: SignedIn, host: Host) -> None:
    """Its subject and its source are shown as they came, with what it is and what to do about it."""
    page = signed_in("otto")
    show(page, host, "unmatched mails")
    page.get_by_role("link", name=HOSTILE_MAIL).click()
    expect(page.get_by_role("heading", name=HOSTILE_MAIL)).to_be_visible()
    expect(page.locator(".source")).to_contain_text("<script>document.title='owned'</script>")
    expect(page.locator(".notice")).to_contain_text("Somebody or something writes to the inbox address.")
    assert page.locator("main img, main script, main b").count() == 0
    assert "owned" not in page.title()


def test_unmatched_mail_is_deleted_after_one_question(signed_in: SignedIn, host: Host) -> None:
    """Cancel keeps it; the second time it is deleted, from the list and from the bucket."""
    with host.lock:
        arrive(host, "To be deleted", "carol@acme.example", "Nothing.")
        before = len(host.stage.inbox("unmatched/"))
    page = signed_in("otto")
    show(page, host, "unmatched mails")
    page.get_by_role("button", name="Delete To be deleted").click()
    dialog(page).get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("link", name="To be deleted")).to_be_visible()
    page.get_by_role("link", name="To be deleted").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    dialog(page).get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The mail is deleted.")).to_be_visible()
    expect(page.get_by_role("link", name="Lunch?")).to_be_visible()
    expect(page.get_by_role("link", name="To be deleted")).to_have_count(0)
    with host.lock:
        assert len(host.stage.inbox("unmatched/")) == before - 1


# --- users ----------------------------------------------------------------------------------------------------------


def test_somebody_is_invited_bound_disabled_and_deleted(signed_in: SignedIn, host: Host) -> None:
    """Each step shows in the list, refusals show in the dialog, and the last step asks."""
    page = signed_in()
    show(page, host, "users")
    page.get_by_role("button", name="Invite somebody").click()
    dialog(page).get_by_label("Mail address").fill("not an address")
    dialog(page).get_by_role("button", name="Invite").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("Mail address: ")
    expect(dialog(page).get_by_label("Mail address")).to_be_focused()
    dialog(page).get_by_label("Mail address").fill("eve@people.example")
    dialog(page).get_by_label("Role").select_option("operator")
    expect(dialog(page)).to_contain_text("also looks after domains")
    dialog(page).get_by_role("button", name="Invite").click()
    row = page.get_by_role("row", name="eve@people.example")
    expect(row).to_contain_text("operator")
    expect(row).to_contain_text("invited, has not signed in yet")
    row.get_by_role("button", name="Change").click()
    dialog(page).get_by_label("Customer (code)").fill("nobody-of-that-code")
    expect(dialog(page).get_by_label("Role")).to_be_disabled()
    dialog(page).get_by_role("button", name="Save").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text(
        "there is no customer 'nobody-of-that-code'; add it first."
    )
    dialog(page).get_by_label("Customer (code)").fill("acme")
    dialog(page).get_by_role("button", name="Save").click()
    expect(row).to_contain_text("viewer of acme")
    row.get_by_role("button", name="Disable").click()
    dialog(page).get_by_role("button", name="Disable").click()
    expect(row).to_contain_text("disabled")
    row.get_by_role("button", name="Enable").click()
    expect(row).not_to_contain_text("disabled")
    row.get_by_role("button", name="Delete").click()
    dialog(page).get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


def test_nobody_takes_their_own_rights_away(signed_in: SignedIn, host: Host) -> None:
    """One's own row offers neither disabling nor deleting, and the role cannot be changed."""
    page = signed_in()
    show(page, host, "users")
    row = page.get_by_role("row", name="anna (you)")
    expect(row.get_by_role("button")).to_have_text(["Change"])
    row.get_by_role("button").click()
    expect(dialog(page).get_by_label("Role")).to_be_disabled()
    expect(dialog(page)).to_contain_text("another admin can")


def test_users_by_the_keyboard_alone(signed_in: SignedIn, host: Host) -> None:
    """From the top of the page to an invitation, and back to the button that began it."""
    page = signed_in()
    show(page, host, "users")
    press_until(page, "Tab", "Invite somebody")
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_label("Mail address")).to_be_focused()
    page.keyboard.type("keys@people.example")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    press_until(page, "Tab", "Invite")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="keys@people.example")).to_contain_text("operator")
    press_until(page, "Tab", "Delete keys@people.example")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="keys@people.example")).to_have_count(0)


# --- settings -------------------------------------------------------------------------------------------------------


def setting(page: Page, name: str) -> Locator:
    """Give the input of a setting."""
    return page.locator(f"input[name={name}], select[name={name}]")


def test_every_setting_is_there(signed_in: SignedIn, host: Host) -> None:
    """Whatever can be saved can be typed, and each input says by its name and note what it does."""
    page = signed_in()
    show(page, host, "settings")
    for name in set(forms.CONFIG.fields) - {"version", "mboxpath"}:
        expect(setting(page, name)).to_have_count(1)
        expect(setting(page, name)).to_have_accessible_name(re.compile("..."))
        expect(setting(page, name)).to_have_accessible_description(re.compile("..."))


def test_settings_are_checked_as_one_types(signed_in: SignedIn, host: Host) -> None:
    """Mistakes are shown by the page or the server, both at the field; durations are in their own units."""
    page = signed_in()
    show(page, host, "settings")
    within = setting(page, "maxreturntime")
    expect(within).to_have_value("5 min")
    field = page.locator(".field", has=within)
    expect(field).to_contain_text("300 seconds")
    within.fill("soon")
    expect(field).to_contain_text("“soon” is not a duration")
    expect(page.get_by_role("complementary")).to_contain_text("Correct the marked fields first.")
    within.fill("2 d")
    expect(field).to_contain_text("172,800 seconds")
    expect(field).to_contain_text("maxreturntime: 172800 s is above max_sec_until_fail (86400 s)")
    expect(within).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Save").click()
    expect(within).to_be_focused()
    within.fill("0.5 s")
    expect(field).to_contain_text("should be a whole number")
    within.fill("300")
    expect(field).not_to_contain_text("should be")
    expect(page.get_by_text("Not saved")).to_be_hidden()


def test_settings_say_whom_they_would_make_fail(signed_in: SignedIn, host: Host) -> None:
    """Before anything is saved: how many, which, and why; once it is saved, the audit shows it."""
    page = signed_in()
    show(page, host, "settings")
    told = page.get_by_role("complementary")
    expect(told).to_contain_text("3 domains are failing now.")
    setting(page, "maxlatenumber").fill("500")
    setting(page, "maxlatepercentage").fill("99,5 %")
    expect(told).to_contain_text("Would stop failing")
    expect(told.get_by_role("link", name="mxtrax@quarry.example")).to_be_visible()
    expect(page.get_by_text("Not saved: Delays allowed, Allowed share of late tests.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It takes effect within a minute.")).to_be_visible()
    expect(page.get_by_text("Not saved")).to_be_hidden()
    with host.lock:
        saved = load_config(host.stage.settings.initial)
        assert (saved.limits.maxlatenumber, saved.limits.maxlatepercentage) == (500, 99.5)
    page.get_by_role("link", name="Audit").click()
    row = page.get_by_role("row", name="changed the settings").first
    expect(row).to_contain_text("Delays allowed was 0 → is now 500")
    expect(row.get_by_role("listitem")).to_have_count(2)


def test_two_who_change_the_settings_see_each_other(signed_in: SignedIn, host: Host) -> None:
    """Both values are shown, nothing is lost, and fields that only the other one changed are adopted."""
    page = signed_in()
    show(page, host, "settings")
    setting(page, "remind_minutes").fill("2 h")
    with host.lock:
        there = load_config(host.stage.settings.initial)
        save_config(replace(there, remind_minutes=30, keep_days=45))
    page.get_by_role("button", name="Save").click()
    clash = page.get_by_role("alert").filter(has_text="meanwhile")
    expect(clash.get_by_role("row", name="First reminder after")).to_contain_text("30 min")
    expect(clash.get_by_role("row", name="First reminder after")).to_contain_text("2 h")
    expect(setting(page, "keep_days")).to_have_value("45 d")
    expect(setting(page, "remind_minutes")).to_have_value("2 h")
    clash.get_by_role("button", name="Keep mine").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It takes effect within a minute.")).to_be_visible()
    with host.lock:
        saved = load_config(host.stage.settings.initial)
        assert (saved.remind_minutes, saved.keep_days) == (120, 45)


def test_what_is_not_saved_is_not_lost_by_a_slip(signed_in: SignedIn, host: Host) -> None:
    """Another page, Back and signing out ask first; what was typed stays until one says so."""
    page = signed_in()
    show(page, host, "settings")
    setting(page, "keep_days").fill("60 d")
    page.get_by_role("link", name="Audit").click()
    expect(dialog(page)).to_contain_text("Leave without saving?")
    dialog(page).get_by_role("button", name="Cancel").click()
    expect(setting(page, "keep_days")).to_have_value("60 d")
    assert page.url.endswith("#/config")
    page.get_by_role("button", name="Sign out").click()
    dialog(page).get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="Audit").click()
    dialog(page).get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    expect(setting(page, "keep_days")).not_to_have_value("60 d")


def test_settings_by_the_keyboard_alone(signed_in: SignedIn, host: Host) -> None:
    """From the top of the page to a setting, and saved without leaving it."""
    page = signed_in()
    show(page, host, "settings")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "self_check_percent":
            break
    page.keyboard.press("Control+a")
    page.keyboard.type("40 %")
    expect(page.get_by_text("Not saved: Suspect the monitor itself from.")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved. It takes effect within a minute.")).to_be_visible()
    assert page.evaluate("document.activeElement.name") == "self_check_percent"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.name") == "timezone"


# --- audit ----------------------------------------------------------------------------------------------------------


def test_the_audit_is_read_by_what_was_changed(signed_in: SignedIn, host: Host) -> None:
    """Who did it, what differs, as text; a click filters by the same target."""
    page = signed_in("otto", "#/customers/lantern")
    page.get_by_role("button", name="Edit", exact=True).click()
    dialog(page).get_by_label("Alerts also go to").fill("night@lantern.example")
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="Who is notified")).to_contain_text("night@lantern.example")
    page.get_by_role("button", name="Sign out").click()
    enter(page, "anna")
    page.goto(f"{host.url}/#/audit")
    row = page.get_by_role("row", name="changed a customer").first
    expect(row).to_contain_text("otto")
    expect(row.get_by_role("listitem")).to_have_text(["Alerts go to is now night@lantern.example"])
    row.get_by_role("link", name="customer lantern", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "target=customer+lantern" in page.url
    page.get_by_role("link", name="Open customer lantern").click()
    expect(page.get_by_role("region", name="Who is notified")).to_contain_text("night@lantern.example")
    page.go_back()
    page.get_by_label("Object").fill("nothing-like-that")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No change of “nothing-like-that”.")).to_be_visible()


# --- maintenance ----------------------------------------------------------------------------------------------------


def month(page: Page) -> Locator:
    """Give the calendar."""
    return page.locator("table.calendar")


def test_maintenance_is_drawn_by_its_occurrences_in_ones_own_zone(signed_in: SignedIn, host: Host) -> None:
    """New York's Saturday night is Berlin's Sunday morning, week after week, even after summer time has begun."""
    page = signed_in("vera", "#/maintenance?month=2026-02")
    expect(page.get_by_role("heading", name="February 2026")).to_be_visible()
    bars = month(page).locator("td:not(.outside) .block")
    expect(bars).to_have_text([f"05:00{TO}07:00 <b>Patches</b>"] * 4)
    expect(month(page).locator("td:nth-child(8).busy:not(.outside)")).to_have_count(4)
    expect(page.get_by_role("row", name="every Saturday")).to_contain_text("23:00 to Sunday 01:00")
    expect(page.get_by_role("row", name="every Saturday")).to_contain_text("in America/New_York")
    expect(page.get_by_text("Times in the calendar are in your time zone (Europe/Berlin)")).to_be_visible()
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_role("heading", name="March 2026")).to_be_visible()
    expect(month(page).locator("td:not(.outside) .block").first).to_have_text(f"05:00{TO}07:00 <b>Patches</b>")
    # From 8 to 29 March New York is an hour closer to Berlin.
    expect(month(page).locator("td.busy:not(.outside) .block")).to_have_text(
        [f"{hours} <b>Patches</b>" for hours in (*[f"05:00{TO}07:00"] * 2, *[f"04:00{TO}06:00"] * 2, f"05:00{TO}07:00")]
    )
    assert page.locator("main b").count() == 0


def test_what_is_on_now_stands_first(signed_in: SignedIn, host: Host) -> None:
    """People who wonder why nobody is notified see it at once."""
    page = signed_in("vera", "#/maintenance")
    expect(page.locator(".notice.warn")).to_contain_text("On now:")
    expect(page.locator(".notice.warn")).to_contain_text("everything until")
    expect(page.locator(".notice.warn")).to_contain_text("(A long night)")
    listed = page.get_by_role("region", name="All windows").get_by_role("row", name="A long night")
    expect(listed).to_contain_text("on now, until")


def test_maintenance_is_planned_from_a_day_changed_and_removed(signed_in: SignedIn, host: Host) -> None:
    """By keyboard along the days, with mistakes shown; times in another zone are shown in one's own, too."""
    page = signed_in("otto", "#/maintenance?month=2031-05")
    page.get_by_role("button", name=re.compile("Plan maintenance on .* 1 May 2031")).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(dialog(page).get_by_label("From")).to_have_value("2031-05-09T22:00")
    expect(dialog(page).get_by_label("Time zone")).to_have_value("Europe/Berlin")
    dialog(page).get_by_label("For").select_option("A domain")
    dialog(page).get_by_label("Which").fill("mxtrax@nobody.example")
    dialog(page).get_by_label("Time zone").fill("Asia/Tokyo")
    expect(dialog(page)).to_contain_text("In your time: Fri 9 May, 15:00 to Fri 9 May, 19:00")
    dialog(page).get_by_label("Note").fill("New disks")
    dialog(page).get_by_role("button", name="Plan").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("there is no domain with the address")
    dialog(page).get_by_label("Which").fill("mxtrax@meadow.example")
    dialog(page).get_by_label("Until").fill("2031-05-09T21:00")
    dialog(page).get_by_role("button", name="Plan").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("should be after the start")
    expect(dialog(page).get_by_label("Note")).to_have_value("New disks")
    dialog(page).get_by_label("Until").fill("2031-05-10T02:00")
    dialog(page).get_by_role("button", name="Plan").click()
    bar = month(page).get_by_role("button", name=f"15:00{TO}19:00 New disks")
    bar.click()
    dialog(page).get_by_label("Every week").check()
    dialog(page).get_by_role("button", name="Save").click()
    expect(month(page).get_by_role("button", name=f"15:00{TO}19:00 New disks")).to_have_count(4)
    page.get_by_role("button", name=re.compile("Remove mxtrax@meadow.example, every")).click()
    expect(dialog(page)).to_contain_text("New disks")
    dialog(page).get_by_role("button", name="Remove").click()
    expect(bar).to_have_count(0)


def test_two_who_change_a_window_see_each_other(signed_in: SignedIn, host: Host) -> None:
    """The second is shown what is there now beside what is theirs, and decides."""
    with host.lock:
        planned = Window(id="both", scope=Scope.ALL, start="2031-07-01T10:00", end="2031-07-01T11:00", note="First")
        windows.save(planned)
    page = signed_in("otto", "#/maintenance?month=2031-07")
    month(page).get_by_role("button", name="First").click()
    dialog(page).get_by_label("Note").fill("Mine")
    with host.lock:
        there = windows.get("both")
        assert there is not None
        windows.save(replace(there, note="Theirs"))
    dialog(page).get_by_role("button", name="Save").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("Somebody has changed this meanwhile.")
    expect(dialog(page).get_by_role("row", name="Note")).to_contain_text("Theirs")
    dialog(page).get_by_role("button", name="Save").click()
    expect(month(page).get_by_role("button", name="Mine")).to_be_visible()


# --- customers and domains ------------------------------------------------------------------------------------------


def test_many_domains_are_changed_at_once_after_a_look(signed_in: SignedIn, host: Host) -> None:
    """What is chosen, what would change from what to what, and then it is done."""
    page = signed_in("otto", "#/customers/acme")
    page.get_by_label("Choose mxtrax@harbour.example").check()
    page.get_by_label("Choose mxtrax@meadow.example").check()
    expect(page.get_by_text("2 domains chosen")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^Edit \d")).click()
    dialog(page).get_by_label("What to do").select_option("Add tags")
    dialog(page).get_by_label("Tags, separated by commas").fill("gold, <i>north</i>")
    dialog(page).get_by_role("button", name="Go on").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("Nothing would change.")
    expect(dialog(page)).to_contain_text(re.compile("mxtrax@harbour.example: tags"))
    dialog(page).get_by_label("Tags, separated by commas").fill("gold")
    dialog(page).get_by_role("button", name="Go on").click()
    expect(dialog(page).get_by_role("listitem").filter(has_text="harbour")).to_contain_text("tags: vip → gold, vip")
    expect(dialog(page)).to_contain_text("This is what it would do.")
    with host.lock:
        assert "gold" not in (stored.by_key("mxtrax@meadow.example") or host.fleet["meadow"]).tags
    dialog(page).get_by_role("button", name="Go on").click()
    expect(page.get_by_text("2 domains are changed.")).to_be_visible()
    expect(page.get_by_role("row", name="meadow")).to_contain_text("gold")
    expect(page.get_by_text("chosen", exact=False).filter(has_text="2 domains")).to_have_count(0)


def test_a_public_link_is_made_looked_at_and_ended(signed_in: SignedIn, browser: Browser, host: Host) -> None:
    """Off at first; then people with the link see the page without signing in, until it is ended."""
    page = signed_in("otto", "#/customers/lantern")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Link", exact=True)
    expect(link).to_have_value(re.compile("/status/[A-Za-z0-9_-]{22,}$"))
    first = link.input_value()
    expect(page.get_by_role("group", name="What the page says now")).to_contain_text(
        "lighthouse.example in maintenance"
    )
    expect(page.get_by_role("group", name="What the page says now")).to_contain_text(HOSTILE)
    badge = page.get_by_alt_text("The badge as it is now")
    expect(badge).to_be_visible()
    assert badge.evaluate("it => it.complete && it.naturalWidth > 0")
    assert faults(page) == []
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy: Link").click()
    assert page.evaluate("navigator.clipboard.readText()") == first
    assert status_of(browser, host, first, "lighthouse.example") == 200
    page.get_by_role("button", name="Make another link").click()
    dialog(page).get_by_role("button", name="Make another").click()
    expect(link).not_to_have_value(first)
    assert status_of(browser, host, first) == 404
    second = link.input_value()
    assert status_of(browser, host, second, "lighthouse.example") == 200
    page.get_by_role("button", name="End the link").click()
    dialog(page).get_by_role("button", name="End it").click()
    expect(page.get_by_role("button", name="Make a link")).to_be_visible()
    assert status_of(browser, host, second) == 404


def status_of(browser: Browser, host: Host, url: str, words: str = "") -> int:
    """Open an address as a stranger, check the words there, and give the status that a new worker answers."""
    with host.lock:
        memory.reset()
    with browser.new_context() as strangers:
        page = strangers.new_page()
        answer = page.goto(url)
        assert answer is not None
        if words:
            expect(page.locator("body")).to_contain_text(words)
            assert page.locator("img[onerror]").count() == 0
            assert page.locator("script").count() == 1  # its own, which puts times into the reader's zone
            assert faults(page) == []
        return answer.status


def press_until(page: Page, key: str, name: str, most: int = 60) -> None:
    """Press a key until what has the focus is called this."""
    script = "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText ?? '').trim()"
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(script) == name:
            return
    raise AssertionError(name)
