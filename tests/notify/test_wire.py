"""The alert mail in wire form."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from mxtrax.notify.service import Letter
from mxtrax.notify.wire import ticket_form, wire_form
from mxtrax.report.mail import Mail
from tests.unit.rules.made import START

SENDER = "mxtrax@monitor.example.net"


def _parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=SMTP)


ALERT = Mail(
    subject="MXTRAX: 2 domains are failing: Müller GmbH, " + "and other customers of ours " * 5 + "and more",
    text="Es läuft nicht.\n",
    html="<p>Es läuft nicht.</p>\n",
    attachments=(("mxtrax.csv", "text/csv", "Domain;Zustand\nmüller.example;failing\n".encode()),),
)


def test_an_alert_has_text_html_and_its_attachment() -> None:
    """All parts arrive as they were written."""
    mail = _parsed(wire_form(ALERT, SENDER, "ops@example.org", START))
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert (text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")) == (
        ALERT.text,
        ALERT.html,
    )
    (sheet,) = mail.iter_attachments()
    assert (sheet.get_filename(), sheet.get_payload(decode=True)) == ("mxtrax.csv", ALERT.attachments[0][2])
    assert mail["Subject"] == ALERT.subject


def test_an_alert_asks_for_no_answer() -> None:
    """It says that a machine wrote it (RFC 3834), so that no responder answers it."""
    mail = _parsed(wire_form(ALERT, SENDER, "ops@example.org", START))
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


def test_an_alert_passes_through_any_server() -> None:
    """Seven bits and short lines, whatever it says."""
    raw = wire_form(ALERT, SENDER, "ops@example.org", START)
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 998
    assert raw.count(b"\n") == raw.count(b"\r\n")


def test_a_mail_to_a_help_desk_is_plain_text_without_a_machines_mark() -> None:
    """Help desks park mail that says that a machine wrote it."""
    letter = Letter(
        "support@helpdesk.example", "[MX-AAAAAAAA] OPEN: (DOWN) Müller: mail is refused", "Es läuft nicht.\n"
    )
    mail = _parsed(ticket_form(letter, SENDER, START))
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n") == letter.text
    assert (mail["To"], mail["Subject"]) == (letter.to, letter.subject)
    assert not {"Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"} & set(mail.keys())
