"""A person bound to one customer walks through the whole console: nothing of the house, nothing of any other customer."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from mxtrax.jobs.selfcheck import STORM
from mxtrax.model import MONITOR, Incident
from mxtrax.rules import selfcheck
from mxtrax.store import customers, incidents, mailtests, mapping
from tests.e2e.console.conftest import SignedIn, domain
from tests.e2e.console.fleet import HOSTILE
from tests.e2e.console.host import Host
from tests.e2e.console.running import surround

ON_CALL = "night-shift@operator.test"
STAFF = (ON_CALL, "anna", "otto", "hans-of-the-house", "noted among us", "A long night", "New disks", "Move to the new")
"""Names, addresses and notes of the people of the house."""

OTHERS = ("lantern", "lighthouse", HOSTILE)
"""What only somebody who sees the other customer can know."""

OWN = (
    "#/",
    "#/customers",
    "#/customers/acme",
    "#/customers/acme/month",
    "#/domains",
    "#/domains?search=example",
    "#/domains?provider=mail.example.net",
    "#/domains/{failing}",
    "#/domains/{newcomer}",
    "#/tests/{test}",
    "#/incidents",
    "#/set-up",
    "#/wall",
)
THEIRS = ("#/customers/lantern", "#/customers/lantern/month", "#/domains/{theirs}", "#/tests/{their_test}")
OF_THE_HOUSE = ("#/maintenance", "#/unmatched", "#/config", "#/channels", "#/users", "#/audit")


@pytest.fixture(scope="module", autouse=True)
def busy(host: Host) -> None:
    """Let operators be busy: every incident is acknowledged and has notes, and the monitor has a problem."""
    with host.lock:
        surround(host)
        for codename in ("acme", "lantern"):
            customer = customers.get(codename)
            assert customer
            customers.save(replace(customer, alertuser=(ON_CALL,)))
        for each in host.fleet.values():
            for it in list(incidents.of_domain(each.key)):
                told = {f"mailto:{ON_CALL}": it.opened}
                known = replace(it, acknowledged=it.opened, acknowledged_by=STAFF[3], note=STAFF[4], told=told)
                mapping.incident_row(replace(known, notified_channels=frozenset(told))).save()
        said = f"The mail of mxtrax@lighthouse.example; {ON_CALL} is notified."
        for trouble in (selfcheck.ID, STORM):
            mapping.incident_row(
                Incident(id=trouble, maildomain=MONITOR, opened=host.stage.clock(), evidence=said)
            ).save()


@pytest.fixture
def answers(context: BrowserContext) -> dict[str, str]:
    """Record the browser's responses, by address."""
    told: dict[str, str] = {}

    def heard(asked: Request) -> None:
        answer = asked.response()
        if answer and ("/api/" in answer.url or answer.url.endswith("/health")):
            told[answer.url] = f"{answer.all_headers()} {answer.text()}"

    context.on("requestfinished", heard)
    return told


def shown(signed_in: SignedIn, host: Host, where: str) -> Page:
    """Go to a page as somebody of one customer, and wait until it is drawn."""
    page = signed_in("carl", "#/")
    names = {"failing": "foundry", "newcomer": "newcomer", "theirs": "lighthouse"}
    known = {name: str(domain(host, of).id) for name, of in names.items()}
    with host.lock:
        for name, of in (("test", "foundry"), ("their_test", "lighthouse")):
            known[name] = next(mailtests.of_domain(domain(host, of).key, limit=1)).testid
    page.goto(f"{host.url}/{where.format(**known)}")
    page.locator(".waiting").wait_for(state="detached")
    page.wait_for_load_state("networkidle")
    return page


def known_of(text: str, words: tuple[str, ...]) -> list[str]:
    """Give the secret words that are in a text."""
    return [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]


@pytest.mark.parametrize("where", OWN)
def test_a_page_shows_nothing_of_the_house_and_of_others(
    signed_in: SignedIn, host: Host, answers: dict[str, str], where: str
) -> None:
    """Neither on the page, with everything opened, nor in the API's responses to the browser."""
    page = shown(signed_in, host, where)
    page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
    page.wait_for_load_state("networkidle")
    expect(page.locator("main h1")).to_be_visible()
    assert known_of(page.content(), STAFF + OTHERS) == []
    assert answers
    assert {url: found for url, text in answers.items() if (found := known_of(text, STAFF + OTHERS))} == {}


@pytest.mark.parametrize("where", THEIRS)
def test_what_is_anothers_is_not_there(signed_in: SignedIn, host: Host, where: str) -> None:
    """It says so, names nothing, and leads back."""
    page = shown(signed_in, host, where)
    expect(page.get_by_text("There is nothing here")).to_be_visible()
    told = page.locator("main").inner_text()
    assert [word for word in known_of(told, STAFF + OTHERS) if word not in where] == []
    page.get_by_role("link", name="Back to the start").click()
    expect(page.locator("header.now h1")).to_be_visible()


@pytest.mark.parametrize("where", OF_THE_HOUSE)
def test_a_page_of_the_house_is_not_read_at_all(
    signed_in: SignedIn, host: Host, answers: dict[str, str], where: str
) -> None:
    """It says whom it is for, and asks the API for nothing but what the frame shows."""
    page = shown(signed_in, host, where)
    expect(page.get_by_text("You do not have access to this page.")).to_be_visible()
    assert not [url for url in answers if f"/{where.strip('#/')}" in url]
    page.get_by_role("link", name="Back to the start").click()
    expect(page.locator("header.now h1")).to_be_visible()
