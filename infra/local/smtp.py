"""SMTP on loopback, in and out: what the stand-in and the simulated customers have in common."""

import asyncio
import smtplib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from aiosmtpd.smtp import SMTP

LOOPBACK: Final = "127.0.0.1"
_LARGEST_MAIL: Final = 40 * 1024 * 1024  # as SES does
_CONNECT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Place:
    """The address of a mail server."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's reply (RFC 5321, section 4.2). Code 0 means that none could be reached."""

    code: int
    text: str

    @property
    def taken(self) -> bool:
        """True if the server has accepted the mail."""
        return 200 <= self.code < 300

    @property
    def passing(self) -> bool:
        """True if a retry may help."""
        return self.code < 500

    @property
    def status(self) -> str:
        """Give the enhanced status code (RFC 3463), derived from the first digit if the server gave none."""
        first = self.text.split(" ", 1)[0]
        if first.count(".") == 2 and first.replace(".", "").isdigit():
            return first
        return f"{str(self.code)[0] if self.code else '4'}.0.0"

    def __str__(self) -> str:
        """Write it on one line, as in logs and delivery reports."""
        return f"{self.code} {self.text}" if self.code else self.text


def hand_over(place: Place, helo: str, sender: str, recipient: str, content: bytes) -> Reply:
    """Deliver one mail for one recipient to the server at `place`. Never raises: any failure becomes a reply."""
    try:
        with smtplib.SMTP(place.host, place.port, local_hostname=helo, timeout=_CONNECT_SECONDS) as server:
            server.ehlo()
            reply = _reply(*server.mail(sender, ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []))
            if reply.taken:
                reply = _reply(*server.rcpt(recipient))
            return _reply(*server.data(content)) if reply.taken else reply
    except smtplib.SMTPResponseException as error:
        return _reply(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        return Reply(0, f"4.4.1 {place.host}:{place.port}: {error or type(error).__name__}")


def _reply(code: int, text: bytes | str) -> Reply:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return Reply(code, " ".join(words.split()))


class Listener:
    """An SMTP server on a loopback port, in its own thread. `handler` has aiosmtpd's handle_* coroutines."""

    def __init__(self, handler: Any, hostname: str, port: int = 0) -> None:  # noqa: ANN401 -- aiosmtpd calls what is there
        self.place = Place(LOOPBACK, port)
        self._factory: Callable[[], SMTP] = lambda: SMTP(
            handler, hostname=hostname, ident="ESMTP", data_size_limit=_LARGEST_MAIL, loop=self._loop
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"smtp {hostname}", daemon=True)

    def start(self) -> None:
        """Listen, at `place`."""
        self._thread.start()
        opening = self._loop.create_server(self._factory, self.place.host, self.place.port)
        self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result()
        self.place = Place(LOOPBACK, self._server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        """Close the port; connections are cut, as by a server that goes down."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
