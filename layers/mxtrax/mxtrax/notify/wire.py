"""The alert mail in wire form (RFC 5322)."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Final

from mxtrax.model import SECOND, Millis
from mxtrax.report import Mail

_SUBJECT_ON_ONE_LINE: Final = SMTP.clone(max_line_length=300)
"""Folding leaves an empty first line before a long subject, which is legal and looks like spam."""


def wire_form(mail: Mail, sender: str, address: str, now: Millis) -> bytes:
    """Bring an alert mail into wire form. It says that a machine wrote it, so that no machine answers it (RFC 3834)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("MXTRAX", addr_spec=sender)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(datetime.fromtimestamp(now // SECOND, UTC))
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for filename, kind, content in mail.attachments:
        maintype, _, subtype = kind.partition("/")
        params = {"charset": "utf-8"} if maintype == "text" else None
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=filename, params=params)
    return message.as_bytes(policy=_SUBJECT_ON_ONE_LINE)
