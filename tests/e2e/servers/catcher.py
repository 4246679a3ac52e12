"""The destination of private servers' mail: it keeps what it accepts, and rejects given recipients."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from infra.local.smtp import Listener, Place

_OK: Final = "250 2.1.5 Ok"


@dataclass(frozen=True, slots=True)
class Caught:
    """A mail and its envelope."""

    sender: str
    recipient: str
    content: bytes


class Catcher:
    """aiosmtpd's handler and its server. `refusals` are the answers to RCPT for some addresses."""

    def __init__(self, refusals: Mapping[str, str]) -> None:
        self._refusals = refusals
        self._caught = list[Caught]()
        self._came = threading.Condition()
        self._listener = Listener(self, "catcher.test")

    def __enter__(self) -> Self:
        """Open the port."""
        self._listener.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        """Close the port."""
        self._listener.stop()

    @property
    def place(self) -> Place:
        """Give the address on which it listens."""
        return self._listener.place

    def about(self, sender: str, number: int, seconds: float) -> Caught | None:
        """Wait for the mail, counted from 0, that came from an envelope sender or went back to it."""

        def mine() -> list[Caught]:
            return [mail for mail in self._caught if sender in (mail.sender, mail.recipient)]

        with self._came:
            self._came.wait_for(lambda: len(mine()) > number, seconds)
            return mine()[number] if len(mine()) > number else None

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Accept or reject the recipient."""
        answer = self._refusals.get(address, _OK)
        if answer == _OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        """Keep the mail, once for each recipient."""
        with self._came:
            content = envelope.original_content or b""
            self._caught += [Caught(envelope.mail_from or "", to, content) for to in envelope.rcpt_tos]
            self._came.notify_all()
        return "250 2.0.0 Ok: kept"
