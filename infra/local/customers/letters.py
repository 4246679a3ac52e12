"""What mail servers and mail programs make of a mail: redirects, forwards, auto-replies, delivery reports.

Pure. Each has the format of a well-known product; times are seconds since 1970.
"""

import secrets
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

_CRLF: Final = "\r\n"
# The library would encode a message id that is longer than a line; no mail server does.
_POLICY: Final = SMTP.clone(max_line_length=998)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as a customer's server accepted it: envelope, content with the server's own trace fields, and when."""

    sender: str
    mailbox: str
    content: bytes
    at: float

    @property
    def domain(self) -> str:
        """Give the customer's domain."""
        return self.mailbox.rpartition("@")[2]

    def field(self, name: str) -> str:
        """Give a header field, or an empty text."""
        return str(self.parsed().get(name, ""))

    def parsed(self) -> EmailMessage:
        """Give the mail as a message."""
        return message_from_bytes(self.content, policy=_POLICY)

    @property
    def text(self) -> str:
        """Give the plain text of the mail."""
        body = self.parsed().get_body(("plain",))
        return str(body.get_content()) if body else ""

    @property
    def author(self) -> str:
        """Give the address in From."""
        return parseaddr(self.field("From"))[1]

    @property
    def reply_to(self) -> str:
        """Give the address for replies (RFC 5322, section 3.6.2)."""
        return parseaddr(self.field("Reply-To"))[1] or self.author


def received(sender_host: str, peer: str, host: str, recipient: str, at: float) -> bytes:
    """Write a hop's trace field as Postfix does (RFC 5321, section 4.4)."""
    queue_id = secrets.token_hex(5).upper()
    lines = (
        f"Received: from {sender_host} ({sender_host} [{peer}])",
        f"\tby {host} (Postfix) with ESMTPS id {queue_id}",
        f"\tfor <{recipient}>; {_date(at)}",
    )
    return (_CRLF.join(lines) + _CRLF).encode()


def redirected(mail: Mail, _to: str, _now: float) -> bytes:
    """Forward the mail unchanged, as a Sieve redirect does."""
    return (
        f"X-Sieve: Pigeonhole Sieve 0.5.19{_CRLF}X-Sieve-Redirected-From: {mail.mailbox}{_CRLF}".encode() + mail.content
    )


def held_then_redirected(mail: Mail, to: str, now: float) -> bytes:
    """Forward the mail through a second internal server, which stamps it on arrival, just before it leaves."""
    return _handed_to("store", mail, mail.mailbox, now) + redirected(mail, to, now)


def redirected_then_held(mail: Mail, to: str, now: float) -> bytes:
    """Pass the mail to the outgoing server at once, whose queue then holds it: its stamp is old when the mail leaves."""
    return _handed_to("out", mail, to, mail.at) + redirected(mail, to, now)


def _handed_to(server: str, mail: Mail, recipient: str, at: float) -> bytes:
    return received(f"mx.{mail.domain}", "10.0.0.1", f"{server}.{mail.domain}", recipient, at)


def forwarded_inline(mail: Mail, to: str, now: float) -> bytes:
    """Forward inline, as most mail programs do: a new mail that quotes the old one below a line."""
    letter = _new(mail, to, f"Fwd: {mail.field('Subject')}", now)
    letter["References"] = mail.field("Message-ID")
    head = [f"{name}: {mail.field(name)}" for name in ("From", "Date", "Subject", "To")]
    letter.set_content("\n".join(["---------- Forwarded message ---------", *head, "", mail.text]))
    return _traced(letter, mail, now)


def forwarded_attached(mail: Mail, to: str, now: float) -> bytes:
    """Forward with the old mail as an attachment."""
    letter = _new(mail, to, "Fwd: one attached message", now)
    letter.set_content("See the attached message.\n")
    letter.add_attachment(mail.parsed())
    return _traced(letter, mail, now)


def out_of_office_with_subject(mail: Mail, to: str, now: float) -> bytes:
    """Answer as Sieve's vacation does if the rule sets no subject (RFC 5230, section 4.4)."""
    return _auto_reply(mail, to, f"Auto: {mail.field('Subject')}", now)


def out_of_office(mail: Mail, to: str, now: float) -> bytes:
    """Answer with a subject of its own; In-Reply-To names the Message-ID that SES gave the mail."""
    return _auto_reply(mail, to, "Out of office", now)


def out_of_office_unthreaded(mail: Mail, to: str, now: float) -> bytes:
    """Answer with a subject of its own and no reference to our mail, as some phones and webmailers do."""
    letter: EmailMessage = message_from_bytes(_auto_reply(mail, to, "Out of office", now), policy=_POLICY)
    del letter["In-Reply-To"], letter["References"]
    return bytes(letter)


def rewritten(mail: Mail, to: str, now: float) -> bytes:
    """Forward the mail through a gateway that tags the subject, adds a warning, and drops unknown fields."""
    letter = EmailMessage(policy=_POLICY)
    for name in ("From", "Date", "Message-ID"):
        letter[name] = mail.field(name)
    letter["To"] = to
    letter["Subject"] = f"[EXTERNAL] {mail.field('Subject')}"
    warning = "CAUTION: This email originated from outside of your organization."
    paragraphs = "".join(f"<p>{line}</p>" for line in mail.text.splitlines() if line)
    letter.set_content(f"<html><body><p><b>{warning}</b></p>{paragraphs}</body></html>\n", subtype="html", cte="base64")
    return _traced(letter, mail, now)


def mailbox_unknown_report(mail: Mail, _to: str, now: float) -> bytes:
    """Report that the mailbox behind the gateway does not exist, as Postfix does (RFC 3464)."""
    answer = f"550 5.1.1 <{mail.mailbox}>: Recipient address rejected: User unknown in virtual mailbox table"
    said = f"host store.{mail.domain}[10.0.0.2] said: {answer} (in reply to RCPT TO command)"
    human = f"""\
        This is the mail system at host mx.{mail.domain}.

        I'm sorry to have to inform you that your message could not
        be delivered to one or more recipients. It's attached below.

        <{mail.mailbox}>: {said}
        """
    fields = (
        f"Final-Recipient: rfc822; {mail.mailbox}",
        f"Original-Recipient: rfc822;{mail.mailbox}",
        "Action: failed",
        "Status: 5.1.1",
        f"Remote-MTA: dns; store.{mail.domain}",
        f"Diagnostic-Code: smtp; {answer}",
    )
    daemon = f"MAILER-DAEMON@mx.{mail.domain} (Mail Delivery System)"
    return _report(mail, daemon, "Undelivered Mail Returned to Sender", textwrap.dedent(human), fields, now)


def forward_blocked_report(mail: Mail, _to: str, now: float) -> bytes:
    """Report that the tenant does not allow external forwarding, as Microsoft 365 does."""
    said = (
        "550 5.7.520 Access denied, Your organization does not allow external forwarding."
        " Please contact your administrator for further assistance. AS(7555)"
    )
    outside = mail.author
    human = f"""\
        Your message to {outside} couldn't be delivered.

        A custom mail flow rule created by an admin at {mail.domain} has blocked your message.

        Remote Server returned '{said}'
        """
    fields = (
        f"Final-Recipient: rfc822;{outside}",
        "Action: failed",
        "Status: 5.7.520",
        f"Diagnostic-Code: smtp;{said}",
    )
    daemon = f"Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@{mail.domain}>"
    return _report(mail, daemon, f"Undeliverable: {mail.field('Subject')}", textwrap.dedent(human), fields, now)


def _new(mail: Mail, to: str, subject: str, now: float) -> EmailMessage:
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = f"Test <{mail.mailbox}>"
    letter["To"] = to
    letter["Subject"] = subject
    letter["Date"] = _date(now)
    letter["Message-ID"] = f"<{secrets.token_hex(16)}@{mail.domain}>"
    return letter


def _auto_reply(mail: Mail, to: str, subject: str, now: float) -> bytes:
    """Answer as RFC 3834 requires."""
    letter = _new(mail, to, subject, now)
    letter["In-Reply-To"] = mail.field("Message-ID")
    letter["References"] = mail.field("Message-ID")
    letter["Auto-Submitted"] = "auto-replied (vacation)"
    letter["Precedence"] = "bulk"
    letter.set_content("I am out of the office and will answer when I am back.\n")
    return _traced(letter, mail, now)


def _traced(letter: EmailMessage, mail: Mail, now: float) -> bytes:
    """Put the trace field of the customer's outgoing server on top."""
    hop = received(f"store.{mail.domain}", "10.0.0.2", f"out.{mail.domain}", parseaddr(str(letter["To"]))[1], now)
    return hop + bytes(letter)


def _report(mail: Mail, daemon: str, subject: str, human: str, fields: Sequence[str], now: float) -> bytes:
    """Write a delivery report by hand: the library cannot make multipart/report with bare field groups."""
    boundary = f"{secrets.token_hex(5).upper()}.{int(now)}/mx.{mail.domain}"
    returned = mail.content.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("utf-8", "replace")
    host = (f"Reporting-MTA: dns; mx.{mail.domain}", f"Arrival-Date: {_date(mail.at)}")
    head = (
        f"Date: {_date(now)}",
        f"From: {daemon}",
        f"Subject: {subject}",
        f"To: {mail.sender}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status;\n\tboundary="{boundary}"',
        f"Message-Id: <{secrets.token_hex(8)}@mx.{mail.domain}>",
    )
    parts = (
        ("Content-Description: Notification\nContent-Type: text/plain; charset=us-ascii", human),
        ("Content-Description: Delivery report\nContent-Type: message/delivery-status", _groups(host, fields)),
        ("Content-Description: Undelivered Message Headers\nContent-Type: text/rfc822-headers", returned + "\n"),
    )
    body = "".join(f"--{boundary}\n{kind}\n\n{text}\n" for kind, text in parts)
    whole = "\n".join(head) + f"\n\nThis is a MIME-encapsulated message.\n\n{body}--{boundary}--\n"
    return whole.replace("\n", _CRLF).encode()


def _groups(*groups: Sequence[str]) -> str:
    return "\n".join("\n".join(group) + "\n" for group in groups)


def _date(at: float) -> str:
    return format_datetime(datetime.fromtimestamp(int(at), UTC))
