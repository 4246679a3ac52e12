"""The customers' mail servers: one SMTP server that behaves according to the recipient's domain."""

import logging
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.local.clockwork import Clockwork
from infra.local.customers.letters import Mail, received
from infra.local.customers.table import OK, By, Customer, Posting, To
from infra.local.names import Records
from infra.local.smtp import Listener, Place, hand_over

_log = logging.getLogger(__name__)
_RETRY_SECONDS: Final = (1.0, 2.0, 4.0, 8.0, 16.0)  # the last is repeated: servers do not give up within a day
_HANDLING_SECONDS: Final = 0.1
"""Even the fastest server takes this long; it first replies to the client that delivered the mail."""

_REMEMBERED: Final = 20_000


class Customers:
    """All customers on one port. What they send goes to `way_back`; `unit` is how long a test may take, in seconds."""

    def __init__(self, table: Iterable[Customer], inbox: str, way_back: Place, unit: float) -> None:
        self._rows = {customer.domain: customer for customer in table}
        self.table = dict(self._rows)
        self.taken = Counter[str]()
        """How many mails each domain has accepted."""
        self._inbox, self._way_back, self._unit = inbox, way_back, unit
        self._tries = OrderedDict[tuple[str, str], int]()
        self._clockwork = Clockwork("customers", 16)
        self._listener = Listener(self, "mx.customers.test")

    def start(self) -> None:
        """Open the port."""
        self._listener.start()

    def stop(self) -> None:
        """Close the port; mails that are not sent back yet are lost."""
        self._listener.stop()
        self._clockwork.stop()

    def break_down(self, domain: str) -> None:
        """Let a domain lose all mail that it accepts from now on."""
        self.table[domain] = replace(self._rows[domain], posts=lambda _number: ())

    def refuse(self, domain: str, answer: str) -> None:
        """Let a domain's server refuse all recipients from now on."""
        self.table[domain] = replace(self._rows[domain], rcpt=(answer,))

    def fix(self, domain: str) -> None:
        """Let a domain behave again as in its row of the table."""
        self.table[domain] = self._rows[domain]

    @property
    def smtp(self) -> Place:
        """Give the address of the server for all domains."""
        return self._listener.place

    def routes(self) -> dict[str, Place]:
        """Give the server of each domain, as the DNS would."""
        return dict.fromkeys(self.table, self.smtp)

    def records(self) -> Records:
        """Give each domain's DNS records. No server has an address that is reachable from outside."""
        return {it.domain: {"MX": [f"10 {it.server}."]} for it in self.table.values()}

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Answer as the domain does. Retries are recognised by their envelope sender, which SES makes unique."""
        row = self.table.get(_domain(address))
        if row is None:
            return "554 5.7.1 Relay access denied"
        customer = row.at(self.taken[row.domain])
        before = self._count((envelope.mail_from or "", address))
        answer = customer.rcpt[min(before, len(customer.rcpt) - 1)]
        if answer == OK:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(rcpt_options)
        return answer

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        """Accept the mail or not, and have the responses sent."""
        sender, recipient = envelope.mail_from or "", envelope.rcpt_tos[0]
        row, now = self.table[_domain(recipient)], time.time()
        number = self.taken[row.domain]
        customer = row.at(number)
        if not customer.data.startswith("2"):
            return customer.data
        peer = str((session.peer or ("unknown",))[0])
        trace = received(session.host_name or "unknown", peer, customer.server, recipient, now)
        mail = Mail(sender, recipient, trace + (envelope.original_content or b""), now)
        self.taken[customer.domain] += 1
        # Nobody answers mail with a null reverse-path or mail marked as an automatic reply: that is how loops begin.
        if sender and not mail.field("Auto-Submitted").lower().startswith("auto-"):
            for posting in customer.posts(number):
                self._clockwork.after(max(_HANDLING_SECONDS, posting.after * self._unit), self._posting(mail, posting))
        return customer.data

    def _posting(self, mail: Mail, posting: Posting) -> Callable[[], None]:
        recipient = {
            To.INBOX: self._inbox,
            To.REPLY_TO: mail.reply_to,
            To.FROM: mail.author,
            To.ENVELOPE_SENDER: mail.sender,
        }[posting.to]
        sender = {By.ORIGINAL: mail.sender, By.MAILBOX: mail.mailbox, By.NOBODY: ""}[posting.by]

        def post(tries: int = 0) -> None:
            content = posting.write(mail, recipient, time.time())
            reply = hand_over(self._way_back, f"out.{mail.domain}", sender, recipient, content)
            if reply.taken:
                return
            if reply.passing:
                self._clockwork.after(_RETRY_SECONDS[min(tries, len(_RETRY_SECONDS) - 1)], lambda: post(tries + 1))
            else:
                _log.warning("%s could not send to %s: %s", mail.domain, recipient, reply)

        return post

    def _count(self, key: tuple[str, str]) -> int:
        """Give how often this key came before; the oldest keys are dropped."""
        before = self._tries.get(key, 0)  # one thread serves all connections
        self._tries[key] = before + 1
        if len(self._tries) > _REMEMBERED:
            self._tries.popitem(last=False)
        return before


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
