"""The cause table: a sentence for each row, and what follows from the reply's class."""

import pytest

from mxtrax.mail import explain, read, read_headers
from mxtrax.mail.causes import TABLE, VAGUE, WORDS
from mxtrax.model import Cause, Reason

REFUSED, DEFERRED, FORWARD_BLOCKED = Cause.REFUSED, Cause.DEFERRED, Cause.FORWARD_BLOCKED
SENTENCES = [
    ("5.7.520", "550 5.7.520 no external forwarding from here", FORWARD_BLOCKED, "forwarding_blocked"),
    (None, "Automatic forwarding is switched off here", FORWARD_BLOCKED, "forwarding_blocked"),
    ("5.1.1", "The address is on the suppression list for your account", Cause.SUPPRESSED, "suppressed"),
    ("5.4.6", "554 5.4.6 that mail was here before", REFUSED, "loop"),
    (None, "554 Too many hops, the mail is going round", REFUSED, "loop"),
    ("4.2.0", "450 4.2.0 greylisted, come again in five minutes", DEFERRED, "greylisted"),
    (None, "451 we use graylisting here", DEFERRED, "greylisted"),
    ("4.7.28", "421 4.7.28 slow down", DEFERRED, "rate_limited"),
    ("5.2.2", "552 5.2.2 no more room", REFUSED, "mailbox_full"),
    (None, "452 the user is over quota, try later", DEFERRED, "mailbox_full"),
    (None, "User mailbox exceeds allowed size: a@example.net", REFUSED, "mailbox_full"),
    (None, "554 Le destinataire : boîte pleine", REFUSED, "mailbox_full"),
    ("5.2.1", "550 5.2.1 closed in spring", REFUSED, "mailbox_disabled"),
    (None, "550 this account has been disabled", REFUSED, "mailbox_disabled"),
    ("5.7.26", "550 5.7.26 neither SPF nor DKIM speaks for you", REFUSED, "not_authenticated"),
    (None, "550 rejected by the DMARC policy of example.org", REFUSED, "not_authenticated"),
    ("5.7.1", "554 5.7.1 you are listed in bl.example.test", REFUSED, "blocklisted"),
    ("4.7.25", "450 4.7.25 your address has no name", DEFERRED, "blocklisted"),
    ("5.7.1", "554 5.7.1 we think that this is spam", REFUSED, "spam"),
    ("5.3.4", "552 5.3.4 not that much at once", REFUSED, "too_large"),
    ("4.7.5", "454 4.7.5 the certificate has run out", DEFERRED, "tls"),
    (None, "530 Must issue a STARTTLS command first", REFUSED, "tls"),
    ("5.7.1", "554 5.7.1 relaying denied, we do not know this domain", REFUSED, "no_relaying"),
    ("5.1.1", "550 5.1.1 nobody of this name", REFUSED, "unknown_user"),
    (None, "550 No such user here", REFUSED, "unknown_user"),
    (None, "554 that user doesn't have an example.net account", REFUSED, "unknown_user"),
    ("5.1.10", "556 5.1.10 null MX, that domain takes no mail", REFUSED, "dns"),
    (None, "Der Empfänger ist unbekannt", REFUSED, "unknown_user"),
    ("5.1.2", "550 5.1.2 never heard of that host", REFUSED, "dns"),
    (None, "the name server said: host not found", REFUSED, "dns"),
    ("4.4.1", "no answer from store.example.net", DEFERRED, "unreachable"),
    (None, "connect to store.example.net: connection refused", DEFERRED, "unreachable"),
    ("4.4.7", "the queue gave up", DEFERRED, "expired"),
    ("5.0.0", "451 4.7.1 greylisted for now: retry timeout exceeded", DEFERRED, "greylisted"),
    ("5.0.0", "550 5.1.1 nobody of this name", REFUSED, "unknown_user"),
    ("5.0.0", "552 4.2.2 the box is full", REFUSED, "mailbox_full"),
    ("5.0.0", "retry timeout exceeded", REFUSED, "expired"),
    ("5.7.1", "550 5.7.1 our house rules say no", REFUSED, "policy"),
    ("4.3.0", "451 4.3.0 something broke", DEFERRED, "server_error"),
    (None, "451 temporary failure, sorry", DEFERRED, "server_error"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "text", "cause", "reason"), SENTENCES)
def test_a_sentence_has_its_cause_and_reason(status: str | None, text: str, cause: Cause, reason: str) -> None:
    """What a server says is understood."""
    assert explain(status, text) == (cause, Reason(reason))


def test_no_word_of_the_table_is_unreachable() -> None:
    """What holds a word that is asked for before it, or beside it in the same row, is never what decides."""
    rows = [words for _, _, words in TABLE]
    before = [[word for row in rows[:number] for word in row] for number in range(len(rows))]
    idle = [
        word
        for row, earlier in zip(rows, before, strict=True)
        for word in row
        if any(other in word for other in (*earlier, *(it for it in row if it != word)))
    ]
    assert not idle
    assert len(WORDS) == sum(map(len, rows))


def test_beside_an_unknown_user_only_a_telling_word_counts() -> None:
    """A status for an unknown user yields to specific reasons, never to vague ones."""
    for word in WORDS:
        why, alone = (explain(status, f"({word} x)")[1] for status in ("5.1.1", None))
        assert why == (Reason.UNKNOWN_USER if alone in VAGUE else alone), word


def test_every_reason_has_a_sentence() -> None:
    """No row of the table goes untried."""
    assert {row[0] for row in TABLE} == {Reason(reason) for _, _, _, reason in SENTENCES}


REGISTERED = (
    *(f"1.{detail}" for detail in (0, 1, 2, 3, 4, 6, 7, 8, 10)), *(f"2.{detail}" for detail in (1, 2, 3, 4)),
    *(f"3.{detail}" for detail in (0, 1, 2, 3, 4, 5)), *(f"4.{detail}" for detail in range(8)),
    *(f"5.{detail}" for detail in range(6)), *(f"6.{detail}" for detail in (0, 1, 2, 3, 5, 6, 7, 8, 9)),
    *(f"7.{detail}" for detail in range(31)),
)  # fmt: skip
"""Every registered code for a failure (RFC 3463 and its additions)."""


@pytest.mark.parametrize("detail", REGISTERED)
def test_a_registered_code_alone_tells_a_reason(detail: str) -> None:
    """For good or for now: what it means, subject and detail say."""
    assert Reason.UNKNOWN not in {explain(f"5.{detail}", "")[1], explain(f"4.{detail}", "")[1]}
    assert explain(f"2.{detail}", "")[1] is Reason.UNKNOWN


@pytest.mark.parametrize(
    ("detail", "reason"), [("7.13", "mailbox_disabled"), ("7.30", "tls"), ("1.2", "dns"), ("5.3", "rate_limited")]
)
def test_a_code_means_the_same_for_good_and_for_now(detail: str, reason: str) -> None:
    """Its class is not part of its meaning."""
    assert [explain(f"{kind}.{detail}", "")[1] for kind in (4, 5)] == [Reason(reason)] * 2


@pytest.mark.parametrize("status", ["5.1.1", "4.4.1", "5.7.1"])
def test_a_status_alone_is_enough(status: str) -> None:
    """Without any words, the status decides."""
    cause, reason = explain(status, "")
    assert cause == (REFUSED if status[0] == "5" else DEFERRED)
    assert reason is not Reason.UNKNOWN


def test_the_class_decides_whether_it_was_for_good() -> None:
    """A full mailbox may be temporary or permanent: the reply's first digit says which."""
    assert explain(None, "452 4.2.2 mailbox full")[0] is DEFERRED
    assert explain(None, "552 5.2.2 mailbox full")[0] is REFUSED


def test_a_reason_that_stands_above_or_behind_is_found() -> None:
    """The words about the address give none, but the rest of the wording does, or what follows a summary."""
    above = "The mailbox below is full:\n\nSMTP <a@example.net>\n\nGoodbye"
    behind = "From: b@example.net\nSubject: x\nTo: Anna\n\nwas not delivered\n\nthe recipient name is not recognized\n"
    for text, reason in ((above, Reason.MAILBOX_FULL), (behind, Reason.UNKNOWN_USER)):
        raw = f"From: MAILER-DAEMON@example.net\nSubject: Undeliverable\n\n{text}"
        assert read(raw.encode()).reason is reason


def test_the_last_reply_counts() -> None:
    """If a dialogue has several replies, the last one counts."""
    assert explain(None, "450 come again; later: 550 go away")[0] is REFUSED


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("General", "unknown"),
        ("MailboxFull", "mailbox_full"),
        ("SpamDetected", "spam"),
        ("RecipientServerError", "server_error"),
        ("InternalFailure", "server_error"),
        ("IPFailure", "blocklisted"),
        ("TransientCommunicationFailure", "unreachable"),
        ("BYOIPHostNameLookupUnavailable", "dns"),
        ("SendingDeferral", "rate_limited"),
        ("Undetermined", "unknown"),
    ],
)
def test_the_delay_types_of_ses_are_deferrals(word: str, reason: str) -> None:
    """Every delayType of a DeliveryDelay event is a deferral, with its reason where the word has one."""
    assert explain(None, word) == (DEFERRED, Reason(reason))


@pytest.mark.parametrize("text", ["", "250 2.0.0 taken, thank you", "good morning"])
def test_where_nothing_tells_there_is_no_cause(text: str) -> None:
    """Silence, success and small talk have no cause."""
    assert explain(None, text) == (None, Reason.UNKNOWN)


@pytest.mark.parametrize("address", ["192.0.2.5.1.1", "host [198.51.100.4]", "version 5.1.1.7 of 10.5.1.1"])
def test_a_part_of_an_ip_address_is_no_status(address: str) -> None:
    """Numbers with dots are a status only on their own."""
    assert explain(None, address)[0] is None


@pytest.mark.parametrize(
    ("stamp", "cause"),
    [
        ("delayed 331 seconds by greyd at mx.example.net; Sun, 22 Nov 2026 10:05:31 +0000", DEFERRED),
        ("whitelisted, not delayed by greyd", None),
    ],
)
def test_a_greylisting_shows_on_the_mail_that_came_back(stamp: str, cause: Cause | None) -> None:
    """The X-Greylist field says that the mail was held, both with its headers alone and with the whole mail."""
    testid = "5b0c1f7e-6d0a-4c1e-9a51-0d6f6a3f7b21"
    headers = [
        ("X-Greylist", stamp),
        ("From", "watch@in.example.org"),
        ("Subject", testid),
        ("X-MXTRAX-Test-ID", testid),
    ]
    quick = read_headers(headers)
    whole = read("".join(f"{name}: {value}\n" for name, value in headers).encode())
    assert quick is not None
    assert quick.cause == whole.cause == cause


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("5.1.9", "unknown_user"), ("4.1.99", "unknown_user"), ("5.1.20", "unknown_user"), ("5.2.9", "server_error"),
        ("5.3.99", "server_error"), ("5.4.99", "unreachable"), ("4.4.55", "unreachable"), ("5.5.9", "server_error"),
        ("5.6.40", "server_error"), ("5.7.999", "policy"), ("4.7.99", "policy"), ("5.9.1", "unknown"), ("5.0.0", "unknown"),
        ("2.1.9", "unknown"), ("nonsense", "unknown"), ("5", "unknown"),
    ],
)  # fmt: skip
def test_a_detail_that_nobody_registered_means_what_its_subject_does(status: str, reason: str) -> None:
    """As RFC 3463, section 2, has it; and words beside it say more than that."""
    assert explain(status, "xyzzy")[1] is Reason(reason)
    assert explain(status, "the mailbox is full")[1] is Reason.MAILBOX_FULL


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("550 Mailbox is frozen", "mailbox_disabled"), ("550 a frozen mailbox", "mailbox_disabled"),
        ("550 account a@b.example locked", "mailbox_disabled"), ("550 locked account", "mailbox_disabled"),
        ("550 the account you tried is currently disabled", "mailbox_disabled"), ("450 mailbox locked", "mailbox_disabled"),
        ("550 5.7.1 the user was put on hold, denied", "mailbox_disabled"), ("550 retired mailbox", "mailbox_disabled"),
        ("550 <a@b.example>: account has expired", "mailbox_disabled"), ("550 5.1.1 box closed", "mailbox_disabled"),
        ("550 this person no longer works here", "mailbox_disabled"), ("550 address is no longer valid", "mailbox_disabled"),
        ("550 mailbox not accepting messages", "mailbox_disabled"), ("550 Das Konto ist gesperrt", "mailbox_disabled"),
        ("550 La cuenta ha sido desactivada", "mailbox_disabled"), ("550 Ящик заблокирован", "mailbox_disabled"),
        ("550 User has full mailbox", "mailbox_full"), ("550 full mailbox", "mailbox_full"), ("552 no", "mailbox_full"),
        ("550 this mailbox has exceeded its maximum size", "mailbox_full"), ("550 Mailbox over limit", "mailbox_full"),
        ("550 account has insufficient disk space", "mailbox_full"), ("550 Casella di posta piena", "mailbox_full"),
        ("551 the user has moved", "unknown_user"), ("550 relocated recipient", "unknown_user"), ("553 no", "unknown_user"),
        ("550 the mailbox was deleted", "unknown_user"), ("556 no", "dns"), ("421 bye", "server_error"),
        ("554 no", "unknown"), ("550 recipient full name unknown to us", "unknown"),
        ("550 user has insufficient permissions", "policy"),
        ("552 message exceeds the maximum size for this mailbox", "too_large"), ("550 user unlocked", "unknown"),
        ("550 too bad: recipient limit exceeded", "unknown"), ("550 mail to this recipient was deleted", "unknown"),
        ("550 recipient does not accept mail from you", "unknown"), ("550 IP address locked", "unknown"),
        ("550 sender address locked", "unknown"), ("452 4.3.1 insufficient disk space", "server_error"),
    ],
)  # fmt: skip
def test_a_mailbox_and_its_state_are_known_in_either_order(text: str, reason: str) -> None:
    """By their form, whatever the product; the state of a sender or a mail is not a mailbox's. Then a basic reply counts."""
    assert explain(None, text)[1] is Reason(reason)
