"""The alert in words: the wiki's report, the notices above it, the message for machines, and strangers' text in it."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model.fleet import Customer, MailDomain
from mxtrax.model.health import DomainHealth, State, WindowCounts
from mxtrax.model.incident import MONITOR, Incident
from mxtrax.model.moments import DAY, HOUR, MINUTE, Millis
from mxtrax.model.notice import Notice
from mxtrax.model.settings import Config, Limits
from mxtrax.model.test import Cause
from mxtrax.notify.wire import wire_form
from mxtrax.report import alert as report
from mxtrax.rules.explanation import explain
from mxtrax.rules.notices import kind_of

NOW: Millis = 1_763_812_800_000
"""2025-11-22 12:00:00 UTC."""

ACME = {"C1": Customer(codename="C1", friendlyname="Acme & Sons")}
REFUSED = explain(Cause.REFUSED)
OUT_OF_SIGHT = "\u202e\u2066\u200b"


def _line(address: str, counts: WindowCounts, state: State = State.OK, streak: int = 0, **domain: Any) -> report.Line:
    user, _, name = address.rpartition("@")
    it = MailDomain(id=1, testuser=user, domainname=name, **{"customer": "C1", **domain})
    window_counts = {NOW // HOUR: counts} if counts.total else {}
    return report.Line(it, DomainHealth(maildomain=it.key, state=state, window_counts=window_counts, streak=streak))


def _incident(address: str, **more: Any) -> Incident:
    values = {"opened": NOW - 5 * MINUTE, "cause": Cause.REFUSED, "evidence": "Their server refused it at noon."}
    return Incident(id="1-17", maildomain=address, customer="C1", **{**values, **more})


WIKIS = Limits(maxfailnumber=0, maxfailpercentage=0.0, maxlatenumber=0, maxlatepercentage=0.0)

FAILING = _line("user1@domain1.com", WindowCounts(missed=3), State.FAILING)
FINE = _line("user1@domain2.com", WindowCounts(ontime=2, took=1_000))


def _notice(incident: Incident, line: report.Line | None = None, customer: Customer | None = None) -> Notice:
    domain, health = line or (None, None)
    return Notice(kind=kind_of(incident), at=NOW, incident=incident, domain=domain, customer=customer, health=health)


def _compose(
    config: Config,
    told: Sequence[Incident],
    fleet: Sequence[report.Line],
    customers: Mapping[str, Customer] = ACME,
) -> report.Mail:
    lines = {line.domain.key: line for line in fleet}
    notices = [_notice(it, lines.get(it.maildomain), customers.get(it.customer)) for it in told]
    return report.compose(NOW, config, notices, fleet, customers)


def _wiki(config: Config | None = None, *told: Incident) -> report.Mail:
    return _compose(config or Config(limits=WIKIS), told or [_incident("user1@domain1.com")], [FINE, FAILING])


class _Words(HTMLParser):
    """What a reader sees of a page, and which elements and addresses there are."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self._hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self._hidden = tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 -- HTMLParser's
        """Show again what follows."""
        self._hidden = False

    def handle_data(self, data: str) -> None:
        """Note what is shown."""
        if not self._hidden:
            self.shown.append(data)

    @property
    def text(self) -> str:
        """Give all that is shown."""
        return " ".join(" ".join(self.shown).split())


def _flat(text: str) -> str:
    return " ".join(text.split())


# --- the wiki's report -----------------------------------------------------------------------------------------------


def test_the_wikis_sample_has_the_wikis_overall_figures() -> None:
    """Two tests on time and three that did not return are 40 per cent of five, in half a second."""
    text = _wiki().text
    for fact in (
        "user1@domain1.com is failing",
        "Overall on-time rate: 40.00\N{NO-BREAK SPACE}%",
        "On time: 2\n",
        "Late: 0\n",
        "Did not return: 3\n",
        "Total: 5\n",
        "Average delivery time: 0.5 s\n",
        "Limit for the number of late tests: 0\n",
        "Limit for the rate of late tests: 0.00\N{NO-BREAK SPACE}%",
        "Limit for the number of tests that did not return: 0\n",
        "Limit for the rate of tests that did not return: 0.00\N{NO-BREAK SPACE}%",
    ):
        assert fact in text


def test_the_wikis_sample_has_the_wikis_figures_of_each_domain() -> None:
    """Each domain has its three numbers and rates, its average or a note that there is none, its limits, YES or NO."""
    first, second = _wiki().text.replace("\N{NO-BREAK SPACE}", " ").split("WORST FIRST")[1].split("\n\n")[1:3]
    assert first.splitlines() == [
        "user1@domain1.com, Acme & Sons (C1)",
        "  Failing: YES",
        "  On time: 0 (0.00 %)",
        "  Late: 0 (0.00 %)",
        "  Did not return: 3 (100.00 %)",
        "  Average delivery time: none",
        "  Limit exceeded: 3 tests did not return, 100.00 % of all (limit: 0).",
        "  No test has returned, so there is no average.",
        "  Recovers after 3 tests on time in a row (0 so far).",
    ]
    assert second.splitlines() == [
        "user1@domain2.com, Acme & Sons (C1)",
        "  Failing: NO",
        "  On time: 2 (100.00 %)",
        "  Late: 0 (0.00 %)",
        "  Did not return: 0 (0.00 %)",
        "  Average delivery time: 0.5 s",
    ]


def test_text_and_html_tell_the_same_facts() -> None:
    """Every word and figure of one is in the other, except for the table's headings."""
    mail = _wiki()
    numbers = {"1.", "2.", "3.", "4."}  # HTML numbers the steps itself
    text = set(re.findall(r"[\w.@]+", mail.text.lower())) - numbers
    html = set(re.findall(r"[\w.@]+", _Words(mail.html).text.lower()))
    assert text <= html
    assert html - text <= {"domain", "time"}


def test_domains_in_maintenance_are_left_out_and_counted() -> None:
    """A domain in maintenance adds nothing to any figure."""
    away = _line("away@domain3.com", WindowCounts(missed=50), maintmode=True)
    mail = _compose(Config(), [_incident("user1@domain1.com")], [FINE, FAILING, away], ACME)
    assert "away@domain3.com" not in mail.text + mail.html
    assert "Total: 5\n" in mail.text
    assert "1 domain is in maintenance and not shown here." in mail.text


def test_hours_that_have_left_the_window_do_not_count() -> None:
    """A domain that was not folded for a long time is shown with what is still in the window."""
    old = DomainHealth(
        maildomain="a@b.example", state=State.FAILING, window_counts={(NOW - 3 * DAY) // HOUR: WindowCounts(missed=9)}
    )
    stale = report.Line(MailDomain(id=2, testuser="a", domainname="b.example"), old)
    text = _compose(Config(), [], [stale], {}).text
    assert "Overall on-time rate: no tests yet" in text
    assert "Failing: YES" in text
    assert "Did not return: 9 " in _compose(Config(window_hours=0), [], [stale], {}).text


def test_a_domains_own_limits_are_named() -> None:
    """If a domain has its own limits, the report says so, exceeded or not."""
    own = _line("user1@domain1.com", WindowCounts(90, 7, 3), State.FAILING, maxfailnumber=5, maxlatenumber=6)
    text = _compose(Config(limits=WIKIS), [], [own], ACME).text
    assert "Limits exceeded: 7 late tests, 7.00 % of all (limits: 6 and 0.00 %)." in _flat(text)
    assert "Limit exceeded: 3.00 % did not return (limit: 0.00 %)." in _flat(text)
    assert "Its own limit for the number of tests that did not return: 5." in text


def test_a_failing_domain_within_its_limits_says_what_it_waits_for() -> None:
    """If only the limits decide about recovery, a sentence says that none is exceeded any more."""
    healed = _line("user1@domain1.com", WindowCounts(ontime=3), State.FAILING)
    text = _compose(Config(recover_after=0), [], [healed], ACME).text
    assert "No limit is exceeded any more; its next test decides." in text


@given(
    st.lists(
        st.builds(
            WindowCounts,
            ontime=st.integers(0, 99),
            late=st.integers(0, 99),
            missed=st.integers(0, 99),
            took=st.integers(0, 10**7),
        ),
        max_size=8,
    )
)
def test_the_overall_figures_are_the_sums_of_the_domains(counts: list[WindowCounts]) -> None:
    """The overall figures are always the sums of the domains' figures."""
    fleet = [_line(f"user@domain{n}.com", each) for n, each in enumerate(counts)]
    text = _compose(Config(), [], fleet, {}).text
    assert f"On time: {sum(each.ontime for each in counts)}\n" in text
    assert f"Late: {sum(each.late for each in counts)}\n" in text
    assert f"Did not return: {sum(each.missed for each in counts)}\n" in text
    assert f"Total: {sum(each.total for each in counts):,}\n" in text


# --- the notices --------------------------------------------------------------------------------------------------------


def test_a_new_incident_tells_what_since_when_why_and_what_was_seen() -> None:
    """The cause in words, the evidence, the moment in the settings' zone, and the limits exceeded come first."""
    mail = _wiki(Config(timezone="Europe/Berlin", limits=WIKIS))
    assert mail.subject == "[DOWN] Acme & Sons (domain1.com): mail is refused, since 12:55"
    above = _flat(mail.text.split("ALL DOMAINS")[0])
    assert "user1@domain1.com is failing: mail is refused." in above
    assert "Their server refused it at noon." in above
    assert "Failing since 2025-11-22 12:55:00 CET (11:55 UTC)." in above
    assert "Limit exceeded: 3 tests did not return, 100.00 % of all (limit: 0)." in above


def test_a_reminder_says_for_how_long() -> None:
    """An incident that was announced is still failing."""
    mail = _wiki(None, _incident("user1@domain1.com", opened=NOW - 2 * HOUR - 5 * MINUTE, notified=NOW - 2 * HOUR))
    assert mail.subject == "Re: [DOWN] Acme & Sons (domain1.com): mail is refused, since 09:55"
    assert "Failing since 2025-11-22 09:55:00 UTC, for 2 h 5 min now." in _flat(mail.text)


def test_a_recovery_says_from_when_to_when() -> None:
    """A closed incident has recovered, and its times are given."""
    over = _incident("user1@domain2.com", opened=NOW - HOUR, notified=NOW - HOUR, closed=NOW - MINUTE - 30_000)
    mail = _wiki(None, over)
    assert mail.subject == "[OK] Acme & Sons (domain2.com): well again after 58 min 30 s"
    said = _flat(mail.text)
    assert "It was failing from 2025-11-22 11:00:00 UTC to 2025-11-22 11:58:30 UTC, for 58 min 30 s." in said
    assert "before this alert" not in said


def test_an_incident_that_closed_before_it_could_be_sent_says_so() -> None:
    """An incident that began and ended between two mails is reported as over."""
    mail = _wiki(None, _incident("user1@domain2.com", closed=NOW))
    assert mail.subject.startswith("[OK] ")
    assert "It recovered before this alert could be sent." in _flat(mail.text)


def test_several_domains_are_counted_and_the_worst_is_named() -> None:
    """The subject names the most severe notice first, its worst domain, and the mail's other news."""
    fleet = [
        _line("a@a.example", WindowCounts(ontime=99, missed=1), State.FAILING),
        _line("b@b.example", WindowCounts(missed=4), State.FAILING),
        _line("c@c.example", WindowCounts(ontime=5)),
        _line("d@d.example", WindowCounts(missed=9), State.FAILING),
    ]
    told = [
        _incident("a@a.example"),
        _incident("b@b.example"),
        _incident("c@c.example", closed=NOW, notified=NOW - 1),
        _incident("d@d.example", notified=NOW - HOUR),
    ]
    mail = _compose(Config(), told, fleet, ACME)
    assert mail.subject == "[DOWN] Acme & Sons, 2 domains: mail is refused, since 11:55; 2 more"
    assert mail.text.startswith("2 domains are failing.\nd@d.example is still failing")
    assert mail.text.index("a@a.example, Acme") < mail.text.index("b@b.example, Acme")


def test_domains_of_one_operator_are_one_story() -> None:
    """It names the provider, says whose evidence it shows, and lists the domains."""
    told = [_incident(f"{name}@{name}.example", provider="hoster.example") for name in "ab"]
    fleet = [_line(it.maildomain, WindowCounts(missed=1), State.FAILING) for it in told]
    mail = _compose(Config(), told, fleet, ACME)
    assert mail.subject == "[DOWN] Acme & Sons, 2 domains: mail is refused, since 11:55"
    assert "One provider, hoster.example, runs their mail, so they are reported as one:" in _flat(mail.text)
    assert "a@a.example: Their server refused it at noon." in _flat(mail.text)
    assert "- a@a.example, Acme & Sons - b@b.example, Acme & Sons" in _flat(mail.text)


def test_our_own_trouble_says_why_and_what_becomes_of_what_is_held() -> None:
    """The evidence of our own fault is given as the cause, and nothing is said twice."""
    fault = Incident(
        id="self-check", maildomain=MONITOR, opened=NOW, cause=Cause.MONITOR_FAULT, evidence="The loop is open."
    )
    mail = _wiki(None, fault)
    news = _flat(mail.text.split("ALL DOMAINS")[0])
    assert mail.subject == "MXTRAX itself is in trouble, customer alerts held, since 12:00"
    assert news.lower().count("the monitor itself") == 2
    assert "In trouble since 2025-11-22 12:00:00 UTC Cause: The loop is open. Testing and counting go on." in news
    lasting = _wiki(None, replace(fault, opened=NOW - HOUR, notified=NOW - HOUR))
    assert "In trouble since 2025-11-22 11:00:00 UTC, for 1 h now" in lasting.text
    over = _wiki(None, replace(fault, notified=NOW, closed=NOW + 90_000))
    assert "In trouble from 2025-11-22 12:00:00 UTC to 2025-11-22 12:01:30 UTC, for 1 min 30 s" in over.text
    assert "Testing and counting go on." not in over.text


@pytest.mark.parametrize(
    ("refusing", "pace"), [(1, ""), (20, "For now that is at a sixteenth"), (90, "For now that is once a day")]
)
def test_a_report_says_who_is_tested_less_often_and_why(refusing: int, pace: str) -> None:
    """Each slows down on its own; if so many refuse that SES would review the account, all of them do."""
    fleet = [_line(f"user1@domain{number}.com", WindowCounts(ontime=1), interval_minutes=1) for number in range(100)]
    slow = [it._replace(health=replace(it.health, slower=1)) for it in fleet[:refusing]]
    said = _flat(_compose(Config(), [], [*slow, *fleet[refusing:]]).text)
    noun = "domain" if refusing == 1 else "domains"
    assert f"{refusing} {noun} permanently rejected several tests and are tested less often until one returns." in said
    assert pace in said
    assert ("SES reviews accounts that bounce too much" in said) == bool(pace)


def test_an_alert_address_whose_mail_is_tested_is_warned_of() -> None:
    """Config's own, and those of the customers whose domains the mail shows."""
    owners = {
        "C1": Customer(codename="C1", friendlyname="Acme & Sons", alertuser=("it@DOMAIN1.com", "it@elsewhere.example")),
        "C2": Customer(codename="C2", friendlyname="Beta", alertuser=("it@domain2.com",)),
    }
    config = Config(alertuser=("ops@domain2.com", "ops@elsewhere.example"))
    said = _flat(_compose(config, [], [FINE, FAILING], owners).text)
    assert said.count("Warning: ") == 2
    assert "mail to ops@domain2.com goes through a domain that is tested here" in said
    assert "mail to it@DOMAIN1.com goes through a domain that is tested here" in said
    assert "Add an address elsewhere to those of Acme & Sons (C1)." in said


def test_an_incident_of_a_domain_that_was_removed_is_told() -> None:
    """The incident's own record is enough for its story."""
    mail = _compose(Config(), [_incident("gone@x.example", exceeded=("maxlatenumber", "?"))], [FINE], {})
    said = _flat(mail.text)
    assert "This domain is no longer tested." in said
    assert "Exceeded the limit for the number of late tests." in said


def test_a_zone_that_nobody_knows_keeps_no_alert_back() -> None:
    """A time zone that this machine does not know is UTC."""
    for timezone in ("Nowhere/Land", "", "../../etc/passwd", "\0"):
        assert "11:55:00 UTC" in _wiki(Config(timezone=timezone)).text


# --- a large fleet ---------------------------------------------------------------------------------------------------


def test_a_large_fleet_is_attached_as_csv() -> None:
    """Beyond 50 domains the mail shows the worst 50 and attaches all."""
    fleet = [_line(f"user@domain{n}.com", WindowCounts(ontime=1, took=1_500)) for n in range(60)] + [FAILING]
    mail = _compose(Config(), [_incident("user1@domain1.com")], fleet, ACME)
    ((name, kind, content),) = mail.attachments
    assert (name, kind) == ("mxtrax-2025-11-22-1200.csv", "text/csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 61
    assert rows[0]["maildomain"] == "user1@domain1.com"
    assert (rows[0]["did not return"], rows[0]["average delivery time in seconds"]) == ("3", "")
    assert rows[1]["average delivery time in seconds"] == "1.500"
    assert mail.text.count("Failing: ") == 50
    assert "These are the 50 worst of 61 domains" in _flat(mail.text)
    assert not _wiki().attachments


def test_a_flood_of_incidents_stays_a_mail() -> None:
    """Of a thousand incidents, fifty are given in full and all are counted."""
    fleet = [_line(f"user@domain{n}.com", WindowCounts(missed=1), State.FAILING) for n in range(1_000)]
    mail = _compose(Config(), [_incident(it.domain.key) for it in fleet], fleet, ACME)
    assert mail.subject == "[DOWN] Acme & Sons, 1,000 domains: mail is refused, since 11:55"
    assert "And 950 more." in mail.text
    assert len(mail.html) < 200_000


def test_a_spreadsheet_takes_no_name_for_a_formula() -> None:
    """A cell that begins like a formula is made text."""
    fleet = [_line(f"=cmd|x{n}@domain.com", WindowCounts(ontime=1)) for n in range(51)]
    names = {"C1": Customer(codename="C1", friendlyname="@SUM(A1)")}
    ((_, _, content),) = _compose(Config(), [], fleet, names).attachments
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell]


# --- strangers' words ------------------------------------------------------------------------------------------------

HOSTILE = st.text(max_size=60) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</td></tr></table><h1>All is well</h1>",
        "&lt;b&gt;",
        "a\r\nBcc: victim@example.com",
        "a\n\nFailing: NO",
        OUT_OF_SIGHT,
        "{title} %s {0}",
        "\ud800",
        "x" * 50_000,
    ]
)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_nothing_a_stranger_writes_becomes_markup_or_a_header(user: str, name: str, evidence: str) -> None:
    """Addresses, names and bounce texts show as text, on a line of their own making, and reach no header."""
    it = _line(f"{user}@domain1.com", WindowCounts(missed=3), State.FAILING, customer="C1")
    told = [replace(_incident(it.domain.key), evidence=evidence)]
    mail = _compose(Config(), told, [it], {"C1": Customer(codename="C1", friendlyname=name)})
    page, plain = _Words(mail.html), _Words(_wiki().html)
    assert page.elements <= plain.elements
    assert page.attributes <= plain.attributes
    assert mail.subject.isprintable()
    assert all(letter.isprintable() or letter in "\n\N{NO-BREAK SPACE}" for letter in mail.text)
    assert mail.text.count("\n  Failing: ") == 1
    raw = wire_form(mail, "mxtrax@example.com", "ops@example.com", NOW)
    parsed = message_from_bytes(raw, policy=default)
    assert parsed["Bcc"] is None
    assert raw.isascii()


def test_nothing_is_loaded_from_anywhere() -> None:
    """The HTML names no other place."""
    page = _Words(_wiki().html)
    assert not page.attributes & {"src", "href", "background", "srcset"}
    assert not page.elements & {"img", "link", "script", "a", "iframe", "form"}
    assert "url(" not in _wiki().html
    assert "http" not in unescape(_wiki().html)


# --- the wire --------------------------------------------------------------------------------------------------------


def test_the_alert_says_that_a_machine_wrote_it() -> None:
    """RFC 3834: what is auto-generated is answered by no machine."""
    mail = _wiki()
    parsed = message_from_bytes(wire_form(mail, "mxtrax@example.com", "ops@example.com", NOW), policy=default)
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert (parsed["To"], parsed["Subject"]) == ("ops@example.com", mail.subject)
    assert parsed["Date"].datetime.timestamp() * 1_000 == NOW
    assert parsed.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]


def test_a_large_fleets_alert_carries_its_file() -> None:
    """With an attachment, the alternatives are one part of a mixed mail, and the file arrives as it was."""
    fleet = [_line(f"user@domain{n}.com", WindowCounts(ontime=1)) for n in range(51)]
    mail = _compose(Config(), [], fleet, ACME)
    parsed = message_from_bytes(wire_form(mail, "mxtrax@example.com", "ops@example.com", NOW), policy=default)
    assert parsed.get_content_type() == "multipart/mixed"
    body = parsed.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == mail.text.splitlines()
    ((name, kind, content),) = mail.attachments
    (file,) = parsed.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_payload(decode=True)) == (name, kind, content)


def test_no_line_of_the_alert_is_too_long_for_smtp() -> None:
    """RFC 5321, section 4.5.3.1.6: at most 998 octets and CRLF, in everything but ASCII encoded."""
    for each in wire_form(_wiki(), "mxtrax@example.com", "ops@example.com", NOW).split(b"\r\n"):
        assert len(each) <= 300


# --- the message -----------------------------------------------------------------------------------------------------


def test_the_message_holds_what_a_machine_needs() -> None:
    """A stable id, a state, the cause, moments in RFC 3339; and attributes to filter by."""
    incident = _incident("user1@domain1.com", exceeded=("maxfailnumber",))
    body, attributes = report.message(_notice(incident, FAILING, ACME["C1"]))
    assert json.loads(json.dumps(body)) == {
        "schema": "mxtrax.incident",
        "schema_version": 1,
        "incident": "1-17",
        "notice": "opened",
        "test": False,
        "maildomain": "user1@domain1.com",
        "customer": "C1",
        "customer_name": "Acme & Sons",
        "cause": "refused",
        "reason": None,
        "cause_in_words": "mail is refused",
        "meaning": REFUSED.meaning,
        "next_steps": list(REFUSED.next_steps),
        "fault": "unknown",
        "certainty": "open",
        "evidence": "Their server refused it at noon.",
        "provider": None,
        "exceeded": ["maxfailnumber"],
        "opened": "2025-11-22T11:55:00.000Z",
        "closed": None,
        "lasted_seconds": 300,
        "figures": {"ontime": 0, "late": 0, "missed": 3, "total": 3},
        "notified": "2025-11-22T12:00:00.000Z",
    }
    assert attributes == {"notice": "opened", "customer": "C1", "cause": "refused", "fault": "unknown"}


@pytest.mark.parametrize(
    ("more", "notice"),
    [
        ({}, "opened"),
        ({"notified": NOW - 1}, "reminder"),
        ({"notified": NOW - 1, "reminded": NOW - 1}, "reminder"),
        ({"notified": NOW - 1, "closed": NOW}, "closed"),
        ({"closed": NOW}, "closed"),
    ],
)
def test_the_message_says_which_kind_of_notice_it_is(more: dict[str, Any], notice: str) -> None:
    """Opened until somebody is notified, a reminder from then on, closed when it is over."""
    body, attributes = report.message(_notice(_incident("user1@domain1.com", **more)))
    assert body["notice"] == attributes["notice"] == notice


def test_an_attribute_is_never_empty() -> None:
    """SNS refuses a message with an empty attribute: what is not known is left out."""
    unknown = replace(_incident("user1@domain1.com"), customer="", cause=None)
    body, attributes = report.message(_notice(unknown))
    assert attributes == {"notice": "opened"}
    assert (body["cause"], body["cause_in_words"], body["figures"]) == (None, "not known", None)


def test_limits_other_than_zero_are_shown_as_they_are() -> None:
    """A limit has the unit of its figure."""
    limits = Limits(maxfailnumber=2, maxfailpercentage=12.5, maxlatenumber=1_000, maxlatepercentage=33.333)
    text = _wiki(Config(limits=limits)).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Limit for the number of tests that did not return: 2\n" in text
    assert "Limit for the rate of tests that did not return: 12.50 %\n" in text
    assert "Limit for the number of late tests: 1000\n" in text
    assert "Limit for the rate of late tests: 33.33 %\n" in text
