"""Read what SES reports about a mail on its way (event publishing, "Contents of event data").

For a bounced recipient, only the address is certain: action, status and diagnosticCode are optional. Without them, the
bounce's type and subtype are the answer; null counts as missing. Only events that say nothing are ignored: SES reports
an automatic reply to the envelope sender as a bounce, too, transient or undetermined, without further details.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from mxtrax.model import Cause, Millis, Reason, SmtpReply

from .causes import explain

SUPPRESSED: Final = frozenset({"Suppressed", "OnAccountSuppressionList", "UnsubscribedRecipient"})
"""Bounces that SES generated itself, without trying to deliver: our problem, not the customer's."""

MAX_TEXT: Final = 1_000

SAYS_NOTHING: Final = frozenset(
    {("Transient", "General"), ("Undetermined", "Undetermined"), ("Undetermined", "General")}
)

BY_SUBTYPE: Final[Mapping[str, tuple[Cause, Reason]]] = {
    "NoEmail": (Cause.REFUSED, Reason.UNKNOWN_USER),
    "MailboxFull": (Cause.REFUSED, Reason.MAILBOX_FULL),
    "MessageTooLarge": (Cause.REFUSED, Reason.TOO_LARGE),
    "ContentRejected": (Cause.REFUSED, Reason.POLICY),
    "AttachmentRejected": (Cause.REFUSED, Reason.POLICY),
    "CustomTimeoutExceeded": (Cause.DEFERRED, Reason.EXPIRED),
}
"""Bounce subtypes, for events without the server's words."""

STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
"""A status (RFC 3463); in a report a comment may follow it (RFC 3464, section 2.3.4)."""

TYPE: Final = re.compile(r"(?i)\A\s*smtp\s*;\s*")
"""The type before a Diagnostic-Code (RFC 3464, section 2.3.6)."""

INBOUND: Final = re.compile(r"(?i)\binbound-smtp\.[a-z0-9-]{1,30}\.amazonaws\.com\b")
"""SES's inbound servers, which host our inbox."""


def delivered(delivery: Mapping[str, Any]) -> SmtpReply:
    """Read a Delivery. The reporting server is SES's own; theirs is known only by its IP address."""
    text = (delivery.get("smtpResponse") or "")[:MAX_TEXT]
    return SmtpReply(at=moment(delivery["timestamp"]), text=text, server=delivery.get("remoteMtaIp") or "")


def deferred(delay: Mapping[str, Any]) -> SmtpReply:
    """Read a DeliveryDelay."""
    first = _first(delay, "delayedRecipients")
    kind = delay.get("delayType") or ""
    text, status = _said(first) or kind, _status(first)
    _, reason = explain(status, text if text == kind else f"{text} {kind}")
    return SmtpReply(at=moment(delay["timestamp"]), text=text, status=status, cause=Cause.DEFERRED, reason=reason)


def refused(bounce: Mapping[str, Any], source: str = "") -> SmtpReply | None:
    """Read a Bounce; None if it says nothing. `source` is the envelope sender of the mail that bounced.

    The cause is SUPPRESSED if SES never tried, and MONITOR_FAULT if the way back into our own inbox failed.
    """
    at, first = moment(bounce["timestamp"]), _first(bounce, "bouncedRecipients")
    kind, subtype = bounce.get("bounceType") or "Undetermined", bounce.get("bounceSubType") or "Undetermined"
    status, text, by_ses = _status(first), _said(first), f"{kind} bounce, {subtype} (SES)"
    if subtype in SUPPRESSED:
        text = text or "on a suppression list"
        return SmtpReply(at=at, text=text, status=status, cause=Cause.SUPPRESSED, reason=Reason.SUPPRESSED)
    if not status.startswith(("4", "5")) and not text:
        if (kind, subtype) in SAYS_NOTHING:
            return None
        called, why = BY_SUBTYPE.get(subtype, (Cause.REFUSED, Reason.UNKNOWN))
        return SmtpReply(at=at, text=by_ses, cause=called, reason=why)
    cause, reason = explain(status, text)
    if reason is Reason.UNKNOWN and subtype in BY_SUBTYPE:
        reason = BY_SUBTYPE[subtype][1]
    if names_us(text, source):
        cause = Cause.MONITOR_FAULT
    server = bounce.get("reportingMTA") or ""
    cause = cause or Cause.REFUSED
    return SmtpReply(at=at, text=text or by_ses, status=status, server=server, cause=cause, reason=reason)


def unsent(reason: str, at: str) -> SmtpReply:
    """Read a Reject or a Rendering Failure: SES accepted the mail and did not send it."""
    return SmtpReply(at=moment(at), text=reason[:MAX_TEXT], cause=Cause.SEND_FAILED)


def names_us(text: str, source: str) -> bool:
    """Say whether a server's words are about our own inbox: its address, or SES's servers in front of it."""
    return bool(source and source.lower() in text.lower()) or bool(INBOUND.search(text))


def moment(text: str) -> Millis:
    """Read a time as SES writes it (ISO 8601)."""
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def _first(event: Mapping[str, Any], recipients: str) -> Mapping[str, str | None]:
    """Give the only recipient, as our mails have one."""
    return next(iter(event.get(recipients) or ()), {})


def _said(recipient: Mapping[str, str | None]) -> str:
    """Give the server's words of a Diagnostic-Code, without its type."""
    return TYPE.sub("", (recipient.get("diagnosticCode") or "")[: 2 * MAX_TEXT], count=1).strip()[:MAX_TEXT]


def _status(recipient: Mapping[str, str | None]) -> str:
    found = STATUS.search(recipient.get("status") or "")
    return found[0] if found else ""
