"""The alert mail that wakes people: only the news, what it means, what to do, where to look; one mail thread."""

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from itertools import product
from pathlib import Path
from typing import Any

import html5lib
import pytest

from mxtrax.model import (
    MONITOR,
    Cause,
    Config,
    Customer,
    DomainHealth,
    MailDomain,
    Notice,
    NoticeKind,
    Reason,
    Stat,
    State,
)
from mxtrax.notify.wire import wire_form
from mxtrax.report import alert as report
from mxtrax.rules.causes_table import CAUSES, REASONS
from mxtrax.rules.explanation import explain
from mxtrax.rules.how_to import by_name
from tests import html
from tests.notify.briefs import BASE, NOW, notice

MILL = Customer(codename="mill", friendlyname="Millers' Guild")
HOUR = 3_600_000


def line(name: str, state: State = State.OK, provider: str = "hosting.test") -> report.Line:
    """Make a domain of a provider."""
    it = MailDomain(id=1, testuser="mxtrax", domainname=name, customer="mill")
    return report.Line(it, DomainHealth(maildomain=it.key, state=state, provider=provider))


def news(*notices: Notice, fleet: Sequence[report.Line] = (), **more: Any) -> report.Mail:
    """Write a mail with only the news."""
    config = Config(sendinguser="mxtrax@monitor.example", alertuser=("ops@example.org",))
    known = {"base": BASE, **more}
    return report.compose(NOW, config, notices, fleet, {"mill": MILL}, full=False, **known)


def wire(mail: report.Mail, at: int = NOW) -> Any:
    """Bring a mail into wire form, and read it as a mail program does."""
    return message_from_bytes(wire_form(mail, "mxtrax@monitor.example", "ops@example.org", at), policy=default)


def test_a_mail_is_one_screen_that_says_what_to_do() -> None:
    """Cause, evidence, meaning, steps, link and the day's figures; nothing about healthy domains."""
    day = Stat(maildomain="mxtrax@mill.test", d="2025-11-22", ontime_num=40, late_num=1, total_num=44)
    mail = news(notice(), fleet=[line("mill.test", State.FAILING), line("other.test")], days={day.maildomain: day})
    said = " ".join(mail.text.split())
    assert mail.subject == "[DOWN] Millers' Guild (mill.test): mail is refused, no such mailbox, since 11:55"
    for part in (
        "Their server refused it: no such user.",
        "Their server has no mailbox with this address.",
        "1. Send a mail to another mailbox of the domain.",
        "Today (UTC): 40 of 44 tests on time, 1 late, 3 not returned.",
        f"{BASE}/console/#/domains/7",
    ):
        assert part in said
    assert "other.test" not in mail.text
    assert len(mail.text.splitlines()) <= 30
    assert f'href="{BASE}/console/#/domains/7"' in mail.html
    assert not mail.attachments


def test_the_providers_other_domains_tell_whether_it_is_the_provider() -> None:
    """Well, failing, or some of each; of a recovery nothing is said."""
    ill, well = line("ill.test", State.FAILING), line("well.test")
    it = notice(provider="hosting.test")
    assert "The other domains of hosting.test here (1): all well." in news(it, fleet=[line("mill.test"), well]).text
    assert "here (1): all failing." in news(it, fleet=[line("mill.test"), ill]).text
    assert "here (2): 1 failing." in news(it, fleet=[line("mill.test"), ill, well]).text
    over = notice(provider="hosting.test", kind=NoticeKind.CLOSED, closed=NOW)
    assert "other domains" not in news(over, fleet=[ill]).text


def test_whoever_is_on_it_is_named() -> None:
    """Until it is over."""
    assert "anna is on it." in news(notice(acknowledged=NOW, acknowledged_by="anna")).text
    over = notice(acknowledged=NOW, acknowledged_by="anna", closed=NOW, kind=NoticeKind.CLOSED)
    assert "on it" not in news(over).text


def test_an_escalated_incident_says_so_until_somebody_is_on_it() -> None:
    """People on the second list learn why they are called; several domains of a provider say it once."""
    known: dict[str, Any] = {"notified": NOW - HOUR, "escalated": NOW}
    said = "Escalated: the first alert went out 2025-11-22 11:00:00 UTC, and nobody has acknowledged it."
    assert said in " ".join(news(notice(**known)).text.split())
    together = [notice(domain=f"{name}.test", provider="hosting.test", id=name, **known) for name in ("a", "b")]
    assert " ".join(news(*together).text.split()).count(said) == 1
    for more in ({"acknowledged": NOW}, {"closed": NOW, "kind": NoticeKind.CLOSED}, {"escalated": None}):
        assert "Escalated" not in news(notice(**known | more)).text


def test_opening_and_reminder_are_one_conversation() -> None:
    """By references, which SES leaves alone; by subject, for Gmail; by index and topic, for Outlook."""
    opened = wire(news(notice(opened=NOW - HOUR)), NOW - HOUR)
    again = wire(news(notice(opened=NOW - HOUR, kind=NoticeKind.REMINDER)))
    over = wire(news(notice(opened=NOW - HOUR, kind=NoticeKind.CLOSED, closed=NOW)))
    assert opened["References"] == again["References"] == over["References"] == opened["In-Reply-To"]
    assert re.fullmatch(r"<incident\.[\w.-]+@monitor\.example>", opened["References"])
    assert again["Subject"] == f"Re: {opened['Subject']}"
    assert again["Thread-Topic"] == opened["Thread-Topic"] == opened["Subject"]
    assert over["Subject"] == "[OK] Millers' Guild (mill.test): well again after 1 h"
    first, second = (base64.b64decode(it["Thread-Index"]) for it in (opened, again))
    assert (len(first), len(second)) == (22, 27)
    assert second[:22] == first
    other = wire(news(notice(id="2-9", opened=NOW - HOUR)))
    assert other["References"] != opened["References"]


def test_of_very_many_the_worst_are_told_and_the_rest_counted() -> None:
    """Nobody reads a thousand."""
    mail = news(*(notice(id=str(n), domain=f"d{n}.test", customer=f"c{n}") for n in range(1_000)))
    assert "And 990 more." in mail.text
    assert len(mail.text.splitlines()) < 250
    references = wire(mail)["References"].split()
    assert len(references) == 10


MONITORS = {Cause.MONITOR_FAULT, Cause.STORM, Cause.CHANNEL_FAILED, Cause.JOB_SILENT, Cause.PEER_UNWELL}
EVERY = [(cause, ground) for cause, course in CAUSES.items() for ground in (None, *(REASONS if course.grounds else ()))]


@pytest.mark.parametrize("provider", ["", "Microsoft 365", "hosting.test"])
@pytest.mark.parametrize(("cause", "reason"), EVERY)
def test_every_cause_makes_a_mail_that_can_be_acted_on(cause: Cause, reason: Reason | None, provider: str) -> None:
    """The essentials within fifty characters of a subject of eighty at most; the meaning, each next step, and both links."""
    it = notice(cause=cause, reason=reason, provider=provider, evidence="550 5.7.1 no")
    if cause in MONITORS:
        it = replace(it, domain=None, customer=None, incident=replace(it.incident, maildomain=MONITOR, customer=""))
    told, mail = explain(cause, reason, provider), news(it, act=lambda _: f"{BASE}/act/AAAA")
    point = told.words.replace("the monitor itself is", "itself is").replace("the monitor's own", "")
    assert len(mail.subject) <= 80
    assert point[:12].strip() in mail.subject[: 50 + 12]
    text, page = " ".join(mail.text.split()), _said(mail.html)
    assert told.next_steps
    for number, step in enumerate((by_name(it, "mxtrax@monitor.example") for it in told.next_steps), 1):
        assert f"{number}. {step}" in text
        assert step in page
    meaning = [] if cause is Cause.MONITOR_FAULT else [told.meaning]
    for part in (*meaning, "550 5.7.1 no", "Acknowledge or mute"):
        assert part in text
        assert part in page
    assert f'href="{BASE}/act/AAAA"' in mail.html
    assert f"{BASE}/act/AAAA" in text
    assert all(len(line) <= 78 or "https://" in line for line in mail.text.splitlines())
    html5lib.HTMLParser(strict=True).parse(mail.html)


def _said(html: str) -> str:
    """Give the words of a page."""
    body = html5lib.parse(html, namespaceHTMLElements=False).find("body")
    assert body is not None
    return " ".join(" ".join(body.itertext()).split())


@pytest.mark.parametrize(("cause", "reason"), list(product(Cause, (None, Reason.MAILBOX_FULL, Reason.DNS))))
def test_html_is_whole_for_every_cause(cause: Cause, reason: Reason | None) -> None:
    """A strict parser finds no error, also with markup in every name."""
    hostile = {"evidence": '<b>x</b> & "y" <script>alert(1)</script>', "provider": "<i>"}
    for kind in NoticeKind:
        closed = NOW if kind is NoticeKind.CLOSED else None
        it = notice("<u>Millers'</u> & Guild", cause=cause, reason=reason, kind=kind, closed=closed, **hostile)
        mail = news(it, replace(it, incident=replace(it.incident, id="2-2", customer="b")))
        html5lib.HTMLParser(strict=True).parse(mail.html)
        assert "<script" not in mail.html


def test_a_linter_of_html_finds_no_error(tmp_path: Path) -> None:
    """In a mail about each cause, opened and closed."""
    mails = {}
    for cause, kind in product(Cause, (NoticeKind.OPENED, NoticeKind.CLOSED)):
        closed = NOW if kind is NoticeKind.CLOSED else None
        it = notice("<u>Millers'</u> & Guild", cause=cause, kind=kind, closed=closed)
        mails[f"{cause}-{kind}"] = news(it, replace(it, incident=replace(it.incident, id="2-2", customer="b"))).html
    assert html.faults(mails, tmp_path, leave_out=html.OF_MAIL) == []


def test_a_mail_weighs_little() -> None:
    """Gmail cuts off what is beyond 102 KB."""
    them = [notice(id=str(n), domain=f"d{n}.test", customer=f"c{n}", evidence="x" * 1_000) for n in range(60)]
    assert len(news(*them).html.encode()) < 80_000
