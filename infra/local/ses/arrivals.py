"""The SMTP side of the stand-in: mail for the inbox, and reports to the envelope senders of what it has sent."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import Aws
from infra.local.clockwork import Clockwork
from infra.local.ses import inbox

_log = logging.getLogger(__name__)

_CALLS_AT_ONCE: Final = 2

FEEDBACK_DOMAIN: Final = "amazonses.test"
"""The domain of outgoing mail's envelope senders: `<message id>@amazonses.test`."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where received mail goes: the bucket, the prefix of its keys, and the function that is called."""

    bucket: str
    prefix: str
    function: str


class Arrivals:
    """aiosmtpd's handler. Until `delivery` is set, mail for the inbox is deferred, as by a server that is starting."""

    def __init__(self, aws: Aws, address: str, on_report: Callable[[str, inbox.Report], None]) -> None:
        self.delivery: Delivery | None = None
        self.tell_receive = True
        """A test that wants `receive` to miss mail sets this to False: the object is stored and no function is called."""
        self._aws = aws
        self._domain = address.lower().rpartition("@")[2]
        self._on_report = on_report
        self._calls = Clockwork("ses calls receive", _CALLS_AT_ONCE)

    def stop(self) -> None:
        """Call no function any more; mail that is stored without a call is left to the sweep."""
        self._calls.stop()

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Accept every recipient at the inbox's domain, which is what the receipt rule names, and the envelope senders."""
        if address.lower().rpartition("@")[2] not in (self._domain, FEEDBACK_DOMAIN):
            return "550 5.1.1 Requested action not taken: mailbox unavailable"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        """Store mail for the inbox and call `receive`; read reports."""
        content, sender = envelope.original_content or b"", envelope.mail_from or ""
        mine = tuple(address for address in envelope.rcpt_tos if not address.lower().endswith("@" + FEEDBACK_DOMAIN))
        message_id = inbox.new_message_id()
        if mine:
            helo, peer = session.host_name or "unknown", str((session.peer or ("unknown",))[0])
            arrival = inbox.Arrival(message_id, sender, mine, peer, helo, time.time(), content)
            if not await asyncio.to_thread(self._deliver, arrival):
                return "451 4.3.0 Temporary system problem, try again later"
        for address in set(envelope.rcpt_tos).difference(mine):
            report = inbox.report(content, sender)
            if report:
                self._on_report(address.rpartition("@")[0], report)
        return f"250 OK {message_id}"

    def _deliver(self, arrival: inbox.Arrival) -> bool:
        """Store, then call the function. The mail is accepted as soon as it is stored, as with SES."""
        if self.delivery is None:
            return False
        to, content = self.delivery, inbox.stored(arrival)
        try:
            self._aws.s3.put_object(Bucket=to.bucket, Key=to.prefix + arrival.message_id, Body=content)
        except (BotoCoreError, ClientError) as error:
            _log.warning("a mail could not be stored: %s", error)
            return False
        if self.tell_receive:
            event = json.dumps(inbox.event(arrival, content, to.function)).encode()
            self._calls.after(0, lambda: self._call(to.function, event))
        return True

    def _call(self, function: str, event: bytes) -> None:
        """Call the function and wait for it; if it fails, leave it to Lambda's own retries and dead letters.

        SES calls asynchronously and never waits. Here each parallel call costs a process, which takes seconds to start.
        """
        try:
            answer = self._aws.functions.invoke(FunctionName=function, Payload=event)
            if answer.get("FunctionError"):
                self._aws.functions.invoke(FunctionName=function, InvocationType="Event", Payload=event)
        except (BotoCoreError, ClientError) as error:
            _log.warning("the function that receives could not be called: %s", error)
