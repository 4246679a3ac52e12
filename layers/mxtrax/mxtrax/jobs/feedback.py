"""Take in what SES tells of a test on its way out (SES event publishing): delivered, put off, bounced, rejected."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from mxtrax import mail
from mxtrax.model import Cause, Kind, Millis, SmtpReply
from mxtrax.runtime.log import count, logger
from mxtrax.store import mailtests

SUPPRESSED: Final = frozenset({"Suppressed", "OnAccountSuppressionList"})
"""Bounces that SES made up itself: it never tried. Ours, not the customer's."""

MAX_TEXT: Final = 1_000


def run(event: Mapping[str, Any]) -> str:
    """Note one event of SES at its test, and name the outcome. Events of other mails are none of our business here."""
    tags = event["mail"].get("tags", {}).get("mxtrax-test")
    if not tags:
        return _outcome("EventOfAnotherMail")
    test, ses_id = tags[0], event["mail"]["messageId"]
    match event["eventType"]:
        case "Delivery":
            known = mailtests.heard(test, "delivered", _delivered(event["delivery"]), ses_id)
        case "DeliveryDelay":
            known = mailtests.heard(test, "deferred", _deferred(event["deliveryDelay"]), ses_id)
        case "Bounce":
            return _bounced(test, ses_id, event["bounce"])
        case "Reject" | "Rendering Failure" as kind:
            reason = (event.get("reject") or event.get("failure") or {}).get("reason", kind)
            said = SmtpReply(at=_moment(event["mail"]["timestamp"]), text=reason[:MAX_TEXT], cause=Cause.SEND_FAILED)
            known = mailtests.heard(test, "unsent", said, ses_id)
        case other:
            logger.info("an event that tells nothing of the journey", event_type=other, testid=test)
            return _outcome("EventIgnored")
    return _outcome(f"Event{event['eventType'].replace(' ', '')}" if known else "EventOfUnknownTest")


def _bounced(test: str, ses_id: str, bounce: Mapping[str, Any]) -> str:
    at = _moment(bounce["timestamp"])
    first = _first(bounce, "bouncedRecipients")
    status, text = first.get("status", ""), _said(first)
    if bounce.get("bounceSubType") in SUPPRESSED:
        said = SmtpReply(at=at, text=text or "on a suppression list", status=status, cause=Cause.SUPPRESSED)
        return _outcome("EventSuppressed" if mailtests.heard(test, "unsent", said, ses_id) else "EventOfUnknownTest")
    if not status.startswith(("4", "5")) and not text:
        return _outcome(
            "EventIgnored"
        )  # An auto-reply to the envelope sender shows as a Transient bounce without a word.
    cause, _ = mail.explain(status, text)
    said = SmtpReply(
        at=at, text=text, status=status, server=bounce.get("reportingMTA", ""), cause=cause or Cause.REFUSED
    )
    known = mailtests.heard(test, "refused", said, ses_id)
    if known and known.returns_bounce:
        mailtests.returned(test, at, Kind.BOUNCE, bounce["feedbackId"], None)
    return _outcome("EventBounce" if known else "EventOfUnknownTest")


def _delivered(delivery: Mapping[str, Any]) -> SmtpReply:
    text = delivery.get("smtpResponse", "")[:MAX_TEXT]
    # The reporting server is SES's own; theirs is known by its address alone.
    return SmtpReply(at=_moment(delivery["timestamp"]), text=text, server=delivery.get("remoteMtaIp", ""))


def _deferred(delay: Mapping[str, Any]) -> SmtpReply:
    first = _first(delay, "delayedRecipients")
    text = _said(first) or delay.get("delayType", "")
    return SmtpReply(at=_moment(delay["timestamp"]), text=text, status=first.get("status", ""), cause=Cause.DEFERRED)


def _first(event: Mapping[str, Any], recipients: str) -> Mapping[str, str]:
    """Give the one recipient that our mails have."""
    return next(iter(event.get(recipients, ())), {})


def _said(recipient: Mapping[str, str]) -> str:
    """Give the server's words of a Diagnostic-Code, without its type (RFC 3464, section 2.3.6)."""
    return recipient.get("diagnosticCode", "").removeprefix("smtp;").strip()[:MAX_TEXT]


def _moment(text: str) -> Millis:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def _outcome(name: str) -> str:
    count(name)
    return name
