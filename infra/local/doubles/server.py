"""All doubles on one port of this machine, with TLS and a certificate of their own, each by its service's name."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from infra.local.doubles.services import BY_HOST, Asked, Said
from infra.local.tls import certificate, served


@dataclass(frozen=True, slots=True)
class Call:
    """A request that came in, and what was answered."""

    asked: Asked
    said: Said


@dataclass
class Doubles:
    """Requests received. `instead` has answers by host that replace a double's own: an outage, a revoked key.

    `hanging` are hosts that never answer a request, with the seconds after which they close the connection. `asked`
    counts the requests by host, answered or not.
    """

    endpoints: str
    calls: list[Call] = field(default_factory=list)
    instead: dict[str, Said] = field(default_factory=dict)
    hanging: dict[str, float] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    clock: float | None = None

    def answer(self, asked: Asked) -> Said:
        """Let the addressed service answer."""
        double = BY_HOST.get(asked.host)
        said = self.instead.get(asked.host) or (double(asked) if double else Said(404, "no such service"))
        self.calls.append(Call(asked, said))
        return said

    def took(self, host: str, what: str = "") -> list[Call]:
        """Give what a service accepted: everything, only openings, or only ends."""
        return [it for it in self.calls if it.asked.host == host and it.said.took and what in ("", it.said.took)]


@contextmanager
def doubles(folder: Path) -> Iterator[Doubles]:
    """Run the doubles of all services; the certificate for clients to trust is written into a folder."""
    file, known = folder / "doubles.pem", certificate(BY_HOST)
    file.write_bytes(known.pem)
    with served(known, lambda at: Doubles(f"{at} {file}"), _handler) as it:
        yield it


def _handler(it: Doubles) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            host = headers.get("host", "").partition(":")[0]
            it.asked[host] += 1
            if host in it.hanging:
                time.sleep(it.hanging[host])
                self.close_connection = True
                return
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
