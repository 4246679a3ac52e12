"""The doubles behind one port of this machine, by TLS with a certificate of their own, each under its service's name."""

import datetime as dt
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from infra.local.doubles.services import BY_HOST, Asked, Said


@dataclass(frozen=True, slots=True)
class Call:
    """A request that came in, and what was answered."""

    asked: Asked
    said: Said


@dataclass
class Doubles:
    """What came in. `instead` are answers by host that a double gives in place of its own: an outage, a revoked key."""

    endpoints: str
    calls: list[Call] = field(default_factory=list)
    instead: dict[str, Said] = field(default_factory=dict)
    clock: float | None = None

    def answer(self, asked: Asked) -> Said:
        """Let the service that is meant answer."""
        double = BY_HOST.get(asked.host)
        said = self.instead.get(asked.host) or (double(asked) if double else Said(404, "no such service"))
        self.calls.append(Call(asked, said))
        return said

    def took(self, host: str, what: str = "") -> list[Call]:
        """Give what a service took: everything, what opened, or what resolved."""
        return [it for it in self.calls if it.asked.host == host and it.said.took and what in ("", it.said.took)]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients that go away are what some tests are about."""


@contextmanager
def doubles(folder: Path, port: int = 0) -> Iterator[Doubles]:
    """Run the doubles of all services; their certificate lies in a folder."""
    file = folder / "doubles.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    key = _certificate(file)
    context.load_cert_chain(key)
    with _Server(("127.0.0.1", port), BaseHTTPRequestHandler, bind_and_activate=False) as server:
        server.server_bind()
        server.server_activate()
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        it = Doubles(f"{server.server_address[1]} {file}")
        server.RequestHandlerClass = _handler(it)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield it
        finally:
            server.shutdown()
            thread.join()


def _handler(it: Doubles) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            host = headers.get("host", "").partition(":")[0]
            now = time.time() if it.clock is None else it.clock
            said = it.answer(Asked(host, self.path, headers, body, now))
            self.send_response(said.status)
            for name, value in said.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body.encode())))
            self.end_headers()
            self.wfile.write(said.body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _certificate(file: Path) -> Path:
    """Make a certificate for the names of all services: `file` is what clients trust, beside it lies what the server has."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "doubles")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1_000))
        .not_valid_after(now + dt.timedelta(days=1_000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in BY_HOST]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made)
    both = file.with_suffix(".key")
    both.write_bytes(made + private)
    return both
