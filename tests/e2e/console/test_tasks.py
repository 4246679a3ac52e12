"""What people come for, in clicks, for somebody who is signed in and on the home page.

Those that need a controlled clock are in test_live.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from infra.local.doubles.server import Doubles, doubles
from mxtrax.store import windows
from tests.e2e.console.conftest import SignedIn
from tests.e2e.console.hand import Hand
from tests.e2e.console.host import Host


@pytest.fixture
def services(host: Host, tmp_path: Path) -> Iterator[Doubles]:
    """Let the host's calls lead to the doubles of the services."""
    before = host.stage.settings
    with doubles(tmp_path) as them:
        host.stage.settings = replace(before, secrets="/mxtrax/t/channel", local_endpoints=them.endpoints)
        yield them
        host.stage.settings = before


def test_customers_in_trouble_and_whether_it_is_us_take_none(signed_in: SignedIn) -> None:
    """The number, the names and why, and that the monitor itself is well, are there before anything is pressed."""
    page = signed_in("otto", "")
    expect(page.get_by_role("heading", level=1)).to_have_text("2 customers cannot receive mail")
    trouble = page.get_by_role("group", name="What is wrong now")
    expect(trouble.get_by_role("article", name="Acme Ltd").first).to_contain_text("Accepted, but not sent back")
    expect(page.get_by_role("link", name="Monitor OK")).to_be_in_viewport()


def test_a_customer_is_quiet_for_tonight_in_two(signed_in: SignedIn, host: Host) -> None:
    """From the trouble at home; and, for all domains of a customer, from any row of the customers."""
    hand = Hand(signed_in("otto", ""))
    hand.press(hand.page.get_by_role("article", name="Acme Ltd").first.get_by_role("button", name="Quiet"))
    hand.press(hand.page.get_by_role("dialog").get_by_role("button", name=re.compile("^Until .* 08:00$")).first)
    expect(hand.page.get_by_role("article", name="Acme Ltd").last).to_contain_text("quiet until")
    assert hand.did == 2
    hand.page.goto(f"{host.url}/#/customers")
    hand.did = 0
    hand.press(hand.page.get_by_role("button", name="Quiet: Acme Ltd"))
    hand.press(hand.page.get_by_role("dialog").get_by_role("button", name=re.compile("^Until .* 08:00$")).first)
    expect(hand.page.get_by_role("row", name="Acme Ltd")).to_contain_text("quiet until")
    assert hand.did == 2
    with host.lock:
        assert [it.target for it in windows.everything() if it.scope == "customer" and it.id != "patches"] == ["acme"]
        for it in windows.everything():
            if it.id != "patches":
                windows.remove(it)


def test_a_mail_that_did_not_return_is_followed_in_two(signed_in: SignedIn) -> None:
    """From home to its domain, and to the test: what each server said, and where its trace ends."""
    hand = Hand(signed_in("otto", ""))
    hand.press(hand.page.get_by_role("link", name="mxtrax@foundry.example"))
    latest = hand.page.locator("section", has_text="Latest tests")
    hand.press(latest.locator("tbody tr", has_text="overdue").locator("a").first)
    expect(hand.page.get_by_text("Their server accepted it", exact=True)).to_be_visible()
    expect(hand.page.get_by_text("Not back; it may still come back late.")).to_be_visible()
    assert hand.did == 2


def test_a_public_page_is_there_in_three(signed_in: SignedIn) -> None:
    """From home: the customers, the customer, the link."""
    hand = Hand(signed_in("otto", ""))
    hand.go("Customers")
    hand.press(hand.page.get_by_role("link", name="Acme Ltd", exact=True))
    hand.press(hand.page.get_by_role("button", name="Make a link"))
    link = hand.page.get_by_label("Link", exact=True).input_value()
    assert hand.did == 3
    hand.page.goto(link)
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("Acme Ltd")


def test_a_colleague_is_invited_in_four(signed_in: SignedIn) -> None:
    """From home: the users, the form, the address, sent."""
    hand = Hand(signed_in("anna", ""))
    hand.go("Users")
    hand.press(hand.page.get_by_role("button", name="Invite somebody"))
    hand.type(hand.page.get_by_label("Mail address"), "new@people.example")
    hand.answer("Invite")
    expect(hand.page.get_by_role("row", name="new@people.example")).to_contain_text("viewer")
    assert hand.did == 4


@pytest.mark.parametrize("name", ["vera", "carl"])
def test_a_months_report_is_there_in_two(signed_in: SignedIn, name: str) -> None:
    """From home: the customers, and the month in a customer's row."""
    hand = Hand(signed_in(name, ""))
    hand.go("Customers")
    hand.press(hand.page.get_by_role("link", name="Month: Acme Ltd"))
    expect(hand.page.get_by_role("heading", level=1)).to_contain_text("Acme Ltd, ")
    expect(hand.page.locator(".share")).to_contain_text("available")
    assert hand.did == 2


def test_slack_is_connected_and_tested_in_five(signed_in: SignedIn, services: Doubles) -> None:
    """From home: the channels, the form, which service, its address, sent; what Slack said to the test is shown."""
    hand = Hand(signed_in("anna", ""))
    hand.go("Channels")
    hand.press(hand.page.get_by_role("button", name="Add a channel"))
    form = hand.page.get_by_role("dialog")
    hand.choose(form.get_by_role("combobox", name="Service"), "Slack")
    hand.type(form.get_by_role("textbox", name="Url"), "https://hooks.slack.com/services/T0/B0/secret")
    hand.answer("Add and test")
    expect(hand.page.get_by_role("dialog", name="the test was accepted")).to_be_visible()
    assert hand.did == 5
    assert len(services.took("hooks.slack.com")) == 2
    hand.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(hand.page.get_by_role("row", name="Slack")).to_be_visible()


def test_a_service_that_refuses_the_test_is_shown_as_it_said_it(signed_in: SignedIn, services: Doubles) -> None:
    """The channel is added nevertheless, to be corrected; without the test it is just added."""
    page = signed_in("anna", "#/channels")
    page.get_by_role("button", name="Add a channel").click()
    form = page.get_by_role("dialog")
    form.get_by_role("combobox", name="Service").select_option("Slack")
    form.get_by_role("textbox", name="Url").fill("https://hooks.slack.com/services/T0/B0/xREVOKED")
    form.get_by_label("Name").fill("Old hook")
    form.get_by_role("button", name="Add and test").click()
    expect(page.get_by_role("dialog", name="Old hook: the test was refused")).to_contain_text("invalid_token")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_role("row", name="Old hook")).to_be_visible()
    before = len(services.calls)
    page.get_by_role("button", name="Add a channel").click()
    form.get_by_role("combobox", name="Service").select_option("Slack")
    form.get_by_role("textbox", name="Url").fill("https://hooks.slack.com/services/T0/B0/other")
    form.get_by_label("Name").fill("Day shift")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("row", name="Day shift")).to_contain_text("No notice has gone there yet")
    assert len(services.calls) == before
