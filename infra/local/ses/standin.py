"""The stand-in itself: accepts calls and mails, and reports their outcomes to the local AWS."""

import mailbox
import secrets
import threading
import time
import uuid
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.local.aws import Aws
from infra.local.ses import events, inbox
from infra.local.ses.api import Api
from infra.local.ses.arrivals import FEEDBACK_DOMAIN, Arrivals, Delivery
from infra.local.ses.publisher import Publisher
from infra.local.ses.relay import Patience, Relay, Routes, Told
from infra.local.ses.sending import Outcome, Rejection, Sending, read
from infra.local.smtp import Listener, Place, Reply

MAX_SEND_RATE: Final = 50.0
"""Mails a second that the account may send, by default."""

_REMEMBERED: Final = 20_000  # sendings whose reports are still understood
# The standard test file for virus scanners, in two parts so that scanners do not flag this file.
_EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass(frozen=True, slots=True)
class Account:
    """The settings of an SES account. Mail to `local` domains is not relayed but stored in Maildirs in `mailboxes`."""

    inbox: str
    mailboxes: Path
    local: frozenset[str] = frozenset()
    max_send_rate: float = MAX_SEND_RATE

    @property
    def identity(self) -> str:
        """Give the verified domain: that of the inbox."""
        return self.inbox.rpartition("@")[2].lower()


class StandIn:
    """SES on one machine: `url` accepts SESv2 calls, `smtp` accepts mail.

    Tests make it fail: `refuse_next` answers the next calls with an error, `suppressed` has addresses for which SES
    accepts mail and never sends it.
    """

    def __init__(self, aws: Aws, account: Account, routes: Routes, patience: Patience | None = None) -> None:
        self.suppressed = set[str]()
        self._account, self._patience = account, patience or Patience()
        self._refusals = deque[Rejection]()
        self._sent_at = deque[float]()
        self._lock = threading.Lock()
        self._sendings = OrderedDict[str, Sending]()
        self._publisher = Publisher(aws)
        told = Told(self._delivered, self._delayed, self._refused, self._expired)
        self._relay = Relay(routes, self._patience, told, lambda sending: f"{sending.message_id}@{FEEDBACK_DOMAIN}")
        self.arrivals = Arrivals(aws, account.inbox, self._reported)
        self._listener = Listener(self.arrivals, "inbound-smtp.us-east-1.amazonaws.com")
        self._api = Api(self)

    def start(self) -> None:
        """Open both ports."""
        self._account.mailboxes.mkdir(parents=True, exist_ok=True)
        self._publisher.start()
        self._listener.start()
        self._api.start()

    def stop(self) -> None:
        """Close both ports. Mails that are still on their way are lost; past events are published."""
        self._api.stop()
        self._listener.stop()
        self.arrivals.stop()
        self._relay.stop()
        self._publisher.stop()

    @property
    def url(self) -> str:
        """Give the endpoint for SESv2 calls."""
        return self._api.url

    @property
    def smtp(self) -> Place:
        """Give the address of the inbound server."""
        return self._listener.place

    def deliver_to(self, bucket: str, prefix: str, function: str) -> None:
        """Say where received mail goes; before that it is deferred."""
        self.arrivals.delivery = Delivery(bucket, prefix, function)

    def cut_off(self) -> None:
        """Defer all mail for the inbox, until `deliver_to` says again where it goes."""
        self.arrivals.delivery = None

    def mailbox_of(self, address: str) -> Path:
        """Give the Maildir of a local address."""
        return self._account.mailboxes / address.lower().replace("/", "_")

    def refuse_next(self, *rejections: Rejection) -> None:
        """Answer the next calls of SendEmail with these errors, one each."""
        self._refusals.extend(rejections)

    # --- the API ---

    def get_account(self) -> dict[str, Any]:
        """Answer GetAccount."""
        rate = self._account.max_send_rate
        quota = {"Max24HourSend": 5_000_000.0, "MaxSendRate": rate, "SentLast24Hours": float(len(self._sendings))}
        return {
            "DedicatedIpAutoWarmupEnabled": False,
            "EnforcementStatus": "HEALTHY",
            "ProductionAccessEnabled": True,
            "SendingEnabled": True,
            "SendQuota": quota,
        }

    def send_email(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer SendEmail: accept the mail, and report its outcome by events."""
        now = time.time()
        self._admit(now)
        message_id = f"0100{int(now * 1000):012x}-{uuid.UUID(bytes=secrets.token_bytes(16))}-000000"
        sending = read(body, message_id, now)
        domain = sending.source.rpartition("@")[2].lower()
        if domain != self._account.identity:
            sentence = f"Email address is not verified. The following identities failed the check: {sending.source}"
            raise Rejection(400, "MessageRejected", sentence)
        with self._lock:
            self._sendings[message_id] = sending
            if len(self._sendings) > _REMEMBERED:
                self._sendings.popitem(last=False)
        self._send(sending)
        return {"MessageId": message_id}

    def _admit(self, now: float) -> None:
        with self._lock:
            if self._refusals:
                raise self._refusals.popleft()
            while self._sent_at and self._sent_at[0] <= now - 1:
                self._sent_at.popleft()
            if len(self._sent_at) >= self._account.max_send_rate:
                raise Rejection(429, "TooManyRequestsException", "Maximum sending rate exceeded.")
            self._sent_at.append(now)

    def _send(self, sending: Sending) -> None:
        self._publisher.put(events.send(sending))
        if _EICAR in sending.content:
            self._publisher.put(events.reject(sending))
            return
        for recipient in sending.destinations:
            if recipient.lower() in self.suppressed:
                self._publisher.put(events.suppression(sending, recipient, time.time()))
            elif recipient.lower().rpartition("@")[2] in self._account.local:
                mailbox.Maildir(self.mailbox_of(recipient)).add(sending.content)
                self._delivered(Outcome(sending, recipient, Reply(250, "2.0.0 delivered locally"), time.time()))
            else:
                self._relay.take(sending, recipient)

    # --- what became of it ---

    def _delivered(self, outcome: Outcome) -> None:
        self._publisher.put(events.delivery(outcome))

    def _delayed(self, outcome: Outcome) -> None:
        self._publisher.put(events.delay(outcome, outcome.sending.accepted + self._patience.total))

    def _refused(self, outcome: Outcome) -> None:
        self._publisher.put(events.refusal(outcome))

    def _expired(self, outcome: Outcome) -> None:
        self._publisher.put(events.expiry(outcome))

    def _reported(self, message_id: str, report: inbox.Report) -> None:
        """Publish what a report to the envelope sender of a known sending says."""
        sending = self._sendings.get(message_id)
        if sending is None:
            return
        now = time.time()
        if report.delayed:
            expires = now + self._patience.total
            self._publisher.put(events.late_delay(sending, report.delayed, now, expires))
        elif report.failed or not report.reporting_mta:
            self._publisher.put(events.bounce(sending, report.failed, now, report.reporting_mta))
