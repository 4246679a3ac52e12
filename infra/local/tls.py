"""An HTTPS server on loopback, with a certificate that is made for it."""

import datetime as dt
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DAYS = 1_000
"""How long a certificate has been valid already, and will be: tests may run at other dates."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate for clients to trust, and the server's TLS context."""

    pem: bytes
    server: ssl.SSLContext


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Log nothing: clients that disconnect are what some tests are about."""


def certificate(names: Iterable[str]) -> Certificate:
    """Make a certificate for names, which may be wildcards."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "local")])
    now = dt.datetime.now(dt.UTC)
    pem = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=DAYS))
        .not_valid_after(now + dt.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(it) for it in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:  # ssl reads it only from a file
        both = Path(folder) / "both.pem"
        both.write_bytes(pem + private)
        server.load_cert_chain(both)
    return Certificate(pem, server)


@contextmanager
def served[It](
    known: Certificate, make: Callable[[int], It], handler: Callable[[It], type[BaseHTTPRequestHandler]]
) -> Iterator[It]:
    """Serve on a free port: `make` is called with the port, `handler` with its result."""
    with _Server(("127.0.0.1", 0), BaseHTTPRequestHandler, bind_and_activate=False) as server:
        server.server_bind()
        server.server_activate()
        server.socket = known.server.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        it = make(server.server_address[1])
        server.RequestHandlerClass = handler(it)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield it
        finally:
            server.shutdown()
            thread.join()
