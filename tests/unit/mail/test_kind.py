"""Which kind of mail came back: by fields first, by wording last, in many languages."""

import pytest

from mxtrax.mail import read
from mxtrax.model import Kind

TESTID = "5b0c1f7e-6d0a-4c1e-9a51-0d6f6a3f7b21"
DAEMON, PERSON = "MAILER-DAEMON@example.net", "pat@example.net"


@pytest.mark.parametrize(
    ("header", "body", "kind"),
    [
        ("Auto-Submitted: auto-replied", "I have got it.", Kind.AUTO_REPLY),
        ("Auto-Submitted: auto-replied (vacation)", "", Kind.AUTO_REPLY),
        ("Auto-Submitted: no", "Hello.", Kind.MESSAGE),
        ("Auto-Submitted: auto-generated", "Hello.", Kind.AUTO_REPLY),
        ("X-Autorespond: hello", "", Kind.AUTO_REPLY),
        ("Precedence: auto_reply", "", Kind.AUTO_REPLY),
        ("Precedence: bulk", "", Kind.MESSAGE),
        ("Return-Path: <>", "The mail could not be delivered.", Kind.BOUNCE),
        ("Return-Path: <>", "Hello.", Kind.AUTO_REPLY),
        ("X-Failed-Recipients: probe@example.net", "", Kind.BOUNCE),
        ("Auto-Submitted: auto-replied", "Your mail is held until you confirm that you are human.", Kind.OTHER),
        ("X-Nothing: special", "I am currently out of the office until Monday.", Kind.AUTO_REPLY),
        (f"X-MXTRAX-Test-ID: {TESTID}", "I am out of office.", Kind.MESSAGE),
    ],
)
def test_fields_tell_the_kind(header: str, body: str, kind: Kind) -> None:
    """What the standards provide for is heeded."""
    assert read(f"From: {PERSON}\nSubject: Re: {TESTID}\n{header}\n\n{body}\n".encode()).kind is kind


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Undeliverable: {}", Kind.BOUNCE),
        ("Mail delivery failed: returning {} to sender", Kind.BOUNCE),
        ("Unzustellbar: {}", Kind.BOUNCE),
        ("Non remis : {}", Kind.BOUNCE),
        ("Недоставленное сообщение {}", Kind.BOUNCE),
        ("Undeliverable: hello", Kind.OTHER),
        ("Re: Undeliverable: {}", Kind.OTHER),
        ("Fwd: delivery failure", Kind.OTHER),
        ("Automatic reply: hello", Kind.AUTO_REPLY),
        ("Automatische Antwort: hello", Kind.AUTO_REPLY),
        ("Réponse automatique : bonjour", Kind.AUTO_REPLY),
        ("Respuesta automática: hola", Kind.AUTO_REPLY),
        ("Autosvar: hej", Kind.AUTO_REPLY),
        ("Automatinis atsakymas: labas", Kind.AUTO_REPLY),
        ("Automatyczna odpowiedź: witam", Kind.AUTO_REPLY),
        ("自動応答: hello", Kind.AUTO_REPLY),
        ("Out of Office: hello", Kind.AUTO_REPLY),
        ("Abwesenheitsnotiz", Kind.AUTO_REPLY),
        ("hello", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_a_persons_subject_tells_the_kind(subject: str, kind: Kind) -> None:
    """If no field shows it, subject and words do, together with our mail's id; a reply to a bounce is not one."""
    assert read(f"From: {PERSON}\nSubject: {subject.format(TESTID)}\n\nIt was rejected.\n".encode()).kind is kind


@pytest.mark.parametrize(
    ("subject", "body", "kind"),
    [
        ("Warning: could not send message for past 4 hours", "It will be retried until it is 5 days old.", Kind.DELAY),
        ("Delivery Status Notification (Delay)", "Delivery has been delayed.", Kind.DELAY),
        ("Mail status", "This is a warning only. We keep trying.", Kind.DELAY),
        ("Delivery failure", "Delivery attempts will continue to be made for 5 days.", Kind.DELAY),
        ("Mail status", "It was delayed for 5 days. This is a permanent error, we have given up.", Kind.BOUNCE),
        ("Returned mail: Deferred", "421 Deferred: timed out", Kind.BOUNCE),
        ("Delivery report", "delivery failed; will not continue trying", Kind.BOUNCE),
        ("Hello", "", Kind.BOUNCE),
    ],
)
def test_a_mail_systems_words_tell_a_delay_from_a_bounce(subject: str, body: str, kind: Kind) -> None:
    """What will be tried again is a delay; what was given up is a bounce, however long it took."""
    assert read(f"From: {DAEMON}\nSubject: {subject}\n\n{body}\n".encode()).kind is kind


@pytest.mark.parametrize(
    ("actions", "kind"),
    [
        (("failed",), Kind.BOUNCE),
        (("delayed",), Kind.DELAY),
        (("delivered",), Kind.OTHER),
        (("relayed",), Kind.OTHER),
        (("expanded",), Kind.OTHER),
        (("delayed", "failed"), Kind.BOUNCE),
        (("delivered", "delayed"), Kind.DELAY),
        (("delivered", "expanded"), Kind.OTHER),
        (("FAILED (bad)",), Kind.BOUNCE),
    ],
)
def test_a_reports_actions_tell_the_kind(actions: tuple[str, ...], kind: Kind) -> None:
    """A failure outweighs a delay, a delay a success (RFC 3464, section 2.3.3)."""
    groups = "\n\n".join(
        f"Final-Recipient: rfc822; u{number}@example.net\nAction: {action}" for number, action in enumerate(actions)
    )
    head = f"From: {DAEMON}\nSubject: Delay, failure or success\nContent-Type: multipart/report; boundary=b\n\n"
    assert read(f"{head}--b\nContent-Type: message/delivery-status\n\n{groups}\n--b--\n".encode()).kind is kind


@pytest.mark.parametrize(
    ("subject", "body", "kind"),
    [
        ("Delayed mail delivered", "Your message to probe@example.net was delayed and is now delivered.", Kind.OTHER),
        ("Delivery delayed: update", "The message, which was delayed earlier, has since been delivered.", Kind.OTHER),
        (
            "Re: Warning: could not send message",
            "It was delayed. It has finally been delivered after 3 hours.",
            Kind.OTHER,
        ),
        ("Delay over", "<probe@example.net>: was delayed for 4 hours, then delivered\n  250 2.0.0 Ok", Kind.OTHER),
        ("Your mail", "We no longer keep trying: delayed by 2 h, it has now been successfully delivered.", Kind.OTHER),
        ("Verzögerte Nachricht zugestellt", "Ihre verzögerte Nachricht wurde inzwischen zugestellt.", Kind.OTHER),
        ("Message retardé remis", "Votre message, retardé, a maintenant été remis.", Kind.OTHER),
        ("Zpožděná zpráva", "<probe@example.net>: zpoždění skončilo\n  250 2.1.5 OK", Kind.OTHER),
        ("Delayed", "It has been delayed and will be delivered as soon as the host is up.", Kind.DELAY),
        ("Delayed", "It has been delayed. It has not yet been delivered.", Kind.DELAY),
        ("Delay", "It is now delayed for 4 hours; delivery will be attempted again.", Kind.DELAY),
        ("Delayed", "a@example.net: delayed 451 4.4.1 no\nb@example.net: was delivered 250 2.0.0 ok", Kind.DELAY),
        ("Undeliverable", "It was delayed and is now returned as undeliverable: given up.", Kind.BOUNCE),
        ("Delayed", "It has since been delivered to b; it could not be delivered to a, and was delayed.", Kind.DELAY),
    ],
)
def test_a_delay_that_is_over_is_neither_a_delay_nor_a_bounce(subject: str, body: str, kind: Kind) -> None:
    """What came late has come: only what still waits is delayed."""
    assert read(f"From: {DAEMON}\nReturn-Path: <>\nSubject: {subject}\n\n{body}\n".encode()).kind is kind


@pytest.mark.parametrize(
    ("actions", "kind"),
    [
        (("delayed", "delivered"), Kind.OTHER),
        (("delivered", "delayed"), Kind.OTHER),
        (("relayed", "delayed"), Kind.OTHER),
        (("expanded", "delayed"), Kind.DELAY),
        (("delayed", "failed"), Kind.BOUNCE),
        (("delivered", "failed"), Kind.BOUNCE),
    ],
)
def test_of_one_address_the_last_action_counts(actions: tuple[str, ...], kind: Kind) -> None:
    """In whatever order a report has them: a delay comes before a delivery, and a failure behind either."""
    groups = "\n\n".join(f"Final-Recipient: rfc822; u@example.net\nAction: {action}" for action in actions)
    head = f"From: {DAEMON}\nSubject: x\nContent-Type: multipart/report; boundary=b\n\n"
    assert read(f"{head}--b\nContent-Type: message/delivery-status\n\n{groups}\n--b--\n".encode()).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "Your message was delayed and could not be delivered.",
        "This message was delayed for 4 hours and could not be delivered.",
        "Your mail has been delayed for five days. Delivery failed.",
        "Your message was delayed for 3 days and has been returned to the sender.",
        "The mail was delayed; undeliverable.",
    ],
)
def test_a_delay_that_has_failed_is_a_bounce(text: str) -> None:
    """That it was late is past where the same breath says that it failed."""
    assert kinds_of(text) == [Kind.BOUNCE] * 2


@pytest.mark.parametrize(
    "text",
    [
        "Your message has been delayed. It could not be delivered within 4 hours.",
        "Your message was delayed and could not be delivered for the last 4 hours.",
        "Your message was delayed. It could not be delivered so far.",
        "Your message was delayed and could not be delivered. We will keep trying.",
        "Delivery of your message is delayed: mailbox full",
    ],
)
def test_a_delay_that_goes_on_is_one(text: str) -> None:
    """It has not failed where somebody goes on or says until when."""
    assert kinds_of(text) == [Kind.DELAY] * 2


def kinds_of(text: str) -> list[Kind]:
    """Read a postmaster's text under a subject that says nothing, and under one that mentions a delay."""
    head = "From: postmaster@example.net\nReturn-Path: <>\nSubject: "
    return [read(f"{head}{it}\n\n{text}\n".encode()).kind for it in ("About your mail", "Mail delivery delayed")]
