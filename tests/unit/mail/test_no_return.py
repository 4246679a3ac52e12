"""Mail that is neither our letter, nor a report, nor a reply to it, is not a return: least of all a notice about it."""

import pytest

from mxtrax.mail import read
from mxtrax.model import Kind, Reason
from tests.unit.mail.written import OUR_ID, PERSON, PROBE, TESTID, US, enclosing, letter, mail, quoted

RETURNS = (Kind.MESSAGE, Kind.AUTO_REPLY)


@pytest.mark.parametrize(
    ("author", "subject", "text"),
    [
        ("Spam-Filter <filter@example.net>", f"Viesti pidätetty: {TESTID}", f"Viestisi osoitteeseen {PROBE} odottaa."),
        ("Gateway <notification@example.net>", f"Zadržano: {TESTID}", f"Poruka za {PROBE} čeka."),
        ("Hold <do-not-reply@example.com>", f"[Postmaster] Messages on hold for {PROBE}", f"It is {TESTID}."),
        ("quarantine@example.net", f"Message held: {TESTID}", "It will be released or deleted."),
        ("Gate <notify@example.net>", f"Hold: {TESTID}", "It will be looked at."),
        ("Security <alerts@example.net>", "Daily digest", f"1. {TESTID} from {US}"),
    ],
)
@pytest.mark.parametrize("path", ["<>", "<gate@example.net>"])
def test_a_notice_in_any_language_is_no_return(author: str, subject: str, text: str, path: str) -> None:
    """A system that holds a mail, or only mentions it, has not returned it: it makes no test on time."""
    assert read(mail(text, author, subject, path)).kind not in RETURNS
    assert read(mail(text, author, subject, path, Auto_Submitted="auto-generated")).kind not in RETURNS


@pytest.mark.parametrize("fields", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {}])
def test_who_gives_a_mail_back_with_its_trace_is_no_responder(fields: dict[str, str]) -> None:
    """Whatever its fields, author and language: so servers return what they could not deliver."""
    returned = letter(Received="from a by mx.example.net; Sun, 22 Nov 2026 10:00:04 +0000")
    for text in (
        mail(f"Viesti palautetaan.\n\n{returned}", PERSON, "Palautus", "<>", **fields),
        mail(**enclosing("Viesti palautetaan.", returned), subject="Palautus", path="<>", **fields),
    ):
        assert read(text).kind is Kind.OTHER


def test_an_answer_without_a_sign_is_one_of_the_mailbox_itself() -> None:
    """If only a null reverse-path indicates a responder, its author must be the mailbox we wrote to, if that is known."""
    held = mail(f"Viestisi osoitteeseen {PROBE} odottaa.", "karanteeni@example.net", "Viesti", "<>")
    away = mail("Olen lomalla.", PERSON, "Kiitos", "<>")
    assert [read(raw, PROBE).kind for raw in (held, away)] == [Kind.OTHER, Kind.AUTO_REPLY]
    answered = mail("Olen lomalla.", "petra.probe@example.net", "Kiitos", "<>", In_Reply_To=OUR_ID, X_Autoreply="yes")
    assert read(answered, PROBE).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "text",
    [f"Msg to {PROBE} NOT sent.", f"Xabar {PROBE} 5.1.1 yuborilmadi", f"Recipient: {PROBE} - afvist af operatør"],
)
def test_an_answer_that_tells_of_somebody_else_is_no_return(text: str) -> None:
    """A gateway's formal reply, in an unknown language; a person's own address in a reply is the person's."""
    assert read(mail(text, "sms@gate.example.net", f"Re: {TESTID}", "<sms@gate.example.net>")).kind not in RETURNS
    assert read(mail(f"Kiitos!\n\nPetra, {PROBE}", PERSON, f"Re: {TESTID}")).kind is Kind.MESSAGE
    sent_on = f"For {PROBE} came:\n\n{letter().partition(chr(10) * 2)[2]}"
    assert read(mail(sent_on, "bob@example.net", f"Fwd: {TESTID}")).kind is Kind.MESSAGE


@pytest.mark.parametrize("subject", ["Re: {}", "Held: {}", "Zadržano: {}"])
@pytest.mark.parametrize("path", ["<>", "<gate@example.net>"])
def test_a_machine_that_is_not_the_mailbox_does_not_answer_for_it(subject: str, path: str) -> None:
    """If we know the mailbox, a gateway's notice that looks like a reply does not count; with the letter in it, it would."""
    text = f"Vaša pošta za {PROBE} čaka.\nhttps://gate.example.net/r"
    told = mail(text, "gate@example.net", subject.format(TESTID), path, Auto_Submitted="auto-generated")
    assert read(told, PROBE).kind is Kind.OTHER
    fields = {"Auto_Submitted": "auto-replied", "In_Reply_To": OUR_ID}
    assert read(mail(text, "gate@gate.example.net", subject.format(TESTID), path, **fields), PROBE).kind is Kind.OTHER
    desk = f"We have received your mail to {PROBE}. Ticket 7"
    assert read(mail(desk, "desk@example.net", subject.format(TESTID), path, **fields), PROBE).kind is Kind.AUTO_REPLY
    sent_on = mail(quoted(), "gate@example.net", f"Fwd: {TESTID}", path="<a@b>", Auto_Submitted="auto-forwarded")
    assert read(sent_on, PROBE).kind in RETURNS


@pytest.mark.parametrize("path", ["<>", "<gate@example.net>"])
@pytest.mark.parametrize(
    ("author", "text", "reason"),
    [
        (
            "Firewall <no-reply@gw.example.net>",
            f"Your message to: {PROBE}\nwas blocked by our Spam Firewall.",
            Reason.SPAM,
        ),
        ("Scanner <scanner@gw.example.net>", f"A mail to {PROBE} held a virus and has been deleted.", Reason.SPAM),
        ("Richtlinie <noreply@gw.example.net>", f"Ihre Nachricht an {PROBE} wurde nicht zugestellt.", Reason.UNKNOWN),
        ("Gate <content-filter@gw.example.net>", f"To {PROBE}: such attachments are not allowed here.", Reason.POLICY),
    ],
)
def test_a_gateway_that_blocked_a_mail_is_believed(author: str, text: str, reason: Reason, path: str) -> None:
    """It is a bounce with recipient and reason, whatever its path."""
    found = read(mail(f"{text}\n\nSubject: {TESTID}", author, "About your mail", path))
    assert (found.kind, [one.address for one in found.recipients], found.reason) == (Kind.BOUNCE, [PROBE], reason)
    assert found.tokens == (TESTID,)


@pytest.mark.parametrize(
    ("subject", "to", "about", "said"),
    [
        ("Read", "To", "Subject", "was read on Tuesday."),
        ("Gelesen", "An", "Betreff", "wurde am Dienstag gelesen."),
        ("Gelezen", "Aan", "Onderwerp", "is op dinsdag gelezen."),
        ("Przeczytano", "Do", "Temat", "we wtorek."),
    ],
)
def test_a_receipt_without_its_report_counts_as_nothing(subject: str, to: str, about: str, said: str) -> None:
    """Under a null path a list of our mail's fields is a system's word, no person's answer."""
    text = f"Your message\n\n   {to}: {PROBE}\n   {about}: {TESTID}\n\n{said}"
    for path in ("<>", f"<{PROBE}>"):
        for word in (subject, "Lu", "Read"):
            assert read(mail(text, PERSON, f"{word}: {TESTID}", path, References=OUR_ID)).kind is Kind.OTHER


@pytest.mark.parametrize(
    "text",
    [
        f"was delivered to: {PROBE}",
        f"   ----- The following addresses had successful delivery notifications -----\n<{PROBE}>",
        f"Votre message a été remis\n{PROBE}\n250 2.0.0 OK",
    ],
)
def test_a_notice_of_success_is_neither_a_bounce_nor_a_return(text: str) -> None:
    """It says that the mail arrived, not that it came back."""
    assert read(mail(f"{text}\n\nSubject: {TESTID}", "postmaster@example.net", "Status", "<>")).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("author", "subject", "fields"),
    [
        ("staff@example.com", "complaint about message from 192.0.2.9", {}),
        ("4711@reports.example.com", f"[Report]{TESTID}", {"X_SpamCop_sourceip": "192.0.2.9"}),
    ],
)
def test_a_complaint_in_a_form_of_its_own_is_none_either(author: str, subject: str, fields: dict[str, str]) -> None:
    """Those who pass complaints on are known by the fields that they add, in their mail or in ours."""
    enclosed = f"X-HmXmrOriginalRecipient: {PROBE}\n{letter()}"
    assert read(mail(**enclosing("", enclosed), sender=author, subject=subject, **fields)).kind is Kind.FEEDBACK


@pytest.mark.parametrize("author", ["list-owner@example.net", "list-help@example.net", "pat@example.net"])
@pytest.mark.parametrize(
    "text", ["You are not a member of this list.", "Only subscribers may post.", "You are not allowed to post."]
)
def test_a_list_servers_refusal_is_a_bounce(author: str, text: str) -> None:
    """It is known by its own fields, and by none of its names."""
    found = read(mail(f"{text}\n\nSubject: {TESTID}", author, "Your post", List_Id="<list.example.net>"))
    assert (found.kind, found.reason) == (Kind.BOUNCE, Reason.POLICY)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"Auto_Submitted": "auto-generated", "In_Reply_To": OUR_ID}, "<>"),
        ({"Auto_Submitted": "auto-generated", "References": OUR_ID, "Precedence": "bulk"}, f"<{PROBE}>"),
        ({"Auto_Submitted": "auto-generated"}, "<>"),
        ({"Precedence": "bulk"}, "<>"),
        *(
            ({name: value}, f"<{PROBE}>")
            for name, value in {
                "X_Autogenerated": "Reply", "X_POST_MessageClass": "9; Autoresponder", "X_Amazon_Auto_Reply": "true",
                "X_FC_MachineGenerated": "true", "Delivered_To": "Autoresponder", "X_Autorespond": "y", "X_Vacation": "y",
                "X_Auto_Response_From": "y", "Precedence": "auto_reply",
            }.items()
        ),
    ],
)  # fmt: skip
def test_an_answer_of_a_machine_is_known_in_any_language(fields: dict[str, str], path: str) -> None:
    """Its fields show it, whatever its words, even if they mention undeliverable mail."""
    for subject in ("Αυτόματη απάντηση", "الرد التلقائي", "Tự động", "Re"):
        assert read(mail("Olen lomalla.", PERSON, f"{subject}: {TESTID}", path, **fields)).kind is Kind.AUTO_REPLY
    told = "Mail to my old address could not be delivered since May."
    if "Auto_Submitted" in fields:
        assert read(mail(told, PERSON, f"Auto: {TESTID}", path, **fields)).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    ("author", "subject", "text"),
    [
        (
            "zix@gate.example.net",
            "Your message is held: {}",
            f"Your message to {PROBE} is held.\nhttps://gate.example.net/q",
        ),
        ("mailguard@gate.example.net", "Held: {}", "A message of yours waits for approval.\nReference 7"),
        ("anna.berg@gate.example.net", "Message pending approval: {}", "A colleague will look at it."),
        ("postivahti@gate.example.net", "Viestisi odottaa: {}", f"Viestisi osoitteeseen {PROBE} odottaa hyväksyntää."),
        ("level.or@gate.example.net", "Visszatartott levél ({})", f"A levelét visszatartottuk. Címzett {PROBE}."),
        ("koruma@gate.example.net", "İletiniz bekletiliyor", f"{PROBE} adresine gönderdiğiniz ileti bekletiliyor."),
        ("detonate@gate.example.net", "Scanning: {}", "We open what you sent before anybody gets it."),
        ("kakunin@gate.example.net", "保留: {}", f"{PROBE} 宛のメールは保留されています。"),
        (
            "hornet@gate.example.net",
            "1 message on hold",
            f"Sender   Subject\n{US}   {TESTID}\nhttps://gate.example.net/r",
        ),
        ("fylakas@gate.example.net", "Σε αναμονή: {}", f"Σύντομα {PROBE}."),
    ],
)
@pytest.mark.parametrize(
    "fields",
    [{}, {"In_Reply_To": OUR_ID}, {"References": OUR_ID}, {"X_Original_To": US.replace("@", f"+{TESTID}@")}],
    ids=["bare", "answer", "thread", "plus"],
)
def test_a_product_that_writes_as_a_person_does_gives_nothing_back(
    author: str, subject: str, text: str, fields: dict[str, str]
) -> None:
    """It is in our thread and not marked as automatic; but it names the test, or somebody else, and lacks our letter."""
    raw = mail(text, author, subject.format(TESTID), f"<{author}>", **fields)
    assert {read(raw).kind, read(raw, PROBE).kind} == {Kind.OTHER}


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: {}", "It works.\n\nPetra, " + PROBE),
        ("Re: {}", "It works.\n\n-- \nPetra Probe\nProbes & Sons, sales@example.net"),
        ("Suspected spam Re: {}", quoted(before="It works.\n\n")),
        ("Přeposláno: {}", quoted(before="Kolega, viz níže.\n\n")),
        ("Thanks", "It works."),
        ("...", "-----BEGIN PGP MESSAGE-----\nabcd\n-----END PGP MESSAGE-----"),
    ],
)
def test_a_person_who_answers_in_our_thread_does(subject: str, text: str) -> None:
    """People keep our subject or write their own, and then the letter is below."""
    raw = mail(text, PERSON, subject.format(TESTID), In_Reply_To=OUR_ID)
    assert {read(raw).kind, read(raw, PROBE).kind} == {Kind.MESSAGE}


@pytest.mark.parametrize("fields", [{}, {"In_Reply_To": OUR_ID}])
@pytest.mark.parametrize(
    ("subject", "mail_of"),
    [
        ("Message held: {}", {"text": quoted(before=f"Your message to {PROBE} is held.\n\n")}),
        (
            "Ihre Nachricht wartet",
            {"text": quoted("An", "Betreff", f"Ihre Nachricht an {PROBE} wartet auf Freigabe.\n\n")},
        ),
        ("Čeka: {}", enclosing(f"Poruka za {PROBE} čeka.", letter())),
        (
            "Xat kutmoqda",
            {"text": f"{PROBE} ga xat kutmoqda.\n\n" + letter().partition("\n\n")[2].replace("\n", "\n> ")},
        ),
    ],
)
def test_a_product_that_holds_our_letter_and_returns_a_copy_gives_nothing_back(
    subject: str, mail_of: dict[str, str], fields: dict[str, str]
) -> None:
    """Above the letter it names a mailbox other than its own, under its own subject: people who forward do neither."""
    raw = mail(sender="zix@gate.example.net", subject=subject.format(TESTID), path="<a@b>", **mail_of, **fields)
    assert {read(raw).kind, read(raw, PROBE).kind} == {Kind.OTHER}
    of_mailbox = mail(subject=subject.format(TESTID), **mail_of, **fields)
    assert {read(of_mailbox).kind, read(of_mailbox, PROBE).kind} == {Kind.MESSAGE}


FAILURES = (
    "Your message was not delivered.",
    "We could not deliver your mail. It has been discarded.",
    "This message was blocked by a rule of this organisation.",
    "Ihre Nachricht konnte nicht zugestellt werden und wurde nicht zugestellt.",
    "Delivery of your message failed. Nobody needs to do anything.",
    "Your message is delayed.",
)


@pytest.mark.parametrize("text", FAILURES)
@pytest.mark.parametrize("subject", ["Re: {}", "{}", "About your mail", "Auto-generated: {}", "Automatic reply: {}"])
@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-generated", "In_Reply_To": OUR_ID},
        {"Auto_Submitted": "auto-replied", "References": OUR_ID},
        {"X_Autoreply": "yes", "In_Reply_To": OUR_ID},
        {"In_Reply_To": OUR_ID},
    ],
)
@pytest.mark.parametrize("path", ["<>", "<gate7@example.net>"])
def test_what_tells_of_a_failure_in_our_thread_is_no_return(
    text: str, subject: str, fields: dict[str, str], path: str
) -> None:
    """Though it names nobody and says that it replies; and no more so where we know the mailbox, and it is another's."""
    raw = mail(text, "gate7@gate.example.net", subject.format(TESTID), path, **fields)
    told = {read(raw, PROBE).kind, *([] if "reply" in subject else [read(raw).kind])}
    assert not told & set(RETURNS)
    if "Auto_Submitted" in fields:
        assert told <= {Kind.BOUNCE, Kind.DELAY}


@pytest.mark.parametrize("text", ["My mail was not delivered since May; I am out of office until June.", *FAILURES[:3]])
def test_the_mailbox_itself_may_speak_of_failures(text: str) -> None:
    """If it is known to be the author, or says that its owner is away, our mail has reached it."""
    fields = {"Auto_Submitted": "auto-replied", "In_Reply_To": OUR_ID}
    assert read(mail(text, PERSON, f"Re: {TESTID}", **fields), PROBE).kind is Kind.AUTO_REPLY
    assert read(mail(f"I am on holiday. {text}", PERSON, f"Re: {TESTID}", **fields)).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "opening", ["550 5.1.1 is my extension.", "421-4.7.0 Avenue Road", "#5.2.1 on the second floor"]
)
@pytest.mark.parametrize(
    "fields", [{"X_Autoreply": "yes"}, {"Auto_Submitted": "auto-replied; owner; vacation"}, {"X_Vacation": "1"}]
)
def test_a_responder_by_its_own_mark_may_write_what_looks_like_a_code(opening: str, fields: dict[str, str]) -> None:
    """Only auto-responders use these marks; in a report or with a mail system as author, they do not count."""
    text = f"{opening}\nOlen lomalla."
    for path in ("<>", f"<{PROBE}>"):
        assert read(mail(text, PERSON, f"Re: {TESTID}", path, In_Reply_To=OUR_ID, **fields)).kind is Kind.AUTO_REPLY
        absent = mail(
            text, PERSON, f"Out of office: {TESTID}", path, Auto_Submitted="auto-generated", References=OUR_ID
        )
        assert read(absent).kind is Kind.AUTO_REPLY
        told = mail(text, "MAILER-DAEMON@example.net", f"Re: {TESTID}", path, In_Reply_To=OUR_ID, **fields)
        assert read(told).kind in (Kind.BOUNCE, Kind.DELAY)
        other = mail(text, "gate@gate.example.net", f"Re: {TESTID}", path, In_Reply_To=OUR_ID, **fields)
        assert read(other, PROBE).kind in (Kind.BOUNCE, Kind.DELAY)
