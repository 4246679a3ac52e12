"""Channels in Chromium: added, changed and removed, without ever showing their secrets."""

from playwright.sync_api import expect

from tests.e2e.console.conftest import SignedIn, faults

HOOK = "https://hooks.slack.com/services/T0/B0/secretsecret"


def test_a_channel_is_added_changed_and_removed(signed_in: SignedIn) -> None:
    """The form asks for what its service needs; a mistake is shown at its field; the key is never shown again."""
    page = signed_in("anna", "#/channels")
    expect(page.get_by_text("No channels yet.")).to_be_visible()
    page.get_by_role("button", name="Add a channel").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Service").select_option("Slack")
    assert faults(page) == []
    dialog.get_by_role("textbox", name="Url").fill("https://elsewhere.example/x")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("hooks.slack.com")
    expect(dialog.get_by_role("textbox", name="Url")).to_be_focused()
    dialog.get_by_role("textbox", name="Url").fill(HOOK)
    dialog.get_by_label("Name").fill("Night shift <b>")
    dialog.get_by_label("Down").check()
    dialog.get_by_role("button", name="Add", exact=True).click()
    row = page.get_by_role("row", name="Night shift <b>")
    expect(row).to_contain_text("Slack")
    expect(row).to_contain_text("Down")
    expect(row).to_contain_text("No notice has gone there yet")
    assert faults(page) == []
    row.get_by_role("button", name="Edit").click()
    expect(dialog.get_by_role("textbox", name="Url")).to_have_value("")
    dialog.get_by_label("Reminders, too").uncheck()
    dialog.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("without reminders")
    expect(page.locator("body")).not_to_contain_text("secretsecret")
    row.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No channels yet.")).to_be_visible()


def test_channels_are_for_admins(signed_in: SignedIn) -> None:
    """An operator sees a message, and has no menu entry."""
    page = signed_in("otto", "#/channels")
    expect(page.get_by_text("You do not have access to this page.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Channels")).to_have_count(0)
