"""What comes back: our letter with their servers' Received fields on top, or an automatic answer."""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from infra.simulation.model import SECOND, SENDER, Domain, Mail, Millis
from infra.simulation.ses import OWN_ADDRESS, OWN_SERVER
from infra.simulation.world import Arrival, Form

type Headers = list[tuple[str, str]]

INBOUND: Final = f"by inbound-smtp.eu-west-1.amazonaws.com with SMTP id abc for {SENDER}"


FORGED: Final = """--b\r
Content-Type: text/plain\r
\r
<{sender}>: host inbound-smtp.eu-west-1.amazonaws.com said: 550 5.1.1 mailbox unavailable\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; inbound-smtp.eu-west-1.amazonaws.com\r
\r
Final-Recipient: rfc822; {sender}\r
Action: failed\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 <{sender}>: mailbox unavailable\r
--b\r
Content-Type: message/rfc822-headers\r
\r
{letter}\r
--b--\r
"""
"""A report (RFC 3464) that our own inbox rejects mail, as anybody can forge it."""


def returned(mail: Mail, raw: bytes, domain: Domain | None, ses_id: str, arrival: Arrival) -> tuple[Headers, bytes]:
    """Give the fields and the body of the mail that arrives for a test that went out as `raw` under SES's id."""
    head, _, body = raw.partition(b"\r\n\r\n")
    own = _fields(head.decode())
    inbound = f"{INBOUND}; {_stamp(arrival.at)}"
    from_ses = f"from {OWN_SERVER} ({OWN_SERVER} [{OWN_ADDRESS}])"
    if domain is None:
        return [
            ("Return-Path", f"<{ses_id}@eu-west-1.amazonses.com>"),
            ("Received", f"{from_ses} {inbound}"),
            *own,
        ], body
    it = domain.provider
    real = f"mail.{domain.name}" if it.vanity else it.name
    host = domain.claims or real
    last = f"from out.{host} (out.{real} [{it.net}.9]) {inbound}"
    match arrival.form:
        case Form.AUTO:
            return _automatic(mail, dict(own).get("Subject", ""), ses_id, last), b"I am away.\r\n"
        case Form.FORGED:
            return _forged(domain, last), FORGED.format(sender=SENDER, letter=head.decode()).encode()
    chain = [f"{from_ses} by mx1.{host} with ESMTPS id 4F2A; {_stamp(arrival.delivered, it.skew)}"]
    if it.servers > 2:
        stored = _stamp(arrival.delivered + 400, it.skew)
        chain.append(f"from mx1.{host} (mx1.{host} [10.1.1.1]) by store.{host} with LMTP id 77; {stored}")
    if it.servers > 1:
        left = _stamp(arrival.left, it.skew)
        chain.append(f"from store.{host} (store.{host} [10.1.1.2]) by out.{host} with ESMTP id 78; {left}")
    received = [("Received", stamp) for stamp in (last, *reversed(chain))]
    return [("Return-Path", f"<SRS0@{domain.name}>"), *received, *own], body


def _automatic(mail: Mail, subject: str, ses_id: str, received: str) -> Headers:
    return [
        ("Return-Path", "<>"),
        ("Received", received),
        ("From", mail.domain),
        ("To", SENDER),
        ("Subject", f"Automatic reply: {subject}"),
        ("Auto-Submitted", "auto-replied"),
        ("In-Reply-To", f"<{ses_id}@eu-west-1.amazonses.com>"),
    ]


def _forged(domain: Domain, received: str) -> Headers:
    return [
        ("Return-Path", "<>"),
        ("Received", received),
        ("From", f"Mail Delivery System <MAILER-DAEMON@{domain.name}>"),
        ("To", SENDER),
        ("Subject", "Undelivered Mail Returned to Sender"),
        ("Auto-Submitted", "auto-replied"),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'multipart/report; report-type=delivery-status; boundary="b"'),
    ]


def _fields(head: str) -> Headers:
    """Unfold the fields of a letter."""
    fields: Headers = []
    for line in head.split("\r\n"):
        if line[:1] in {" ", "\t"} and fields:
            name, value = fields[-1]
            fields[-1] = name, f"{value} {line.strip()}"
        else:
            name, _, value = line.partition(":")
            fields.append((name, value.strip()))
    return fields


def _stamp(at: Millis, skew: Millis = 0) -> str:
    return format_datetime(datetime.fromtimestamp((at + skew) // SECOND, UTC))
