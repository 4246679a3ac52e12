"""A server on this machine that takes what channels post, by TLS with a certificate of its own, for any name."""

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from infra.local.tls import certificate, served
from mxtrax.notify.fence import Address, Fence

NAMES = ("hooks.example.com", "*.example.net")


@dataclass(frozen=True)
class Asked:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Say:
    """What is answered: as HTTP, or these bytes as they are."""

    status: int = 200
    body: bytes = b"ok"
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None


@dataclass
class Receiver:
    """What came in, and what is answered next; the last answer stays."""

    port: int
    fence: Fence
    answers: list[Say] = field(default_factory=lambda: [Say()])
    asked: list[Asked] = field(default_factory=list)
    slowly: threading.Event = field(default_factory=threading.Event)

    def next(self) -> Say:
        """Take the next answer."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiver(names: Sequence[str] = NAMES) -> Iterator[Receiver]:
    """Run a receiver, and give it with a fence that allows only this receiver."""
    known = _certificate(tuple(names))
    client_side = ssl.create_default_context(cadata=known.pem.decode())

    def make(port: int) -> Receiver:
        fence = Fence(resolve=lambda *_: ["127.0.0.1"], allows=_is_here, port=port, trusts=lambda: client_side)
        return Receiver(port, fence)

    with served(known, make, _handler) as it:
        try:
            yield it
        finally:
            it.slowly.set()


def _handler(it: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            it.asked.append(Asked(self.command, self.path, dict(self.headers.items()), self.rfile.read(length)))
            say = it.next()
            if say.raw is not None:
                self._drip(say.raw)
                return
            self.send_response(say.status)
            for name, value in say.headers:
                self.send_header(name, value)
            if HTTPStatus(say.status) is not HTTPStatus.NO_CONTENT:
                self.send_header("Content-Length", str(len(say.body)))
            self.end_headers()
            self.wfile.write(say.body)

        def _drip(self, raw: bytes) -> None:
            """Give a byte now and then, until the client has gone."""
            with suppress(OSError):
                for byte in raw:
                    self.wfile.write(bytes([byte]))
                    if it.slowly.wait(0.05):
                        return
            self.close_connection = True

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _answer  # noqa: N815 -- named by http.server

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _is_here(address: Address) -> bool:
    return address.is_loopback


_certificate = cache(certificate)


@contextmanager
def silent_port() -> Iterator[int]:
    """Give a port at which somebody listens, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]
