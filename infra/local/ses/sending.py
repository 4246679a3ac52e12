"""One call of SESv2 SendEmail, read into the outgoing mail."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP, compat32
from email.utils import format_datetime, parseaddr
from typing import Any, Final

from infra.local.smtp import Reply

type Json = Mapping[str, Any]

MESSAGE_ID_DOMAIN: Final = "email.amazonses.com"
_REPLACED: Final = re.compile(rb"^(message-id|date|return-path|bcc|dkim-signature|x-ses-[^:]*)\s*:", re.IGNORECASE)


class Rejection(Exception):
    """An error response of the API: HTTP status, the exception's name, and the message."""

    def __init__(self, status: int, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.kind = status, kind


@dataclass(slots=True)
class Sending:
    """One mail that SES accepted. `accepted` is seconds since 1970; `content` is what goes over the wire."""

    message_id: str
    accepted: float
    source: str
    destinations: tuple[str, ...]
    content: bytes
    headers: list[dict[str, str]]
    configuration_set: str = ""
    tags: dict[str, str] = field(default_factory=dict)

    def common(self, name: str) -> str:
        """Give the first header of that name, or an empty text."""
        return next((entry["value"] for entry in self.headers if entry["name"].lower() == name), "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one recipient of a sending, at a moment in seconds since 1970."""

    sending: Sending
    recipient: str
    reply: Reply
    at: float
    remote: str = ""


def read(body: Json, message_id: str, now: float) -> Sending:
    """Read a SendEmail request. Raises Rejection for what SES rejects."""
    content = body.get("Content") or {}
    to = body.get("Destination") or {}
    named = [*to.get("ToAddresses", ()), *to.get("CcAddresses", ()), *to.get("BccAddresses", ())]
    if raw := (content.get("Raw") or {}).get("Data"):
        given = _decode(raw)
    elif simple := content.get("Simple"):
        given = _compose(simple, body, to)
    else:
        raise Rejection(400, "BadRequestException", "Content must be Raw or Simple; templates are not simulated.")
    headers = BytesHeaderParser(policy=compat32).parsebytes(given)
    source = parseaddr(str(body.get("FromEmailAddress") or headers.get("From", "")))[1]
    everybody = named or [value for name in ("To", "Cc") for value in headers.get_all(name, [])]
    destinations = tuple(dict.fromkeys(address for entry in everybody if (address := parseaddr(str(entry))[1])))
    if not source or not destinations:
        raise Rejection(400, "BadRequestException", "Missing sender or recipient.")
    return Sending(
        message_id=message_id,
        accepted=now,
        source=source,
        destinations=destinations,
        content=_stamped(given, message_id, now),
        headers=[{"name": name, "value": " ".join(str(value).split())} for name, value in headers.items()],
        configuration_set=str(body.get("ConfigurationSetName") or ""),
        tags={str(tag["Name"]): str(tag["Value"]) for tag in body.get("EmailTags") or ()},
    )


def _stamped(mail: bytes, message_id: str, now: float) -> bytes:
    """Replace Message-ID and Date as SES does, and leave every other byte as it was, except for line ends."""
    head, gap, rest = mail.replace(b"\r\n", b"\n").partition(b"\n\n")
    fields = re.split(rb"\n(?![ \t])", head)
    kept = [entry for entry in fields if not _REPLACED.match(entry)]
    ours = {
        "Message-ID": f"<{message_id}@{MESSAGE_ID_DOMAIN}>",
        "Date": format_datetime(datetime.fromtimestamp(int(now), UTC)),
        "Feedback-ID": "::1.us-east-1.local=:AmazonSES",
        "X-SES-Outgoing": f"{datetime.fromtimestamp(now, UTC):%Y.%m.%d}-127.0.0.1",
    }
    kept += [f"{name}: {value}".encode() for name, value in ours.items()]
    return (b"\n".join(kept) + gap + rest).replace(b"\n", b"\r\n")


def _compose(simple: Json, body: Json, to: Json) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = str(body.get("FromEmailAddress", ""))
    for name, addresses in (("To", to.get("ToAddresses")), ("Cc", to.get("CcAddresses"))):
        if addresses:
            mail[name] = ", ".join(addresses)
    if answers := body.get("ReplyToAddresses"):
        mail["Reply-To"] = ", ".join(answers)
    mail["Subject"] = str((simple.get("Subject") or {}).get("Data", ""))
    for header in simple.get("Headers") or ():
        mail[header["Name"]] = header["Value"]
    text, html = ((simple.get("Body") or {}).get(kind, {}).get("Data") for kind in ("Text", "Html"))
    if text is not None or html is None:
        mail.set_content(text or "")
        if html is not None:
            mail.add_alternative(html, subtype="html")
    else:
        mail.set_content(html, subtype="html")
    for attachment in simple.get("Attachments") or ():
        main, _, sub = str(attachment.get("ContentType", "application/octet-stream")).partition("/")
        data = _decode(attachment["RawContent"])
        mail.add_attachment(data, maintype=main, subtype=sub, filename=attachment.get("FileName"))
    return bytes(mail)


def _decode(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Rejection(400, "BadRequestException", "A blob is not base64.") from error
