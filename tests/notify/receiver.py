"""A server on this machine that takes what channels post, by TLS with a certificate of its own, for any name."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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


class _Server(HTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing: clients that go away are what is tested."""


@contextmanager
def receiver(names: Sequence[str] = NAMES) -> Iterator[Receiver]:
    """Run a receiver, and give it with the fence by which it can be reached, and nothing else can."""
    server_side, client_side = _contexts(tuple(names))
    with _Server(("127.0.0.1", 0), BaseHTTPRequestHandler, bind_and_activate=False) as server:
        server.server_bind()
        server.server_activate()
        server.socket = server_side.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        port = server.server_address[1]
        fence = Fence(resolve=lambda *_: ["127.0.0.1"], allows=_is_here, port=port, trusts=lambda: client_side)
        it = Receiver(port, fence)
        server.RequestHandlerClass = _handler(it)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield it
        finally:
            it.slowly.set()
            server.shutdown()
            thread.join()


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


@cache
def _contexts(names: tuple[str, ...]) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for these names; give TLS for the server, and for clients who trust that one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1_000))
        .not_valid_after(now + dt.timedelta(days=1_000))  # also on the other days that tests are run on
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(it) for it in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "both.pem"
        file.write_bytes(certificate + private)
        server.load_cert_chain(file)
    client = ssl.create_default_context(cadata=certificate.decode())
    return server, client


@contextmanager
def silent_port() -> Iterator[int]:
    """Give a port at which somebody listens, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]
