"""The alert mail, and the mail to a help desk, in wire form (RFC 5322)."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Final

from mxtrax.model import SECOND, Millis
from mxtrax.notify.service import Letter
from mxtrax.report.mail import Mail, Thread

_SUBJECT_ON_ONE_LINE: Final = SMTP.clone(max_line_length=300)
"""Folding leaves an empty first line before a long subject, which is legal and looks like spam."""


def wire_form(mail: Mail, sender: str, address: str, now: Millis) -> bytes:
    """Bring an alert mail into wire form. It says that a machine wrote it, so that no machine answers it (RFC 3834)."""
    message = _begun(mail.subject, sender, address, now)
    if mail.thread:
        _join(message, mail.thread, sender.rpartition("@")[2], now)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for filename, kind, content in mail.attachments:
        maintype, _, subtype = kind.partition("/")
        params = {"charset": "utf-8"} if maintype == "text" else None
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=filename, params=params)
    return message.as_bytes(policy=_SUBJECT_ON_ONE_LINE)


def ticket_form(letter: Letter, sender: str, now: Millis) -> bytes:
    """Bring a mail to a help desk into wire form: plain text, not declared automatic, or help desks would park it."""
    message = _begun(letter.subject, sender, letter.to, now)
    message.set_content(letter.text, cte="quoted-printable")
    return message.as_bytes(policy=_SUBJECT_ON_ONE_LINE)


def _begun(subject: str, sender: str, address: str, now: Millis) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("MXTRAX", addr_spec=sender)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.fromtimestamp(now // SECOND, UTC))
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    return message


def _join(message: EmailMessage, thread: Thread, host: str, now: Millis) -> None:
    """Join a conversation by the means that survive SES, which gives each mail another Message-ID.

    Every mail refers to a root that was never sent (RFC 5322, section 3.6.4), and clients that use references group
    them. Outlook uses Thread-Index, whose first 22 octets are the same for all, and Thread-Topic.
    """
    roots = [f"<incident.{re.sub('[^A-Za-z0-9.-]', '-', root)}@{host}>" for root in thread.roots]
    message["In-Reply-To"] = roots[0]
    message["References"] = " ".join(roots)
    message["Thread-Topic"] = thread.topic
    message["Thread-Index"] = _index(thread, now)


def _index(thread: Thread, now: Millis) -> str:
    """Write Outlook's index ([MS-OXOMSG] 2.2.1.3): a reserved octet, a moment, a GUID; for each later mail 5 octets more."""
    ticks = thread.opened * 10_000 + _TICKS_TO_1970
    head = b"\x01" + ticks.to_bytes(8, "big")[1:6] + hashlib.sha256(thread.roots[0].encode()).digest()[:16]
    later = max(0, now - thread.opened)
    child = (later * 10_000 >> 18 & 0x7FFF_FFFF).to_bytes(4, "big") + b"\x00" if later else b""
    return base64.b64encode(head + child).decode()


_TICKS_TO_1970: Final = 116_444_736_000_000_000
"""From 1601, where Windows begins to count, in units of 100 nanoseconds."""
