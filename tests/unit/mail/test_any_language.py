"""A bounce is known in languages that no list has: by its author, its server's answer, its report."""

import pytest

from mxtrax.mail import read
from mxtrax.model import Kind, Reason
from tests.unit.mail.written import PERSON, PROBE, TESTID, US, letter, mail, report

EXCHANGE = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net>"
SENTENCES = (
    ("Kézbesíthetetlen", "A kézbesítés nem sikerült a következő címzetteknek:"),
    ("Ei voitu toimittaa", "Viesti palautettiin:"),
    ("Δεν παραδόθηκε", "Αποτυχία παράδοσης:"),
    ("לא נמסר", "ההודעה לא נמסרה:"),
    ("Không gửi được", "Không thể gửi tới:"),
    ("Ezin izan da bidali", "Ezin izan da entregatu:"),
)


@pytest.mark.parametrize(("subject", "sentence"), SENTENCES)
@pytest.mark.parametrize("author", [EXCHANGE, "postmaster@example.net", "gate7@example.net"])
def test_a_servers_answer_tells_a_bounce(subject: str, sentence: str, author: str) -> None:
    """A reply with its enhanced code is the same everywhere; recipient, status and reason come with it."""
    text = f"{sentence}\n\n{PROBE}\n\n'550 5.1.10 RESOLVER.ADR.RecipientNotFound; {PROBE} not found by lookup'"
    for path in ("<>", "<gate@example.net>"):
        found = read(mail(text, author, f"{subject}: {TESTID}", path))
        told = [(one.address, one.status) for one in found.recipients]
        assert (found.kind, told, found.reason) == (Kind.BOUNCE, [(PROBE, "5.1.10")], Reason.UNKNOWN_USER)


@pytest.mark.parametrize(("subject", "sentence"), SENTENCES)
def test_a_mail_systems_author_tells_a_bounce(subject: str, sentence: str) -> None:
    """No person has this name, and its mail without an SMTP reply counts as a failure."""
    for author in (EXCHANGE, "MAILER-DAEMON@example.net", "<>"):
        text = f"{sentence}\n\n{PROBE}\n\n{letter()}"
        assert read(mail(text, author, f"{subject}: {TESTID}", "<>")).kind is Kind.BOUNCE


def test_a_bare_reply_counts_beside_the_envelope() -> None:
    """A gateway that prints the SMTP session needs no enhanced code."""
    text = f"Error\n550 - no such user here\n\n  MAIL FROM: {US}\n  RCPT TO: {PROBE}\n"
    found = read(mail(text, "post_master@sms.example.net", f"Re:{TESTID}", "<post_master@sms.example.net>"))
    assert (found.kind, [one.address for one in found.recipients]) == (Kind.BOUNCE, [PROBE])
    assert found.reason is Reason.UNKNOWN_USER


def test_a_transient_answer_is_no_refusal() -> None:
    """Unless a mail system certainly wrote it, the reply's class means a delay."""
    found = read(mail(f"{PROBE}\n'451 4.7.1 greylisted'", "gate7@example.net", f"Viipyy: {TESTID}", "<>"))
    assert (found.kind, found.reason) == (Kind.DELAY, Reason.GREYLISTED)


def test_an_answer_in_form_that_tells_a_failure_twice_is_one() -> None:
    """Subject and words say so, and name a recipient, whatever Re: it has. A person's reply to a bounce is not one."""
    text = f"Message non remis a\n{PROBE}\n\nYour message could not be delivered to\n{PROBE}"
    found = read(mail(text, "gate7@example.net", f"RE: {TESTID} : non remis (delivery failed)"))
    assert (found.kind, [one.address for one in found.recipients]) == (Kind.BOUNCE, [PROBE])
    assert read(mail("What is this?", PERSON, f"RE: {TESTID} : non remis")).kind is not Kind.BOUNCE


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ("Status: 4.4.1\nWill-Retry-Until: Thu, 26 Nov 2026 10:00:04 +0000", Kind.DELAY),
        ("Will-Retry-Until: Thu, 26 Nov 2026 10:00:04 +0000", Kind.DELAY),
        ("Status: 4.4.1", Kind.DELAY),
        ("Status: 5.4.1\nWill-Retry-Until: never", Kind.BOUNCE),
        ("Status: 5.4.1", Kind.BOUNCE),
    ],
)
def test_a_report_without_an_action_is_told_by_its_other_fields(fields: str, kind: Kind) -> None:
    """A server that says until when it retries has not given up; otherwise the status's class decides."""
    assert read(report(f"Final-Recipient: rfc822; {PROBE}\n{fields}", original=letter(), subject="Viesti")).kind is kind
