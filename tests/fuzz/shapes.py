"""The shapes of hostile mail: what is repeated, and the mails it is put into."""

from base64 import encodebytes
from collections.abc import Callable
from typing import Final

TESTID: Final = "5b0c1f7e-6d0a-4c1e-9a51-0d6f6a3f7b21"
LINE: Final = 900
"""Characters of a line of the wording that is broken into lines (RFC 5321 allows 998)."""

PUMPS: Final = (
    " ", "\t", "\n", "\n ", "\n\t", " \n", "<", ">", "@", "@@ ", '"', "'", "`", "-", "--", ".", "..", ",", ";", ":", "/",
    "\\", "(", ")", "()", "[", "{", "}", "=", "=?", "?=", "=\n", "&", "&lt;", "#", "*", "+", "|", "_", "~", "%", "1", "12:",
    "a", "f", "x ", "a.", "a@", "@a", "a@b ", "a@b.c,", "<a@b>\n", "<a", "<p ", "<br>", "<!--", "<style>", "</style ",
    "> ", "\n> ", "\n>> x", "> Subject: a\n> \n", "Subject: a\n\n", "X: y\n", "not ", "to ", "id: ", "by ", "from ",
    "with ", "verify ", "recipients: ", "mailbox ", "destinat", "permanent ", "delivery ", "is delay", "un", "re: ",
    "550 ", "5.1.1 ", "4.", "550-5.1.1 <a@b.c> no\n", "-a", "-aaaa", "aaaaaaaa-", "-a\n ", TESTID, TESTID + "\n",
    "Final-Recipient: rfc822; a@b.c\n", "Action: failed\n", "Diagnostic-Code: smtp; 550 no\n", " more\n", "x-a: b\n",
    '"bouncedRecipients":[', '"emailAddress":"', "=?utf-8?q?a?= ", "=?utf-8?b?QUFB?=", "\n--b\n", "\n--x\n", "\n----- x",
    "spf=", "s=a;", '; a="b', "delayed 1", "Mon, 1 Jan 2024 00:00:00 ", "é", "失敗",
)  # fmt: skip
"""What is repeated. A new one that hurts belongs here: the fuzzer draws on it, too."""


def run(pump: str, size: int) -> str:
    """Repeat a pump up to a size."""
    return (pump * (size // len(pump) + 1))[:size]


def _lines(pump: str, size: int) -> str:
    line = run(pump, LINE)
    return run(line + "\n", size)


def _field(pump: str, size: int) -> str:
    """Give a field's value: line ends would begin another field, so they fold."""
    return "x" + run(pump.replace("\n", "\n "), size) + "y"


HEADER: Final = (
    "Received", "In-Reply-To", "References", "Message-ID", "Authentication-Results", "DKIM-Signature", "X-Greylist", "To",
    "Reply-To", "Delivered-To", "X-Failed-Recipients", "Content-Type", "Return-Path", "X-MXTRAX-Test-ID", "Thread-Topic",
)  # fmt: skip


def fields(pump: str, size: int) -> str:
    """Give a mail whose fields all are the pump."""
    each = size // (len(HEADER) + 2)
    head = "".join(f"{name}: {_field(pump, each)}\n" for name in HEADER)
    return f"{head}Subject: {_field(pump, each)}\nFrom: {_field(pump, each)} <a@example.net>\n\nhello\n"


def person(pump: str, size: int) -> str:
    """Give what a person might have written: half of it one line, half in lines."""
    text = run(pump, size // 2) + "\n" + _lines(pump, size // 2)
    return f"From: a@example.net\nSubject: x\n\n{text}x"


def daemon(pump: str, size: int) -> str:
    """Give a bounce without a report: recipients are sought in its words."""
    text = _lines(pump, size // 2) + "\n" + run(pump, size // 2)
    return f"From: MAILER-DAEMON@example.net\nTo: c@example.net\nSubject: Undelivered Mail\n\n550 5.1.1 no\n{text}x"


def page(pump: str, size: int) -> str:
    """Give HTML."""
    text = run(pump, size // 2) + "\n" + _lines(pump, size // 2)
    return f"From: postmaster@example.net\nSubject: failure\nContent-Type: text/html\n\n<p {run(pump, 900)}>x{text}x"


def report(pump: str, size: int) -> str:
    """Give a report: fields of a recipient, and the header of the original."""
    third = size // 3
    return (
        "From: MAILER-DAEMON@example.net\nSubject: Undelivered\nContent-Type: multipart/report; boundary=q\n\n"
        f"--q\n\n<a@example.net>: {_lines(pump, third)}\n"
        f"--q\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; {run(pump, 900)}\n\n"
        f"Final-Recipient: rfc822; {run(pump, 900)}\nDiagnostic-Code: smtp; 550 {run(pump, third)}\n"
        f"--q\nContent-Type: text/rfc822-headers\n\nSubject: {_field(pump, 900)}\nTo: {_field(pump, 900)}\n"
        f"{run(pump, third)}\n--q--\n"
    )


def encoded(pump: str, size: int) -> str:
    """Give an encoded mail within a mail."""
    within = encodebytes(daemon(pump, size * 3 // 4).encode("latin-1", "replace")).decode()
    return (
        "From: a@example.net\nSubject: x\nContent-Type: multipart/mixed; boundary=q\n\n"
        f"--q\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{within}\n--q--\n"
    )


def parts(pump: str, size: int) -> str:
    """Give a mail of many parts, each a bit of the pump."""
    one = f"\n--q\nContent-Type: text/html\n\n{run(pump, size // 100)}x"
    return f"From: a@example.net\nSubject: x\nContent-Type: multipart/mixed; boundary=q\n\n{run(one, size)}"


def raw(pump: str, size: int) -> str:
    """Give only the repeated part."""
    return run(pump, size)


PLACES: Final[tuple[Callable[[str, int], str], ...]] = (fields, person, daemon, page, report, encoded, parts, raw)


def plain(size: int) -> bytes:
    """Give a mail of this size as people write them."""
    text = "The quick brown fox jumps over the lazy dog, and a@example.net is told of it.\n"
    return ("From: a@example.net\nSubject: x\n\n" + run(text, size)).encode()


def mail(place: Callable[[str, int], str], pump: str, size: int) -> bytes:
    """Give the mail of about this size that has the pump in this place."""
    return place(pump, size).encode("utf-8")
