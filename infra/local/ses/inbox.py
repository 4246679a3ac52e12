"""Inbound: what SES does with a mail it receives. Pure: bytes in, the stored object and the event out."""

import email
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime
from typing import Any, Final

from infra.local.aws import ACCOUNT, REGION
from infra.local.ses.events import Refused, iso

_HEADER_BYTES: Final = 10_240  # above this, SES truncates the headers in the event
_VERDICTS: Final = {"spam": "PASS", "virus": "PASS", "spf": "PASS", "dkim": "GRAY", "dmarc": "GRAY"}
_GREETER: Final = f"inbound-smtp.{REGION}.amazonaws.com"
_ALPHABET: Final = "0123456789abcdefghijklmnopqrstuv"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail received, and when, in seconds since 1970."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    peer: str
    helo: str
    at: float
    content: bytes


def new_message_id() -> str:
    """Make an id of the form that SES gives to inbound mail; it is the S3 object's name."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(40))


def stored(arrival: Arrival) -> bytes:
    """Give the object as SES stores it: its own trace fields, then the mail as received."""
    when = format_datetime(datetime.fromtimestamp(int(arrival.at), UTC))
    client, domain = arrival.peer, arrival.sender.rpartition("@")[2] or arrival.helo
    trace = {
        "Return-Path": f"<{arrival.sender}>",
        "Received": f"from {arrival.helo} ({arrival.helo} [{client}])\r\n by {_GREETER} with SMTP id {arrival.message_id}"
        f"\r\n for {arrival.recipients[0]};\r\n {when}",
        "X-SES-Spam-Verdict": _VERDICTS["spam"],
        "X-SES-Virus-Verdict": _VERDICTS["virus"],
        "Received-SPF": f"pass (spfCheck: domain of {domain} designates {client} as permitted sender)"
        f" client-ip={client}; envelope-from={arrival.sender}; helo={arrival.helo};",
        "Authentication-Results": f"amazonses.com;\r\n spf=pass client-ip={client};\r\n dkim=none;\r\n dmarc=none;",
    }
    return "\r\n".join(f"{name}: {value}" for name, value in trace.items()).encode() + b"\r\n" + arrival.content


def event(arrival: Arrival, content: bytes, function: str) -> dict[str, Any]:
    """Give the event of the receipt rule's Lambda action. `content` is the mail as stored."""
    mail = BytesHeaderParser(policy=compat32).parsebytes(content)
    headers, truncated = _headers(mail)
    receipt: dict[str, Any] = {
        "timestamp": iso(arrival.at),
        "processingTimeMillis": 250,
        "recipients": list(arrival.recipients),
        **{f"{name}Verdict": {"status": status} for name, status in _VERDICTS.items()},
        "action": {
            "type": "Lambda",
            "functionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}",
            "invocationType": "Event",
        },
    }
    ses = {
        "mail": {
            "timestamp": iso(arrival.at),
            "source": arrival.sender,
            "messageId": arrival.message_id,
            "destination": list(arrival.recipients),
            "headersTruncated": truncated,
            "headers": headers,
            "commonHeaders": _common(mail, arrival.sender),
        },
        "receipt": receipt,
    }
    return {"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0", "ses": ses}]}


def _headers(mail: Message) -> tuple[list[dict[str, str]], bool]:
    headers, size = list[dict[str, str]](), 0
    for name, value in mail.items():
        unfolded = " ".join(str(value).split())
        size += len(name) + len(unfolded) + 2
        if size > _HEADER_BYTES:
            return headers, True
        headers.append({"name": name, "value": unfolded})
    return headers, False


def _common(mail: Message, sender: str) -> dict[str, Any]:
    common: dict[str, Any] = {"returnPath": sender}
    for name, field in (("From", "from"), ("To", "to"), ("Cc", "cc"), ("Reply-To", "replyTo")):
        if values := mail.get_all(name):
            common[field] = [_words(value) for value in values]
    for name, field in (("Date", "date"), ("Message-ID", "messageId"), ("Subject", "subject")):
        if (value := mail.get(name)) is not None:
            common[field] = _words(value)
    return common


def _words(value: str) -> str:
    return " ".join(str(make_header(decode_header(value))).split())


@dataclass(frozen=True, slots=True)
class Report:
    """What a report to the envelope sender says (RFC 3464)."""

    reporting_mta: str
    failed: tuple[Refused, ...] = ()
    delayed: tuple[Refused, ...] = ()


def report(content: bytes, sender: str) -> Report | None:
    """Read a delivery report; None for anything else that reaches the envelope sender, which SES discards.

    A mail with a null reverse-path that is neither a report nor an auto-reply is a bounce without details.
    """
    mail = email.message_from_bytes(content, policy=compat32)
    parts = [part for part in mail.walk() if part.get_content_type() == "message/delivery-status"]
    if not parts:
        silent = sender or str(mail.get("Auto-Submitted", "no")).lower().startswith("auto-replied")
        return None if silent else Report("")
    blocks = [block for block in parts[0].get_payload() if isinstance(block, Message)]
    who = [_recipient(block) for block in blocks if block.get("Final-Recipient")]
    mta = next((str(value) for block in blocks if (value := block.get("Reporting-MTA"))), "")
    return Report(mta, _with(who, "failed"), _with(who, "delayed"))


def _with(recipients: Sequence[Refused], action: str) -> tuple[Refused, ...]:
    return tuple(each for each in recipients if each.action == action)


def _recipient(block: Message) -> Refused:
    def value(name: str) -> str:
        return " ".join(str(block.get(name, "")).split())

    address = value("Final-Recipient").partition(";")[2].strip()
    return Refused(address, value("Status"), value("Diagnostic-Code"), value("Action").lower())
