"""SES's own event JSON, as it publishes it to EventBridge. Pure: facts in, JSON out."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from infra.local.aws import ACCOUNT, REGION
from infra.local.ses.sending import Outcome, Sending
from infra.local.smtp import Reply

SOURCE: Final = "local.ses"
"""SES's events have `aws.ses`; but only AWS may publish with a source that begins with aws."""

REPORTING_MTA: Final = "a8-70.smtp-out.amazonses.com"

DETAIL_TYPES: Final = {
    "Send": "Email Sent",
    "Delivery": "Email Delivered",
    "DeliveryDelay": "Email Delivery Delayed",
    "Bounce": "Email Bounced",
    "Reject": "Email Rejected",
    "Complaint": "Email Complaint Received",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """What a server, or its delivery report, says about a failed recipient."""

    address: str
    status: str
    diagnostic: str
    action: str = "failed"

    def as_json(self) -> dict[str, str]:
        """Write it as an entry in SES's list of bounced recipients."""
        return {
            "emailAddress": self.address,
            "action": self.action,
            "status": self.status,
            "diagnosticCode": self.diagnostic,
        }


def send(sending: Sending) -> dict[str, Any]:
    """Write the event that SES accepted the mail."""
    return _event("Send", sending, {})


def reject(sending: Sending) -> dict[str, Any]:
    """Write the event that SES found a virus and sends nothing."""
    return _event("Reject", sending, {"reason": "Bad content"})


def delivery(outcome: Outcome) -> dict[str, Any]:
    """Write the event that the recipient's server accepted the mail."""
    detail = {
        "timestamp": iso(outcome.at),
        "processingTimeMillis": round((outcome.at - outcome.sending.accepted) * 1000),
        "recipients": [outcome.recipient],
        "smtpResponse": str(outcome.reply),
        "remoteMtaIp": outcome.remote,
        "reportingMTA": REPORTING_MTA,
    }
    return _event("Delivery", outcome.sending, detail)


def delay(outcome: Outcome, expires: float) -> dict[str, Any]:
    """Write the event that the recipient's server deferred the mail, and until when SES retries."""
    who = {
        "emailAddress": outcome.recipient,
        "status": outcome.reply.status,
        "diagnosticCode": _diagnostic(outcome.reply),
    }
    detail = {
        "timestamp": iso(outcome.at),
        "delayType": _delay_type(outcome.reply),
        "expirationTime": iso(expires),
        "delayedRecipients": [who],
    }
    return _event("DeliveryDelay", outcome.sending, detail)


def refusal(outcome: Outcome) -> dict[str, Any]:
    """Write the event that the recipient's server rejected the mail in the SMTP dialogue."""
    who = Refused(outcome.recipient, outcome.reply.status, _diagnostic(outcome.reply))
    return bounce(outcome.sending, [who], outcome.at, f"dns; {REPORTING_MTA}", remote=outcome.remote)


def expiry(outcome: Outcome) -> dict[str, Any]:
    """Write the event that SES gave up on a server that kept deferring the mail."""
    minutes = round((outcome.at - outcome.sending.accepted) / 60)
    said = f"smtp; 554 4.4.7 Message expired: unable to deliver in {minutes} minutes.<{outcome.reply}>"
    who = Refused(outcome.recipient, "4.4.7", said)
    kind = ("Transient", "General")
    return bounce(outcome.sending, [who], outcome.at, f"dns; {REPORTING_MTA}", remote=outcome.remote, kind=kind)


def suppression(sending: Sending, address: str, at: float) -> dict[str, Any]:
    """Write the event that the address is on SES's global suppression list, which no configuration set overrides."""
    said = (
        "Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid"
        " address."
    )
    who = Refused(address, "5.1.1", said)
    return bounce(sending, [who], at, f"dns; {REPORTING_MTA}", kind=("Permanent", "Suppressed"))


def bounce(
    sending: Sending,
    refused: Sequence[Refused],
    at: float,
    reporting_mta: str,
    *,
    remote: str = "",
    kind: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """Write the event of a bounce, whether an SMTP reply or a later delivery report."""
    bounce_type, sub_type = kind or _bounce_kind(refused[0].status if refused else "")
    detail = {
        "feedbackId": f"{uuid.uuid4().hex[:16]}-{uuid.uuid4()}-000000",
        "bounceType": bounce_type,
        "bounceSubType": sub_type,
        "bouncedRecipients": [who.as_json() for who in refused],
        "timestamp": iso(at),
        "reportingMTA": reporting_mta,
    }
    if remote:
        detail["remoteMtaIp"] = remote
    return _event("Bounce", sending, detail)


def late_delay(sending: Sending, delayed: Sequence[Refused], at: float, expires: float) -> dict[str, Any]:
    """Write the event of a delivery report that says that the mail is delayed further on."""
    who = [{"emailAddress": each.address, "status": each.status, "diagnosticCode": each.diagnostic} for each in delayed]
    detail = {
        "timestamp": iso(at),
        "delayType": "General",
        "expirationTime": iso(expires),
        "delayedRecipients": who,
    }
    return _event("DeliveryDelay", sending, detail)


def iso(at: float) -> str:
    """Write a moment as SES does: UTC, milliseconds, Z."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _event(kind: str, sending: Sending, detail: dict[str, Any]) -> dict[str, Any]:
    field = kind[0].lower() + kind[1:]
    return {"eventType": kind, "mail": _mail(sending), field: detail}


def _mail(sending: Sending) -> dict[str, Any]:
    domain = sending.source.rpartition("@")[2]
    tags = {
        "ses:operation": ["SendEmail"],
        "ses:configuration-set": [sending.configuration_set],
        "ses:source-ip": ["127.0.0.1"],
        "ses:from-domain": [domain],
        "ses:caller-identity": ["mxtrax"],
        **{name: [value] for name, value in sending.tags.items()},
    }
    return {
        "timestamp": iso(sending.accepted),
        "source": sending.source,
        "sourceArn": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{domain}",
        "sendingAccountId": ACCOUNT,
        "messageId": sending.message_id,
        "destination": list(sending.destinations),
        "headersTruncated": False,
        "headers": sending.headers,
        "commonHeaders": {
            "from": [sending.common("from")],
            "date": sending.common("date"),
            "to": [sending.common("to")],
            "messageId": sending.message_id,
            "subject": sending.common("subject"),
        },
        "tags": tags,
    }


def _diagnostic(reply: Reply) -> str:
    return f"smtp; {reply}"


def _delay_type(reply: Reply) -> str:
    if not reply.code:
        return "TransientCommunicationFailure"
    return "MailboxFull" if reply.status == "4.2.2" else "General"


def _bounce_kind(status: str) -> tuple[str, str]:
    """Sort a status (RFC 3463) into SES's bounce types."""
    detail = status.partition(".")[2]
    match detail:
        case "2.2":
            return "Transient", "MailboxFull"
        case "2.3" | "3.4":
            return "Transient", "MessageTooLarge"
    if not status:
        return "Undetermined", "Undetermined"
    return ("Permanent", "General") if status.startswith("5") else ("Transient", "General")
