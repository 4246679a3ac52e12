"""Write the mails that come back: our letter as it is sent, and what others make of it or write about it."""

from typing import Final

from mxtrax.mail.compose import compose

TESTID: Final = "5b0c1f7e-6d0a-4c1e-9a51-0d6f6a3f7b21"
US: Final = "watch@in.example.org"
PROBE: Final = "probe@example.net"
PERSON: Final = "Petra Probe <probe@example.net>"
OUR_ID: Final = "<0102019abc000001-aaaa1111-bbbb-4ccc-8ddd-eeee22223333-000000@eu-west-1.amazonses.com>"


def letter(sender: str = US, **changed: str) -> str:
    """Give our own letter as it comes back, with fields changed (underscores for hyphens), added, or left out: ''."""
    wire = compose(TESTID, sender, PROBE, "Petra", 1_795_341_600_000).decode().replace("\r\n", "\n").replace("\n ", " ")
    head, _, body = wire.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.split("\n"))
    fields |= {name.replace("_", "-"): value for name, value in {"Message_ID": OUR_ID, **changed}.items()}
    return "".join(f"{name}: {value}\n" for name, value in fields.items() if value) + "\n" + body


def mail(text: str, sender: str = PERSON, subject: str = "hello", path: str = f"<{PROBE}>", **fields: str) -> bytes:
    """Make a mail by somebody else."""
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items())
    kind = "" if "Content_Type" in fields else "Content-Type: text/plain; charset=utf-8\n"
    head = f"Return-Path: {path}\nFrom: {sender}\nTo: {US}\nSubject: {subject}\nMessage-ID: <7@example.net>\n"
    return f"{head}{more}{kind}\n{text}\n".encode()


def quoted(label_to: str = "To", label_subject: str = "Subject", before: str = "") -> str:
    """Give our letter as mail programs quote it when they send it on, in any language."""
    body = letter().partition("\n\n")[2]
    return f"{before}-----Original-----\nFrom: {US}\n{label_to}: {PROBE}\n{label_subject}: {TESTID}\n\n{body}"


def enclosing(text: str, enclosed: str) -> dict[str, str]:
    """Give text and content type of a mail that encloses another."""
    parts = f"--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: message/rfc822\n\n{enclosed}\n--b--"
    return {"text": parts, "Content_Type": "multipart/mixed; boundary=b"}


def report(groups: str, *, original: str | None = None, text: str = "x", subject: str = "Undelivered Mail") -> bytes:
    """Give a delivery report (RFC 3464) with these groups of fields."""
    told = f"Reporting-MTA: dns; mx.example.net\n\n{groups}"
    parts = [
        f"text/plain; charset=utf-8\n\n{text}",
        f"message/delivery-status\n\n{told}",
    ]
    parts += [f"message/rfc822\n\n{original}"] if original else []
    body = "".join(f"--b\nContent-Type: {part}\n" for part in parts) + "--b--"
    kind = "multipart/report; report-type=delivery-status; boundary=b"
    return mail(body, "MAILER-DAEMON@mx.example.net", subject, "<>", Content_Type=kind)
