"""Products, gateways and languages that are on none of our lists: their mails' structure shows what they are."""

import pytest

from mxtrax.mail import read
from mxtrax.model import Kind
from tests.unit.mail.written import OUR_ID, PERSON, PROBE, TESTID, US, enclosing, letter, mail, quoted, report

ANSWERS = (
    ("Automatikus válasz", "Jelenleg szabadságon vagyok."),
    ("Αυτόματη απάντηση", "Βρίσκομαι σε άδεια μέχρι τη Δευτέρα."),
    ("Sjálfvirkt svar", "Ég er í fríi fram á mánudag."),
    ("რეზერვი", "შვებულებაში ვარ ორშაბათამდე."),
    ("رد تلقائي", "أنا خارج المكتب حتى يوم الاثنين."),
    ("Ateb", "Rwyf allan o'r swyddfa. Ffoniwch cydweithiwr@example.net, est. 5.1.22."),
)


@pytest.mark.parametrize(("subject", "text"), ANSWERS)
def test_an_absent_person_answers_in_any_language(subject: str, text: str) -> None:
    """By the fields of RFC 3834, or by the mailbox's own address under a null path."""
    fields = read(mail(text, PERSON, f"{subject}: {TESTID}", Auto_Submitted="auto-replied", In_Reply_To=OUR_ID))
    bare = read(mail(text, PERSON, f"{subject}: {TESTID}", "<>"), PROBE)
    assert (fields.kind, bare.kind) == (Kind.AUTO_REPLY, Kind.AUTO_REPLY)
    assert fields.tokens[0] == bare.tokens[0] == TESTID


@pytest.mark.parametrize(
    ("author", "subject", "text"),
    [
        ("info@gate.example.net", "Kézbesítési hiba", f"{PROBE}: nincs ilyen postafiók\n{TESTID}"),
        (
            "digest@gate.example.net",
            "3 wiadomości w kwarantannie",
            f"10:00 {US} {TESTID}\nhttps://gate.example.net/r?1",
        ),
        ("sandbox@gate.example.net", f"[Sandboxed] {TESTID}", f"Under analysis: a message of {US}."),
        (PERSON, f"Luettu: {TESTID}", f"Viesti\n\n  Vastaanottaja: {PROBE}\n  Aihe: {TESTID}\n\nluettiin 24.11.2026."),
        (PERSON, f"Przeczytano: {TESTID}", f"Wiadomość\n\n  Do: {PROBE}\n  Temat: {TESTID}\n\nprzeczytana."),
    ],
)
def test_a_products_notice_is_no_return(author: str, subject: str, text: str) -> None:
    """Whatever it says in whatever language: under a null path only the mailbox's own words are an answer."""
    assert read(mail(text, author, subject, "<>"), PROBE).kind in (Kind.OTHER, Kind.BOUNCE)


def test_a_code_beside_an_address_tells_a_bounce_or_a_delay() -> None:
    """An enhanced code needs no reply before it and no word that we know; in a person's mail it may be anything."""
    text = "{}: {} (postkast on täis)\n\nTeema: " + TESTID
    for code, kind in (("5.2.2", Kind.BOUNCE), ("4.2.2", Kind.DELAY)):
        found = read(mail(text.format(PROBE, code), "gateway@sms.example.net", "Xyz", "<>"))
        assert (found.kind, [(one.address, one.status) for one in found.recipients]) == (kind, [(PROBE, code)])
    assert read(mail(text.format(PROBE, "5.2.2"), PERSON, "Xyz", "<>"), PROBE).kind is Kind.OTHER


@pytest.mark.parametrize("author", ["sympa@lists.example.net", "test-owner@example.net", "majordomo@example.net"])
def test_what_a_list_server_answers_is_no_answer_of_the_mailbox(author: str) -> None:
    """It marks a refusal like an acknowledgement (RFC 3834); in a known language it is a bounce."""
    text = "Votre message pour la liste a été rejeté. Seuls les abonnés peuvent écrire."
    assert read(mail(text, author, f"Rejet: {TESTID}", "<>", Auto_Submitted="auto-replied")).kind is Kind.OTHER
    text = "Your message was rejected: only subscribers may post."
    assert read(mail(text, author, f"Re: {TESTID}", "<>", Auto_Submitted="auto-replied")).kind is Kind.BOUNCE


@pytest.mark.parametrize("box", ["bounce", "bounces", "delivery", "mail", "mta", "root", "no-reply"])
def test_a_mailbox_may_be_called_as_servers_are(box: str) -> None:
    """What it redirects or sends on is our letter; a null path would make it a server's."""
    path = f"<{box}@example.net>"
    redirected = f"Return-Path: {path}\n{letter(From=f'Box <{box}@example.net>')}".encode()
    assert read(redirected).kind is Kind.MESSAGE
    sent_on = read(mail(quoted(), f"Box {path}", f"FW: {TESTID}", path))
    assert (sent_on.kind, sent_on.tokens[0]) == (Kind.MESSAGE, TESTID)


@pytest.mark.parametrize(
    "tag", ["[ВНЕШНИЙ]", "(EXT)", "<<EXTERNAL>>", "**SPAM 5.1/5.0**", "⚠️ Extern:", "[外部]", "SPAM:"]
)
def test_a_gateways_tag_changes_nothing(tag: str) -> None:
    """In any language, with our fields or without."""
    for fields in ({}, {"X_MXTRAX_Test_ID": "", "Reply_To": ""}):
        tagged = f"Return-Path: <{PROBE}>\n" + letter(Subject=f"{tag} {TESTID}", **fields)
        assert read(tagged.encode()).kind is Kind.MESSAGE


def test_the_original_of_the_original_is_found() -> None:
    """Sent on twice, each time as an attachment, with answers' marks that no list has."""
    once = mail(**enclosing("", letter()), subject=f"Vl: {TESTID}").decode()
    parts = f"--c\nContent-Type: text/plain\n\n.\n--c\nContent-Type: message/rfc822\n\n{once}\n--c--"
    found = read(mail(parts, PERSON, f"Vs: Vl: {TESTID}", Content_Type="multipart/mixed; boundary=c"))
    assert (found.kind, found.tokens[0]) == (Kind.MESSAGE, TESTID)


@pytest.mark.parametrize(
    ("fields", "address", "status"),
    [
        ("Final-Recipient: utf-8; t\\x{E9}st@example.net\nAction: failed\nStatus: 5.2.2", "tést@example.net", "5.2.2"),
        ("Final-Recipient: RFC822;<probe@example.net>\nDiagnostic-Code: smtp; 550 5.4.1 denied", PROBE, "5.4.1"),
        ("Final-Recipient: rfc822; probe@example.net\nAction: FAILED\nStatus: 5.1.10", PROBE, "5.1.10"),
        (
            (
                "Original-Recipient: rfc822;probe@example.net\nFinal-Recipient: rfc822; box+3Dx@int.example.local\n"
                "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.7.1 denied"
            ),
            PROBE,
            "5.7.1",
        ),
    ],
)
def test_a_report_is_read_however_it_is_written(fields: str, address: str, status: str) -> None:
    """Encoded addresses, other cases, fields that are missing, hosts that only their own network knows."""
    found = read(report(fields + "\n", original=letter()))
    assert (found.kind, [(one.address, one.status) for one in found.recipients]) == (Kind.BOUNCE, [(address, status)])
