"""What happens while a page is open: tests go out and come back, domains fail and recover, and the page follows."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from mxtrax.jobs import send
from mxtrax.model import SECOND, Customer
from mxtrax.rules import vitals
from mxtrax.store import customers, fleet, runtime
from tests.e2e.console.conftest import enter
from tests.e2e.console.hand import Hand, fill
from tests.e2e.console.host import Host
from tests.stage import Sent

SEEN = """[
    document.documentElement.scrollHeight - innerHeight - Math.round(scrollY),
    document.activeElement.getAttribute('aria-label'),
]"""
"""The distance from the end of the page, the scroll position, and the focused element."""

CSV = """Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname
Acme Ltd,acme,test,one.example
Acme Ltd,acme,test,two.example
Acme Ltd,acme,test,not a domain
"""


def look(page: Page) -> None:
    """Have the page refresh now, as it does when somebody comes back to it."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def open_at(context: BrowserContext, host: Host, where: str = "#/domains") -> Page:
    """Sign anna in."""
    page = context.new_page()
    page.goto(f"{host.url}/{where}")
    enter(page, "anna")
    page.get_by_role("button", name="Sign out").wait_for()
    return page


def minute(host: Host) -> list[Sent]:
    """Let a minute pass, and give what went out in it."""
    host.stage.wait(60)
    return host.stage.tick()


def back(host: Host, sent: Sent) -> None:
    """Bring a test back after two seconds."""
    host.stage.wait(1)
    host.stage.delivered(sent)
    host.stage.wait(1)
    host.stage.comes_back(sent)
    host.stage.fold()


def test_a_domain_is_seen_to_fail_and_to_recover(context: BrowserContext, empty_host: Host) -> None:
    """Set-up, OK, down with its cause, and OK again after three tests on time: all without a reload."""
    host = empty_host
    with host.lock:
        host.stage.domain()
    page = open_at(context, host)
    row = page.get_by_role("row", name="customer.example")
    expect(row).to_contain_text("Set-up")
    with host.lock:
        back(host, minute(host)[0])
    look(page)
    expect(row).to_contain_text("OK")
    expect(page).to_have_title("Domains · MXTRAX")
    with host.lock:
        host.stage.refused(minute(host)[0])
        host.stage.fold()
    look(page)
    expect(row).to_contain_text("Down")
    expect(row).to_contain_text("Mail is refused")
    expect(page).to_have_title("(1) Domains · MXTRAX")
    for _ in range(3):
        with host.lock:
            back(host, minute(host)[0])
    look(page)
    expect(row).to_contain_text("OK")
    expect(page).to_have_title("Domains · MXTRAX")
    page.get_by_role("link", name="Incidents").click()
    expect(page.get_by_role("row", name="customer.example")).to_contain_text("Mail is refused")


def test_what_did_not_change_is_not_drawn_again(context: BrowserContext, empty_host: Host) -> None:
    """News about one domain does not touch another's row, which keeps the focus."""
    host = empty_host
    with host.lock:
        host.stage.domain("a.example")
        host.stage.domain("b.example")
    page = open_at(context, host)
    link = page.get_by_role("link", name="mxtrax@b.example")
    link.focus()
    page.evaluate("document.activeElement.closest('tr').dataset.marked = 'yes'")
    with host.lock:
        first = next(sent for sent in minute(host) if sent.to == "mxtrax@a.example")
        back(host, first)
    look(page)
    expect(page.get_by_role("row", name="a.example")).to_contain_text("OK")
    expect(link).to_be_focused()
    assert page.locator("tr[data-marked]").count() == 1


def test_rounds_that_stay_away_are_told(context: BrowserContext, empty_host: Host) -> None:
    """After a minute the chip of the monitor says so; after six it warns that the page is out of date."""
    host = empty_host
    with host.lock:
        host.stage.domain()
        for job in (*vitals.HEARTBEATS, vitals.WELL):
            runtime.heartbeat(job, host.stage.clock())
        host.stage.wait(60)
    page = open_at(context, host)
    expect(page.get_by_role("link", name="Monitor OK")).to_contain_text("own loop 1 min ago")
    expect(page.get_by_role("alert")).to_have_count(0)
    with host.lock:
        host.stage.wait(300)
    look(page)
    expect(page.get_by_role("alert").first).to_contain_text("What follows is not up to date.")
    expect(page.get_by_role("alert").last).to_contain_text("Nobody is notified of new failures.")


def test_the_title_follows_while_nobody_looks(context: BrowserContext, empty_host: Host) -> None:
    """In a hidden tab the list refreshes once a minute, so that its title shows new failures."""
    host = empty_host
    with host.lock:
        host.stage.domain()
        back(host, minute(host)[0])
    context.clock.install()
    page = open_at(context, host)
    expect(page.get_by_role("row", name="customer.example")).to_contain_text("OK")
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    look(page)
    with host.lock:
        host.stage.refused(minute(host)[0])
        host.stage.fold()
    page.clock.fast_forward(61_000)
    expect(page).to_have_title("(1) Domains · MXTRAX")


def test_news_leave_focus_scroll_and_choice_where_they_are(context: BrowserContext, empty_host: Host) -> None:
    """A domain begins to fail and moves to the top, while somebody reads the strip of another and has ticked a third."""
    host = empty_host
    with host.lock:
        for letter in "abcdefghijklmnopqrst":
            host.stage.domain(f"{letter}.example")
        sent = minute(host)
        for each in sent:
            host.stage.delivered(each)
            host.stage.comes_back(each)
        host.stage.fold()
    page = open_at(context, host)
    page.set_viewport_size({"width": 1200, "height": 500})
    page.get_by_label("Choose mxtrax@m.example").check()
    page.get_by_role("row", name="r.example").locator(".strip i[role=img]").focus()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    before = page.evaluate(SEEN)
    with host.lock:
        bad = next(each for each in minute(host) if each.to == "mxtrax@t.example")
        host.stage.refused(bad)
        host.stage.fold()
    look(page)
    expect(page.locator("tbody tr").first).to_contain_text("t.example")
    expect(page.locator("tbody tr").first).to_contain_text("Down")
    assert page.evaluate(SEEN) == before
    expect(page.get_by_label("Choose mxtrax@m.example")).to_be_checked()
    with host.lock:
        back(host, next(each for each in host.stage.outbox[::-1] if each.to == "mxtrax@r.example"))
    look(page)
    expect(page.get_by_role("row", name="r.example").locator(".strip i[role=img]")).to_have_count(2)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == before[1]


def test_a_test_is_sent_now_and_followed_until_it_is_back(context: BrowserContext, empty_host: Host) -> None:
    """The legs appear one after the other."""
    host = empty_host
    with host.lock:
        domain = host.stage.domain()
    page = open_at(context, host, f"#/domains/{domain.id}")
    page.get_by_role("button", name="Send a test now").click()
    expect(page.get_by_text("It is about to be sent")).to_be_visible()
    with host.lock:
        for batch in host.stage.batches():
            send.run(batch, host.stage.clock, host.stage.settings)
        (sent,) = host.stage.outbox
    expect(page.get_by_text("We sent it")).to_be_visible()
    expect(page.get_by_text("Not back yet")).to_be_visible()
    with host.lock:
        host.stage.now += 3 * SECOND
        host.stage.delivered(sent)
    expect(page.get_by_text("Their server accepted it")).to_be_visible()
    with host.lock:
        host.stage.now += 2 * SECOND
        host.stage.comes_back(sent)
        host.stage.fold()
    expect(page.get_by_text("Back in our inbox")).to_be_visible()
    expect(page.locator(".notice.good")).to_contain_text("It came back at")


def test_the_first_fleet_comes_in_by_a_file(context: BrowserContext, empty_host: Host, tmp_path: Path) -> None:
    """The empty list leads to the import, which shows what it would do, and why a row cannot be imported."""
    host = empty_host
    path = tmp_path / "fleet.csv"
    path.write_text(CSV)
    page = open_at(context, host)
    expect(page.get_by_text("No domains yet.")).to_be_visible()
    page.get_by_role("link", name="Go to Customers").click()
    page.get_by_role("button", name="Import CSV").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("File").set_input_files(path)
    expect(dialog).to_contain_text("Line 4")
    expect(dialog.locator("dl")).to_have_text("Rows3New2There already0Cannot be imported1")
    with host.lock:
        assert "POST /api/v3/maildomains/import" in host.asked
    dialog.get_by_role("button", name="Import").click()
    expect(page.get_by_text("2 domains imported; 0 already existed, 1 could not be imported.")).to_be_visible()
    page.get_by_role("link", name="Acme Ltd", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Customers", exact=True).click()
    page.get_by_role("button", name="Export CSV").click()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="Export").click()
    taken = Path(download.value.path()).read_text().splitlines()
    assert taken[0].startswith(CSV.splitlines()[0] + ",")
    assert [line.split(",")[3] for line in taken[1:]] == ["one.example", "two.example"]


def test_customers_and_domains_are_added_by_hand(context: BrowserContext, empty_host: Host) -> None:
    """A customer, then one of their domains; mistakes are shown; unneeded ones are removed."""
    host = empty_host
    page = open_at(context, host, "#/customers")
    page.get_by_role("button", name="Add a customer").click()
    dialog = page.get_by_role("dialog")
    fill(dialog, {"Code": "acme", "Name": "Acme & <b>Sons</b>", "Alerts also go to": "not-an-address"}, "Add")
    expect(dialog.get_by_role("alert")).to_contain_text("Alerts also go to: ")
    fill(dialog, {"Alerts also go to": "ops@acme.example"}, "Add")
    expect(page.get_by_role("link", name="Acme & <b>Sons</b>", exact=True)).to_be_visible()
    page.get_by_role("button", name="Add a domain").click()
    fill(dialog, {"Test mailbox": "test@one.example@two"}, "Add")
    expect(dialog.get_by_role("alert")).to_contain_text("an address like")
    fill(dialog, {"Test mailbox": "test@one.example", "Customer (code)": "acme"}, "Add")
    expect(page.get_by_role("heading", name="test@one.example")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No domains yet.")).to_be_visible()
    page.get_by_role("link", name="Customers", exact=True).click()
    page.get_by_role("link", name="Acme & <b>Sons</b>", exact=True).click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No customers yet.")).to_be_visible()


def test_a_domain_is_added_set_up_and_seen_live_in_five(context: BrowserContext, empty_host: Host) -> None:
    """From home: the customers, add a domain in the row, its address, send, and watch a test until it is back."""
    host = empty_host
    with host.lock:
        customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
    hand = Hand(open_at(context, host, "#/"))
    hand.go("Customers")
    hand.press(hand.page.get_by_role("button", name="New domain: Acme Ltd"))
    hand.type(hand.page.get_by_label("Test mailbox"), "test@new.example")
    hand.answer("Add")
    guide = hand.page.get_by_role("region", name="Set it up in three steps")
    expect(guide).to_be_in_viewport()
    hand.press(guide.get_by_role("button", name="Test it and watch"))
    expect(hand.page.get_by_text("It is about to be sent")).to_be_visible()
    with host.lock:
        for batch in host.stage.batches():
            send.run(batch, host.stage.clock, host.stage.settings)
        (sent,) = host.stage.outbox
        host.stage.now += 2 * SECOND
        host.stage.comes_back(sent)
        host.stage.fold()
    expect(hand.page.get_by_role("status").filter(has_text="It came back at")).to_be_visible()
    assert hand.did == 5
    with host.lock:
        (added,) = fleet.everyone()
    assert (added.address, added.customer) == ("test@new.example", "acme")


def test_a_limit_is_raised_in_three_and_holds(context: BrowserContext, empty_host: Host) -> None:
    """On a domain's page. Earlier losses made it fail; the same number again no longer does."""
    host = empty_host
    with host.lock:
        added = host.stage.domain()
        back(host, minute(host)[0])
    hand = Hand(open_at(context, host, f"#/domains/{added.id}"))
    hand.press(hand.page.get_by_role("button", name="Edit"))
    hand.type(hand.page.get_by_role("dialog").get_by_label("Losses allowed"), "2")
    hand.answer("Save")
    expect(hand.page.locator("dl.facts").first).to_contain_text("2 tests (its own)")
    assert hand.did == 3
    for lost in range(1, 4):
        with host.lock:
            host.stage.refused(minute(host)[0])
            host.stage.fold()
        look(hand.page)
        hand.page.get_by_text(f"{lost} not back").wait_for()
        expect(hand.page.locator(".headline .status.down")).to_have_count(1 if lost == 3 else 0)


def test_the_same_loss_makes_it_fail_where_no_limit_was_raised(context: BrowserContext, empty_host: Host) -> None:
    """As it is for all."""
    host = empty_host
    with host.lock:
        added = host.stage.domain()
        back(host, minute(host)[0])
        host.stage.refused(minute(host)[0])
        host.stage.fold()
    page = open_at(context, host, f"#/domains/{added.id}")
    expect(page.locator(".headline .status.down")).to_have_count(1)
