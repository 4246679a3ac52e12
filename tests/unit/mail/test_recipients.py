"""Of several addresses the failed one is reported, as its owner knows it, with its own details."""

import pytest

from mxtrax.mail import read
from mxtrax.model import Kind, Reason, Recipient
from tests.unit.mail.written import OUR_ID, PROBE, US, letter, mail, report

DAEMON = "MAILER-DAEMON@mx.example.net"


def told(found: list[Recipient] | tuple[Recipient, ...]) -> list[tuple[str, str | None]]:
    """Give address and status."""
    return [(one.address, one.status) for one in found]


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ("Final-Recipient: rfc822;@a.example.net,@b.example.net:u17@store", PROBE),
        ("Final-Recipient: rfc822; u17@exch01.corp.local", PROBE),
        ("Final-Recipient: x-local; mailbox 4711", PROBE),
        ("Final-Recipient: rfc822; other@example.net", "other@example.net"),
    ],
)
def test_a_host_that_nobody_else_knows_yields_to_the_original(fields: str, address: str) -> None:
    """Source routes, names without a dot and those of inner networks say nothing outside."""
    groups = f"Original-Recipient: rfc822;{PROBE}\n{fields}\nAction: failed\nStatus: 5.1.1"
    assert told(read(report(groups)).recipients) == [(address, "5.1.1")]


@pytest.mark.parametrize("known", [None, PROBE])
def test_a_report_tells_of_the_address_that_we_wrote_to(known: str | None) -> None:
    """Even if their internal mailbox has a public address as well; and it decides among several."""
    theirs = "Final-Recipient: rfc822; other@example.net\nAction: failed\nStatus: 5.2.2\n\n"
    final = "Final-Recipient: rfc822; u17@store.example.org\nAction: failed\nStatus: 5.1.1"
    ours = f"Original-Recipient: rfc822;{PROBE}\n{final}"
    assert told(read(report(theirs + ours, original=letter()), known).recipients)[0] == (PROBE, "5.1.1")


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("rfc822; probe+2Btest@example.net", "probe+test@example.net"),
        ("rfc822; a+3Db@example.net", "a=b@example.net"),
        ("rfc822; anna+20@example.net", "anna+20@example.net"),
        ("rfc822; pr+C3+BCf@example.net", "prüf@example.net"),
        ("utf-8; pr\\x{FC}f@b\\x{FC}ro.example", "prüf@büro.example"),
        ("rfc822; probe@#example.net", "probe@#example.net"),
        ("rfc822; probe@example..net", "probe@example..net"),
        ('rfc822; "anna berg"@example.net', '"anna berg"@example.net'),
        ("rfc822; <probe@example.net> (Probe)", PROBE),
        ("rfc822; @relay.example.net:probe@example.net", PROBE),
    ],
)
def test_a_reports_address_is_read_as_it_was_meant(value: str, address: str) -> None:
    """Standard encodings are decoded, and what is not an address is reported as it is."""
    assert told(read(report(f"Final-Recipient: {value}\nAction: failed\nStatus: 5.1.1")).recipients) == [
        (address, "5.1.1")
    ]


@pytest.mark.parametrize("local", ["☎", "🐈", "用户", "прием"])
def test_an_address_of_any_signs_is_found_alone_on_its_line(local: str) -> None:
    """Not our own address instead, which the letter below names as well."""
    one = f"{local}@example.net"
    text = f"Delivery to the following recipient failed permanently:\n\n     {one}\n\n{letter(To=one)}"
    assert [found.address for found in read(mail(text, DAEMON, "Failure", "<>")).recipients] == [one]


@pytest.mark.parametrize(
    "text",
    [
        f"<{PROBE}>:\n550 5.7.1 blocked; write from another address to help-me@bl.example",
        f"<{PROBE}>: host mx[192.0.2.1] said: 550 5.7.1 ask unblock@bl.example to be removed",
        f"  b.sand@example.net <{PROBE}>: 550 5.7.1 malformed",
        f"From {US} to {PROBE}: 550 5.7.1 no",
        f"The mail of {US} has failed:\n\n  {PROBE}\n    550 5.7.1 no",
    ],
)
def test_neither_advice_nor_name_nor_sender_is_a_recipient(text: str) -> None:
    """An address that opens a line takes precedence over one within a sentence; ours is never what failed."""
    found = read(mail(f"{text}\n\n{letter(To='somebody@else.example')}", DAEMON, "Failure", "<>"))
    assert told(found.recipients) == [(PROBE, "5.7.1")]


@pytest.mark.parametrize(
    ("text", "original"),
    [
        (f"Viestiäsi vastaanottajalle {PROBE} ei voitu toimittaa.\nLisätietoja: tuki@palvelu.example", letter()),
        (f"Zpráva nedošla na adresu {PROBE}.\nDůvod: 550 5.1.1 neznámý\nPodpora: podpora@posta.example", ""),
        (f"Wiadomość do {PROBE} nie dotarła (550 5.1.1).\nKontakt: pomoc@poczta.example", ""),
        (f"Der Brief ging nicht an:   {PROBE}\nwegen: unbekannt\nFragen richten Sie an hilfe@post.example.", ""),
        (f"Undeliverable:\n {PROBE}\n\n-- \nMail system\nsupport-team@example.org", ""),
        (f"Kirjeesi {PROBE}, 550 5.2.2 täynnä\n\n-- \nApua: tuki@palvelu.example", ""),
    ],
)
def test_whom_to_ask_is_no_recipient_in_any_language(text: str, original: str) -> None:
    """A label weighs less than the original's address, a code beside one, or a colon; a signature weighs nothing."""
    found = read(mail(f"{text}\n\n{original}", DAEMON, "Virhe", "<>"))
    assert [one.address for one in found.recipients] == [PROBE]


def test_a_list_is_labelled_once() -> None:
    """An address after a comma or a semicolon is the same kind as the one before it."""
    found = read(
        mail("554 5.7.1 no\n\nRecipient(s): a@example.net; b@example.net\nSupport: c@example.net", DAEMON, "x", "<>")
    )
    assert [one.address for one in found.recipients] == ["a@example.net", "b@example.net"]


def test_a_bare_name_is_a_mailbox_of_who_reports() -> None:
    """Or of whom the original was for, where that is known."""
    text = f"Your mail could not be delivered, for they take none from {US}:\n\tprobe\n"
    assert [one.address for one in read(mail(text, "MAILER-DAEMON@example.net", "Problem", "<>")).recipients] == [PROBE]
    told_by = read(mail(f"{text}\n{letter()}", "MAILER-DAEMON@relay.example", "Problem", "<>"))
    assert [one.address for one in told_by.recipients] == [PROBE]


def test_words_and_original_agree_against_a_field() -> None:
    """X-Failed-Recipients with an address that is nowhere else is wrong."""
    text = f"The following address(es) failed:\n\n  {PROBE}\n    554 5.7.0 Header error\n\n{letter()}"
    found = read(mail(text, DAEMON, "Mail delivery failed", "<>", X_Failed_Recipients="probe@example.invalid"))
    assert told(found.recipients) == [(PROBE, "5.7.0")]


def test_the_failed_one_speaks() -> None:
    """For an expanded address, a member's failure counts, whichever comes first."""
    good = f"Final-Recipient: rfc822; {PROBE}\nAction: expanded\nStatus: 2.0.0"
    bad = (
        f"Final-Recipient: rfc822; b.sand@example.net\nOriginal-Recipient: rfc822; {PROBE}\nAction: failed\n"
        "Status: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 over quota"
    )
    for groups in (f"{good}\n\n{bad}", f"{bad}\n\n{good}"):
        for known in (None, PROBE):
            found = read(report(groups), known)
            assert found.recipients[0].status == "5.2.2"
            assert found.reason is Reason.MAILBOX_FULL


@pytest.mark.parametrize(
    ("group", "text", "status"),
    [
        ("Status: 5.0.0\nDiagnostic-Code: smtp;550 5.7.54 no relay", "x", "5.7.54"),
        ("Status: 5.0.0", f"  {PROBE}\n    552 5.2.2 mailbox full", "5.2.2"),
        ("Status: 5.0.0\nDiagnostic-Code: smtp; 421 4.2.1 later", "x", "5.0.0"),
        ("Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.7.1 no", "x", "5.1.1"),
    ],
)
def test_a_detail_beats_a_status_without_one(group: str, text: str, status: str) -> None:
    """x.0.0 says nothing (RFC 3463, section 2); a reply of its class beside it does."""
    groups = f"Final-Recipient: rfc822; {PROBE}\nAction: failed\n{group}"
    assert told(read(report(groups, text=text)).recipients) == [(PROBE, status)]


def test_the_word_of_a_local_program_is_no_rule() -> None:
    """Permission denied is what a broken pipe says."""
    groups = (
        f"Final-Recipient: rfc822; {PROBE}\nAction: failed\nStatus: 5.3.0\nDiagnostic-Code: x-unix; Permission denied"
    )
    assert read(report(groups)).reason is Reason.SERVER_ERROR
    text = f'<{PROBE}>: Command died with status 126: "/usr/bin/vacation". Command output: Permission denied'
    assert read(mail(text, DAEMON, "Undelivered", "<>", In_Reply_To=OUR_ID)).reason is Reason.SERVER_ERROR


def group(address: str, action: str, status: str) -> str:
    """Give a group of fields."""
    return f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n\n"


OTHERS = ("a.first@example.net", "z.last@example.org")


@pytest.mark.parametrize("known", [None, PROBE])
@pytest.mark.parametrize("name", [PROBE, PROBE.upper()])
@pytest.mark.parametrize(
    ("theirs", "ours", "kind"),
    [
        (("failed", "5.2.2"), ("failed", "5.1.1"), Kind.BOUNCE),
        (("failed", "5.2.2"), ("delayed", "4.4.1"), Kind.DELAY),
        (("delayed", "4.2.2"), ("failed", "5.1.1"), Kind.BOUNCE),
        (("delivered", "2.0.0"), ("failed", "5.7.1"), Kind.BOUNCE),
        (("relayed", "2.0.0"), ("delayed", "4.7.1"), Kind.DELAY),
    ],
)
def test_of_several_recipients_ours_speaks(
    theirs: tuple[str, str], ours: tuple[str, str], kind: Kind, name: str, known: str | None
) -> None:
    """Whom the caller names, or whom the original was for: trouble with others is not the mailbox's."""
    groups = "".join(group(other, *theirs) for other in OTHERS) + group(name, *ours)
    for raw in (report(groups, original=letter()), mail(f"x\n\n{groups}\n{letter()}", DAEMON, "Undelivered", "<>")):
        found = read(raw, known)
        assert (found.kind, found.recipients[0].address.casefold(), found.recipients[0].status) == (
            kind,
            PROBE,
            ours[1],
        )


@pytest.mark.parametrize("known", [None, PROBE])
@pytest.mark.parametrize(
    ("code", "kind"), [("550 5.1.1 unknown user", Kind.BOUNCE), ("451 4.4.1 timed out, will be retried", Kind.DELAY)]
)
def test_ours_speaks_in_wording_too(code: str, kind: Kind, known: str | None) -> None:
    """In lines, in blocks, and where Exim's field names all of them."""
    for text in (
        f"<{OTHERS[0]}>: 552 5.2.2 full\n<{PROBE}>: {code}",
        f"  {OTHERS[0]}\n    552 5.2.2 full\n\n  {PROBE}\n    {code}",
    ):
        for fields in ({}, {"X_Failed_Recipients": f"{OTHERS[0]}, {PROBE}"}):
            found = read(mail(f"{text}\n\n{letter()}", DAEMON, "Undelivered", "<>", **fields), known)
            assert (found.kind, *told(found.recipients)[0]) == (kind, PROBE, code.split()[1])


def test_what_our_address_was_expanded_to_speaks_where_it_failed() -> None:
    """A member that failed is what became of the mail to ours."""
    groups = group(PROBE, "expanded", "2.0.0") + group(OTHERS[0], "failed", "5.1.1")
    found = read(report(groups, original=letter()), PROBE)
    assert (found.kind, told(found.recipients)[0]) == (Kind.BOUNCE, (OTHERS[0], "5.1.1"))


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("550 5.2.1 mailbox frozen", "5.2.1"),
        ("550-5.2.1 mailbox frozen\n 550 5.2.1 for good", "5.2.1"),
        ("550 #5.2.1 mailbox frozen", "5.2.1"),
        ("550 sorry, mailbox frozen (#5.2.1)", "5.0.0"),
        ("451 4.2.1 mailbox frozen", "5.0.0"),
    ],
)
def test_a_report_without_a_detail_takes_that_of_the_reply_it_quotes(told: str, status: str) -> None:
    """The reply's own code is directly after it (RFC 2034, section 4): the reporter, who saw it, took no other for one."""
    fields = f"Final-Recipient: rfc822; {PROBE}\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; {told}\n"
    found = read(report(fields, original=letter()))
    assert [(one.address, one.status) for one in found.recipients] == [(PROBE, status)]
    assert found.reason is Reason.MAILBOX_DISABLED
