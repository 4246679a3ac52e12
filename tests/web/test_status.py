"""Public pages: what strangers see of a customer who has a link, and what they never see."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from botocore.client import BaseClient

from mxtrax.jobs import badges
from mxtrax.model import HOUR, MONITOR, Cause, Customer, DomainHealth, Incident, MailDomain, Scope, Stat, State, Window
from mxtrax.rules import selfcheck
from mxtrax.rules.public_status import PublicStatus, Summary
from mxtrax.rules.status import urgency
from mxtrax.store import badges as stored_badges
from mxtrax.store import customers, fleet, mapping, rollups, tables, windows
from mxtrax.store.badges import Badge
from mxtrax.store.health import health_of
from mxtrax.web import status
from tests.api.client import NOW, Client
from tests.api.stored import fail as failing
from tests.api.stored import make_link, move, put_health
from tests.unit.rules.test_branding import png

HOSTILE = """<script>alert(1)</script>"'&{{}}<img src=x onerror=x>"""

LINK = "/api/v3/customers/acme/link"


def _domain(number: int) -> MailDomain:
    domain = fleet.by_id(number)
    assert domain
    return domain


def _status(operator: Client, stranger: Client) -> dict[str, Any]:
    answer = stranger.get(f"{make_link(operator)}/status.json")
    assert answer.status == 200
    told: dict[str, Any] = answer.json
    return told


def test_a_customer_is_shown_by_domain(operator: Client, stranger: Client) -> None:
    """The worst first: the status, since when, the last test, and the share of tests on time."""
    failing(_domain(2))
    rollups.save([Stat(maildomain="customer acme", d="2025-11-21", ontime_num=1, total_num=2)])
    told = _status(operator, stranger)
    assert (told["name"], told["status"], told["sentence"]) == ("Acme Ltd", "down", "1 of 2 domains is down")
    bad, well = told["domains"]
    assert bad == {
        "domain": "mail2.example",
        "status": "down",
        "since": "2025-11-22T11:00:00Z",
        "tested": None,
        "availability": 75.0,
    }
    assert (well["status"], well["since"], well["tested"]) == (
        "ok",
        "2025-11-19T12:00:00Z",
        "2025-11-22T11:56:00Z",
    )
    assert (told["availability"], len(told["days"]), told["more"]) == (50.0, 30, 0)
    assert told["days"][-2:] == [{"d": "2025-11-21", "availability": 50.0}, {"d": "2025-11-22", "availability": None}]


def all_fail() -> None:
    """Let both domains fail."""
    for number in (1, 2):
        failing(_domain(number))


def in_a_window() -> None:
    """Let both fail in maintenance."""
    all_fail()
    start, end = "2025-11-22T11:00", "2025-11-22T13:00"
    windows.save(Window(id="w", scope=Scope.CUSTOMER, target="acme", start=start, end=end))


def _in_our_trouble() -> None:
    all_fail()
    began = NOW - 2 * HOUR
    ours = Incident(id=selfcheck.ID, maildomain=MONITOR, opened=NOW, sent=began, cause=Cause.MONITOR_FAULT)
    mapping.incident_row(ours).save()


def _no_tests() -> None:
    tables.RuntimeRow("heartbeat-plan", number=NOW - HOUR).save()


def _one_new() -> None:
    put_health(DomainHealth(maildomain=_domain(1).key))


def gone() -> None:
    """Remove both."""
    for number in (1, 2):
        domain = _domain(number)
        fleet.remove(domain, DomainHealth(maildomain=domain.key), NOW)


@pytest.mark.parametrize(
    ("happens", "status", "sentence", "badge"),
    [
        (lambda: None, "ok", "Mail is working", "working"),
        (all_fail, "down", "2 of 2 domains are down", "2 of 2 down"),
        (in_a_window, "maintenance", "In maintenance", "maintenance"),
        (_in_our_trouble, "unknown", "Not known at the moment: the monitor itself has a problem", "not known"),
        (_no_tests, "unknown", "Not known at the moment: the monitor itself has a problem", "not known"),
        (_one_new, "ok", "Mail is working", "working"),
        (gone, "setup", "Not tested yet", "not tested yet"),
    ],
)
def test_the_page_says_how_mail_is_doing(
    operator: Client, stranger: Client, happens: Any, status: str, sentence: str, badge: str
) -> None:
    """Nothing fails in maintenance, a possible fault of the monitor is not the customer's, and silence is not good news."""
    happens()
    path = make_link(operator)
    told = stranger.get(f"{path}/status.json").json
    assert (told["status"], told["sentence"]) == (status, sentence)
    assert f"<span>{sentence}</span>" in stranger.get(path).body
    assert f'aria-label="mail: {badge}"' in stranger.get(f"{path}/badge.svg").body


def test_a_large_customer_is_shown_by_its_worst(operator: Client, stranger: Client) -> None:
    """A hundred domains are shown, the others are counted."""
    fleet.add(
        [MailDomain(id=0, testuser="mx", domainname=f"d{number}.example", customer="acme") for number in range(103)]
    )
    failing(_domain(70))
    told = _status(operator, stranger)
    assert (told["domains"][0]["status"], len(told["domains"]), told["more"]) == ("down", 100, 5)
    assert told["sentence"] == "1 of 105 domains is down"
    assert "And 5 domains more" in stranger.get(operator.get("/api/v3/customers/acme").json["link"]).body


def test_what_is_nobodys_business_is_not_shown(operator: Client, stranger: Client) -> None:
    """Neither mailboxes nor codenames, nor what servers said, nor other customers."""
    customers.add(Customer(codename="beta", friendlyname="Beta"))
    fleet.add([MailDomain(id=0, testuser="mx", domainname="beta.example", customer="beta")])
    failing(_domain(1))
    path = make_link(operator)
    for form in ("", "/badge.svg", "/status.json"):
        answer = stranger.get(path + form)
        assert not [
            word for word in ("secret-mailbox", "acme", "beta", "@") if word in answer.body.split("</style>")[-1]
        ]


class _Tags(HTMLParser):
    """A page as a browser parses it: its tags, and their content."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags = list[str]()
        self.attributes = set[str]()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data


def test_hostile_names_stay_text(operator: Client, stranger: Client) -> None:
    """In the page, in the badge and for programs."""
    operator.ask("PATCH", "/api/v3/customers/acme", {"friendlyname": HOSTILE, "public_note": HOSTILE})
    failing(_domain(1))
    path = make_link(operator)
    page = _Tags(stranger.get(path).body)
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert page.text.count(HOSTILE) == 3
    badge = ET.fromstring(stranger.get(f"{path}/badge.svg").body)  # noqa: S314 -- our own
    assert HOSTILE in "".join(badge.itertext())
    assert not [each for each in badge.iter() if each.tag.endswith(("script", "foreignObject"))]
    assert stranger.get(f"{path}/status.json").json["name"] == HOSTILE


def test_a_page_may_do_nothing(operator: Client, stranger: Client) -> None:
    """Only its own scripts and styles, by hash; nothing from elsewhere, no frame, no index, no referrer."""
    link = make_link(operator)
    answer = stranger.get(link)
    own = {tag: answer.body.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0] for tag in ("style", "script")}
    named = {tag: base64.b64encode(hashlib.sha256(it.encode()).digest()).decode() for tag, it in own.items()}
    policy = {
        part.partition(" ")[0]: part.partition(" ")[2] for part in answer.headers["Content-Security-Policy"].split("; ")
    }
    assert policy == {
        "default-src": "'none'",
        "style-src": f"'sha256-{named['style']}'",
        "img-src": "data:",
        "script-src": f"'sha256-{named['script']}'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    page = _Tags(answer.body)
    assert not {"style", "src", "onclick", "onerror"} & page.attributes
    assert re.findall(r'href="([^"]*)"', answer.body) == [f"{link}/month"]
    assert not {"link", "iframe", "form"} & set(page.tags)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    expected = {
        "X-Robots-Tag": "noindex",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "public, max-age=30",
    }
    assert expected.items() <= answer.headers.items()


def test_a_link_that_leads_nowhere_says_whom_to_ask(operator: Client, stranger: Client) -> None:
    """One page for all: for links that were ended and links that never were, of now, of a month and of a wallboard."""
    link = make_link(operator)
    assert stranger.get(link).status == 200
    assert operator.ask("DELETE", LINK).status == 204
    wall = operator.signed_in("admin").ask("POST", "/api/v3/wall-links", {"name": "Kitchen"}).json
    assert operator.signed_in("admin").ask("DELETE", f"/api/v3/wall-links/{wall['id']}").status == 204
    never = [f"/status/{'x' * 32}", f"/status/{'x' * 32}/month", f"/status/wall/{'x' * 32}", "/status/x", "/status/"]
    ended = [f"{link}{form}" for form in ("", "/month", "/badge.svg", "/status.json")] + [wall["link"]]
    later = replace(stranger, now=NOW + 30_000)
    answers = [later.get(path) for path in (*never, *ended)]
    assert {it.status for it in answers} == {404}
    (body,) = {it.body for it in answers}
    ((media, caching, policy),) = {
        tuple(it.headers[name] for name in ("Content-Type", "Cache-Control", "Content-Security-Policy"))
        for it in answers
    }
    assert (media, caching) == ("text/html; charset=utf-8", "no-store")
    style = body.partition("<style>")[2].partition("</style>")[0]
    assert hashlib.sha256(style.encode()).digest() == base64.b64decode(
        policy.partition("'sha256-")[2].partition("'")[0]
    )
    assert "ask whoever gave you the link" in body
    assert not [word for word in ("Acme", "acme", "Kitchen", "x" * 32) if word in body]


def test_what_the_operator_says_to_a_customer_stands_on_its_page(operator: Client, stranger: Client) -> None:
    """Line by line, for people and for programs, until it is withdrawn."""
    path = make_link(operator)
    assert 'class="sheet note"' not in stranger.get(path).body
    said = "We have moved you to another server.\nMail will be back by 16:00."
    assert operator.ask("PATCH", "/api/v3/customers/acme", {"public_note": said}).status == 200
    then, at_last = (replace(stranger, now=NOW + passed) for passed in (30_000, 60_000))
    assert said in _Tags(then.get(path).body).text
    assert then.get(f"{path}/status.json").json["note"] == said
    operator.ask("PATCH", "/api/v3/customers/acme", {"public_note": ""})
    assert 'class="sheet note"' not in at_last.get(path).body


def test_a_note_to_all_customers_stands_on_every_page(operator: Client, stranger: Client) -> None:
    """Above the note to one of them; an operator writes and withdraws it; hostile words stay text."""
    path = make_link(operator)
    assert stranger.get(f"{path}/status.json").json["note_to_all"] == ""
    operator.ask("PATCH", "/api/v3/customers/acme", {"public_note": "To you alone."})
    assert operator.ask("PATCH", "/api/v3/branding/note", {"note": f"To all.\n{HOSTILE}"}).status == 200
    then, at_last = (replace(stranger, now=NOW + passed) for passed in (30_000, 60_000))
    text = _Tags(then.get(path).body).text
    assert text.index("To all.") < text.index("To you alone.")
    assert HOSTILE in text
    assert then.get(f"{path}/status.json").json["note_to_all"] == f"To all.\n{HOSTILE}"
    assert operator.signed_in("viewer").ask("PATCH", "/api/v3/branding/note", {"note": "x"}).status == 403
    operator.ask("PATCH", "/api/v3/branding/note", {"note": ""})
    assert "to-all" not in at_last.get(path).body


def test_a_page_says_whom_it_is_from(operator: Client, stranger: Client) -> None:
    """Name, logo and a contact that is a mail link; hostile words in either stay text."""
    path, then = make_link(operator), replace(stranger, now=NOW + 30_000)
    assert "Questions?" not in stranger.get(path).body
    wanted = {"name": HOSTILE, "contact": "o'help@operator.example", "logo": base64.b64encode(png()).decode()}
    assert operator.signed_in("admin").ask("PATCH", "/api/v3/branding", wanted).status == 200
    page = then.get(path).body
    assert 'href="mailto:o%27help@operator.example"' in page
    assert f'src="data:image/png;base64,{wanted["logo"]}"' in page
    assert _Tags(page).tags.count("img") == 1
    assert HOSTILE in _Tags(page).text
    told = then.get(f"{path}/status.json").json
    assert (told["by"], told["contact"]) == (HOSTILE, wanted["contact"])


def test_a_badge_may_be_shown_anywhere(operator: Client, stranger: Client) -> None:
    """It is an image for other people's pages, and may do nothing there."""
    answer = stranger.get(f"{make_link(operator)}/badge.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"


def test_a_state_is_told_by_shape_and_word_and_colour(operator: Client, stranger: Client) -> None:
    """Each state has a shape of its own beside its word."""
    failing(_domain(2))
    move(_domain(2), 0)
    body = stranger.get(make_link(operator)).body
    shapes_of = dict(re.findall(r'<span class="state (\w+)"><svg[^>]*>(.*?)</svg>', body))
    assert shapes_of.keys() == {"down", "ok"}
    assert len(set(shapes_of.values())) == 2
    assert "</svg>Down</span>" in body


def test_what_is_done_about_it_is_said_in_words_for_customers(operator: Client, stranger: Client) -> None:
    """Since when, and only what is true: that somebody was notified, or is on it; nothing about healthy domains."""
    assert _status(operator, stranger)["detail"] == ""
    domain = _domain(2)
    failing(domain)
    told = _status(operator, stranger)
    assert (told["detail"], told["since"], told["response"]) == (
        "Test mail has not come back",
        "2025-11-22T11:00:00Z",
        "",
    )
    it = Incident(id="i", maildomain=domain.key, opened=NOW - HOUR, notified=NOW - HOUR)
    known = DomainHealth(maildomain=domain.key, state=State.FAILING, since=NOW - HOUR, trouble_from=1, incident="i")
    put_health(known)
    mapping.incident_row(it).save()
    assert _status(operator, stranger)["response"] == "we have been notified"
    mapping.incident_row(replace(it, acknowledged=NOW, acknowledged_by="otto")).save()
    shown = stranger.get(make_link(operator)).body
    assert "Test mail has not come back since" in shown
    assert "; we are looking into it." in shown
    assert "otto" not in shown


def test_who_asks_again_and_again_costs_one_read(operator: Client, stranger: Client) -> None:
    """For half a minute a worker shows what it has read, whatever the form; then what is there by then."""
    link = make_link(operator)
    assert stranger.get(f"{link}/status.json").json["status"] == "ok"
    failing(_domain(1))
    assert "working" in replace(stranger, now=NOW + 29_999).get(f"{link}/badge.svg").body
    assert replace(stranger, now=NOW + 30_000).get(f"{link}/status.json").json["status"] == "down"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record each call to AWS."""
    made, make = list[str](), BaseClient._make_api_call  # type: ignore[attr-defined]

    def heard(client: BaseClient, operation: str, given: Any) -> Any:
        made.append(operation)
        return make(client, operation, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", heard)
    return made


def test_a_badge_costs_as_many_reads_however_many_domains_there_are(
    operator: Client, stranger: Client, calls: list[str]
) -> None:
    """If plan has not written it: the sites that embed it decide how often it is requested."""
    link = make_link(operator)
    failing(_domain(1))
    calls.clear()
    badge = stranger.get(f"{link}/badge.svg").body
    few = list(calls)
    fleet.add([MailDomain(id=0, testuser="mx", domainname=f"d{n}.example", customer="acme") for n in range(40)])
    later = replace(stranger, now=NOW + 60_000)
    calls.clear()
    later.get(f"{link}/badge.svg")
    assert calls == few
    assert 1 <= len(few) <= 10
    calls.clear()
    later.get(f"{link}/badge.svg")
    assert calls == []
    later.get(f"{link}/status.json")
    assert len(calls) > 40
    assert "1 of 2 down" in badge


def _planned(now: int = NOW) -> None:
    """Let plan write the badges of all customers, once each domain is at its place in the lists."""
    for it in fleet.everyone():
        move(it, urgency(health_of(it.key), maintmode=it.maintmode))
    badges.write(fleet.everyone_listed(), customers.everyone(), now)


@pytest.mark.parametrize(
    "happens", [lambda: None, all_fail, in_a_window, _in_our_trouble, _one_new, gone, lambda: failing(_domain(2))]
)
def test_a_badge_is_one_read_and_says_what_the_page_says(
    operator: Client, stranger: Client, calls: list[str], happens: Any
) -> None:
    """What plan has written down: the worst of its domains, windows and our own fault among it."""
    happens()
    link = make_link(operator)
    _planned()
    calls.clear()
    written = stranger.get(f"{link}/badge.svg").body
    assert calls == ["GetItem"]
    assert ">Acme Ltd: " in written
    later = replace(stranger, now=NOW + 30_000)
    later.get(link)
    assert later.get(f"{link}/badge.svg").body == written


def test_a_badge_that_plan_no_longer_writes_is_not_believed(operator: Client, stranger: Client) -> None:
    """A silent plan is not good news; nor is an ended link, or a time in the future."""
    link = make_link(operator)
    _planned()
    failing(_domain(1))
    badge = f"{link}/badge.svg"
    assert "working" in replace(stranger, now=NOW + 180_000).get(badge).body
    assert "not known" in replace(stranger, now=NOW + 400_000).get(badge).body
    assert "1 of 2 down" in replace(stranger, now=NOW - 60_000).get(badge).body
    make_link(operator)  # The one before is ended.
    _planned(NOW + 390_000)
    assert replace(stranger, now=NOW + 430_000).get(badge).status == 404


def test_a_name_on_a_badge_that_plan_wrote_does_no_harm(operator: Client, stranger: Client) -> None:
    """It is as harmless as one that is read from the customer: no sign that XML forbids, none that turns text around."""
    link = make_link(operator)
    before = customers.get("acme")
    assert before
    customers.save(replace(before, friendlyname=f"A\x07\u202ecme {HOSTILE}"), None)
    read = stranger.get(f"{link}/badge.svg").body
    _planned()
    written = replace(stranger, now=NOW + 30_000).get(f"{link}/badge.svg").body
    assert written == read
    assert HOSTILE in "".join(ET.fromstring(written).itertext())  # noqa: S314 -- our own


def test_the_badge_of_a_link_that_has_ended_is_gone_with_it(operator: Client, stranger: Client) -> None:
    """Not only after plan has written the others again: the page depends on the same link."""
    badge = f"{make_link(operator)}/badge.svg"
    _planned()
    assert stranger.get(badge).status == 200
    operator.ask("DELETE", LINK)
    assert replace(stranger, now=NOW + 30_000).get(badge).status == 404


def test_an_earlier_plan_does_not_turn_a_badge_back(operator: Client, stranger: Client) -> None:
    """Two may overlap; who was begun later has seen more."""
    link = make_link(operator)
    failing(_domain(1))
    _planned(NOW)
    put_health(DomainHealth(maildomain=_domain(1).key, state=State.OK))
    _planned(NOW - 1)
    assert "1 of 2 down" in stranger.get(f"{link}/badge.svg").body


def test_badges_of_many_links_share_rows(operator: Client, calls: list[str]) -> None:
    """So plan makes few writes; none if nobody has a public page."""
    calls.clear()
    badges.write(fleet.everyone_listed(), customers.everyone(), NOW)
    assert calls == ["Scan"]  # of customers
    badges_of = {f"{number:032}": Badge(f"C{number}", Summary(PublicStatus.OK, 1, 1)) for number in range(300)}
    calls.clear()
    stored_badges.save(badges_of, NOW)
    assert set(calls) == {"UpdateItem"}
    assert len(calls) <= stored_badges.SHARDS
    for link, it in badges_of.items():
        assert stored_badges.of_link(link, NOW, 0) == it


def test_a_worker_keeps_few_pages(operator: Client, stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many links do not make its memory grow."""
    monkeypatch.setattr(status, "MOST_KEPT", 1)
    for _ in range(3):
        assert stranger.get(make_link(operator)).status == 200
        assert len(status._read) == 1
