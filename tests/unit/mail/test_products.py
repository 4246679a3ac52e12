"""Products, gateways, lists and desks, one mail of each kind: what they write, in their own form and language."""

import base64

import pytest

from mxtrax.mail import read
from mxtrax.model import Kind, Reason
from tests.unit.mail.written import OUR_ID, PERSON, PROBE, TESTID, US, enclosing, letter, mail, quoted, report

THREAD = {"In_Reply_To": OUR_ID}
MACHINE = {"Auto_Submitted": "auto-replied", **THREAD}
GATE = "gate@gate.example.org"
DAEMON = "MAILER-DAEMON@example.net"
BODY = letter().partition("\n\n")[2]


def base64_of(text: str, charset: str = "utf-8") -> str:
    """Give a text as a part's base64."""
    return base64.encodebytes(text.encode(charset)).decode()


@pytest.mark.parametrize(
    ("author", "subject", "text"),
    [
        ("karantina@ag.example.net", "İletiniz karantinada", f"{PROBE} adresine gönderdiğiniz {TESTID} karantinada."),
        ("karantyna@ag.example.net", "Wiadomość", f"Wiadomość {TESTID} do {PROBE} czeka."),
        (PERSON, f"{TESTID} (Action Required)", "Your message was waitlisted. https://cr.example.com/x"),
        (
            PERSON,
            f"Re: {TESTID}",
            "Just this once, click the link below so I can receive your emails.\nhttps://cr.example",
        ),
        (PERSON, f"Re: {TESTID}", "Add yourself, so your messages will be delivered.\nhttps://cr.example.com"),
        (PERSON, f"Bestätigen: {TESTID}", "Bitte bestätigen Sie Ihre Absenderadresse:\nhttps://cr.example.net/k"),
        (PERSON, f"Confirmer : {TESTID}", "Veuillez confirmer votre adresse : https://cr.example.net/k"),
        (PERSON, "Please confirm", f"Held because the address <{US}> has not been verified. Reply to release it."),
        (PERSON, f"Not read: {TESTID}", "Your message was deleted without being read on Monday."),
    ],
)
def test_what_is_held_until_somebody_acts_is_no_return(author: str, subject: str, text: str) -> None:
    """A notice names the test and the mailbox; a challenge has a link; both are marked as answers, or have a null path."""
    for path, fields in (("<>", MACHINE), (f"<{PROBE}>", MACHINE), ("<>", THREAD)):
        assert read(mail(text, author, subject, path, **fields)).kind is Kind.OTHER


@pytest.mark.parametrize("text", ["Barua pepe yako imeshikiliwa.", "Your text has been delivered to the handset."])
def test_an_answer_from_elsewhere_needs_our_letter(text: str) -> None:
    """If we know the mailbox, an answer from another domain proves nothing without the letter in it."""
    assert read(mail(text, GATE, f"Re: {TESTID}", f"<{GATE}>", **THREAD), PROBE).kind is Kind.OTHER
    assert read(mail(text, "petra@example.net", f"Re: {TESTID}", **THREAD), "PROBE@example.net").kind in (
        Kind.MESSAGE,
        Kind.OTHER,
    )
    answered = f"{text}\n\n> " + BODY.replace("\n", "\n> ")
    assert read(mail(answered, "petra@mail.example", f"Re: {TESTID}", **THREAD), PROBE).kind is Kind.MESSAGE


@pytest.mark.parametrize("fields", [MACHINE, {"Auto_Submitted": "auto-generated"}, THREAD, {}])
@pytest.mark.parametrize("path", ["<>", f"<{GATE}>"])
@pytest.mark.parametrize("subject", ["Re: {}", "About your mail", "Your mail {}"])
def test_a_failure_above_our_letter_is_not_outweighed_by_it(subject: str, path: str, fields: dict[str, str]) -> None:
    """A gateway quotes or encloses what it did not deliver, and names nobody; below the letter it is a disclaimer."""
    said = "Your message was not delivered."
    quote = "> " + BODY.replace("\n", "\n> ")
    for content in ({"text": f"{said}\n\n{quote}"}, enclosing(said, letter())):
        raw = mail(sender=GATE, subject=subject.format(TESTID), path=path, **content, **fields)
        assert not {read(raw).kind, read(raw, PROBE).kind} & {Kind.MESSAGE, Kind.AUTO_REPLY}
    sent_on = mail(f"{quote}\n\n{said}", PERSON, f"Fwd: {TESTID}", **THREAD)
    assert read(sent_on, PROBE).kind is Kind.MESSAGE


@pytest.mark.parametrize("path", ["<>", f"<{GATE}>"])
def test_a_machine_elsewhere_is_a_responder_by_a_mark_or_a_word(path: str) -> None:
    """If we know the mailbox: in a language that no list has, a gateway of another domain answers in form, too."""
    said = [
        read(mail(text, GATE, subject.format(TESTID), path, **MACHINE, **more), PROBE).kind
        for text, subject, more in (
            ("Teie kiri on karantiinis.", "Re: {}", {}),
            ("Olen puhkusel.", "Automatic reply: {}", {}),
            ("Olen puhkusel.", "Re: {}", {"X_Autoreply": "yes"}),
            ("We have received your mail.", "Re: {}", {}),
        )
    ]
    assert said == [Kind.OTHER, Kind.AUTO_REPLY, Kind.AUTO_REPLY, Kind.AUTO_REPLY]


def test_who_only_says_that_our_mail_arrived_has_not_sent_it_back() -> None:
    """Unless it is the mailbox that says so."""
    raw = mail("Your message has been delivered.", f"<{PROBE}>", f"Re: {TESTID}", **THREAD)
    assert [read(raw).kind, read(raw, PROBE).kind] == [Kind.OTHER, Kind.MESSAGE]


@pytest.mark.parametrize(
    ("author", "subject", "text"),
    [
        ("support@probe.example.net", f"[Request received] {TESTID}", f"Your request has been received.\n\n{TESTID}"),
        ("rt@example.net", f"[example #4711] AutoReply: {TESTID}", f'A trouble ticket regarding:\n"{TESTID}"'),
        ("otrs@example.net", f"[Ticket#20261122] RE: {TESTID}", f"You wrote:\n> {BODY[:90]}\n\nTicket#20261122"),
        ("suporte@example.net", f"SUP-77 {TESTID}", "Recebemos sua solicitação. Número do chamado: SUP-77."),
        (PERSON, f"Otomatik yanıt: {TESTID}", "Ofis dışındayım."),  # noqa: RUF001
        (PERSON, f"Trả lời tự động: {TESTID}", "Tôi đang nghỉ phép. Liên hệ bob@example.net."),
        (
            PERSON,
            f"Automatic reply: {TESTID}",
            f'Thank you for "{TESTID}". I am out of the office. Ask bob@example.net.',
        ),
        (PERSON, f"Automatic reply: {TESTID}", "Petra no longer works here. Your e-mail was not forwarded."),
        (PERSON, f"Re: {TESTID}", "This is not a monitored mailbox."),
    ],
)
def test_a_desk_and_an_absent_person_answer(author: str, subject: str, text: str) -> None:
    """Marked as RFC 3834 asks, whatever the language, and whomever they name."""
    assert read(mail(text, author, subject, **MACHINE)).kind is Kind.AUTO_REPLY
    encoded = mail(base64_of(text), author, subject, **MACHINE, Content_Type="text/plain; charset=utf-8",
                   Content_Transfer_Encoding="base64")  # fmt: skip
    assert read(encoded).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    ("author", "subject", "text", "status", "reason"),
    [
        (DAEMON, "failure notice", f"Intended Recipients: <{PROBE}>\n550 5.1.1 No such user", "5.1.1", "unknown_user"),
        (DAEMON, "FAILURE", f"not delivered to:\n\n   {PROBE}\n\nbecause:\n\n   User not listed", None, "unknown_user"),
        ("SMTP@VM1.EXAMPLE.NET", "Undeliverable mail", f"** Unable to deliver to: {PROBE}\n   xx", None, "unknown"),
        ("sms@gw.example.net", TESTID, f"Transmission to {PROBE} failed: 550 5.3.0 busy", "5.3.0", "server_error"),
        (DAEMON, "Failure Notice", f"<{PROBE}>:\n552: mailbox is over its quota", None, "mailbox_full"),
        (DAEMON, "failure notice", f"<{PROBE}>:\nThe account is frozen (#5.2.1)", "5.2.1", "mailbox_disabled"),
        ("probe+owner@example.net", "Post denied", f"Your post to {PROBE}: sender not subscribed.", None, "policy"),
        (
            "postmaster@example.net",
            "Gửi",
            f"Thư tới {PROBE} không gửi được.\n#5.2.2 hộp thư đầy",
            "5.2.2",
            "mailbox_full",
        ),
        ("postmaster@example.net", "배달", f"{PROBE}\n550-5.7.1 거부됨", "5.7.1", "policy"),
    ],
)
def test_a_bounce_of_any_product_is_read(author: str, subject: str, text: str, status: str | None, reason: str) -> None:
    """Whom it failed to reach and why, also in UTF-16 and base64."""
    text = f"{text}\n\nSubject: {TESTID}"
    for fields, body in (
        ({}, text),
        (
            {"Content_Type": "text/plain; charset=utf-16", "Content_Transfer_Encoding": "base64"},
            base64_of(text, "utf-16"),
        ),
    ):
        found = read(mail(body, author, subject, "<>", **fields))
        told = [(one.address, one.status) for one in found.recipients]
        assert (found.kind, told, found.reason) == (Kind.BOUNCE, [(PROBE, status)], Reason(reason))
        assert found.tokens == (TESTID,)


def test_a_report_is_read_within_another_and_whatever_encodes_it() -> None:
    """A gateway hands a report on, or encodes its parts, which MIME forbids."""
    group = f"Final-Recipient: rfc822; {PROBE}\nAction: failed\nStatus: 5.2.1\n"
    inner = report(group, original=letter()).decode()
    parts = "".join(
        f"--z\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{base64_of(text)}\n"
        for kind, text in (
            ("message/delivery-status", f"Reporting-MTA: dns; mx\n\n{group}"),
            ("message/rfc822", letter()),
        )
    )
    encoded = "multipart/report; report-type=delivery-status; boundary=z"
    for raw in (
        mail(**enclosing("see below", inner), sender="postmaster@example.net", subject="Fwd: Undelivered Mail"),
        mail(f"{parts}--z--", "MAILER-DAEMON@mx.example.net", "Undelivered", "<>", Content_Type=encoded),
        report(group, original=letter())[:-6],
    ):
        found = read(raw)
        assert (found.kind, [(one.address, one.status) for one in found.recipients]) == (
            Kind.BOUNCE,
            [(PROBE, "5.2.1")],
        )
        assert found.tokens == (TESTID,)


@pytest.mark.parametrize(
    "raw",
    [
        letter(Subject=f"[EXTERNAL] {TESTID}").replace("Hello Petra", "CAUTION: sent from outside.\n\nHello Petra"),
        letter(X_MXTRAX_Test_ID="") + "\n-- \nThis message was not delivered by Example Ltd. 550 5.1.1\n",
        letter(Subject="*** SUSPECTED SPAM ***", X_MXTRAX_Test_ID="", Reply_To=""),
        letter(From="MXTRAX via Probe <probe@example.net>", Sender="probe@example.net"),
        letter(Subject=f"[a very long tag of a\n gateway] {TESTID[:9]}\n {TESTID[9:]}", X_MXTRAX_Test_ID=""),
        letter(Subject=TESTID.replace("-", "\u2011"), X_MXTRAX_Test_ID="", Reply_To=""),
        letter(Content_Type="multipart/mixed; boundary=t").partition("\n\n")[0]
        + "\n\n--t\nContent-Type: application/ms-tnef; name=winmail.dat\n\nxx\n--t--\n",
        letter(Subject="x", X_MXTRAX_Test_ID="", Reply_To="", Content_Transfer_Encoding="base64").partition("\n\n")[0]
        + f"\n\n{base64_of(BODY).rstrip('=' + chr(10))}",
        mail(quoted("收件人", "主题"), PERSON, f"转发: {TESTID}").decode(),
        mail(quoted("ถึง", "เรื่อง"), PERSON, f"ส่งต่อ: {TESTID}").decode(),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_our_letter_is_known_whatever_was_done_to_it(raw: str, ends: str) -> None:
    """Banner, footer, rewritten subject or author, lost padding, and any line ends."""
    found = read(f"Return-Path: <{PROBE}>\n{raw}".replace("\n", ends).encode(), PROBE)
    assert (found.kind, found.tokens[:1]) == (Kind.MESSAGE, (TESTID,))
