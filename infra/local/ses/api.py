"""The HTTP side of the stand-in: the part of SESv2 that MXTRAX calls."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from infra.local.serving import Server
from infra.local.ses.sending import Rejection
from infra.local.smtp import LOOPBACK


class Service(Protocol):
    """The operations that the HTTP side calls."""

    def send_email(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer SendEmail, or raise Rejection."""

    def get_account(self) -> dict[str, Any]:
        """Answer GetAccount."""


class Api(Server):
    """An HTTP server on a loopback port."""

    def __init__(self, service: Service) -> None:
        handler = type("Handler", (_Handler,), {"service": service})
        server = ThreadingHTTPServer((LOOPBACK, 0), handler)
        server.daemon_threads = True
        self.url = f"http://{LOOPBACK}:{server.server_port}"
        super().__init__(server, "ses api")


class _Handler(BaseHTTPRequestHandler):
    service: Service
    protocol_version = "HTTP/1.1"  # callers keep their connections
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer SendEmail."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path != "/v2/email/outbound-emails":
            self._unknown()
            return
        try:
            self._answer(HTTPStatus.OK, self.service.send_email(json.loads(body)))
        except Rejection as rejection:
            self._answer(rejection.status, {"message": str(rejection)}, rejection.kind)
        except json.JSONDecodeError as error:
            self._answer(HTTPStatus.BAD_REQUEST, {"message": str(error)}, "SerializationException")

    def do_GET(self) -> None:
        """Answer GetAccount."""
        if self.path == "/v2/email/account":
            self._answer(HTTPStatus.OK, self.service.get_account())
        else:
            self._unknown()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
        """Stay silent: the terminal is for the table."""

    def _unknown(self) -> None:
        sentence = f"{self.command} {self.path} is not simulated."
        self._answer(HTTPStatus.NOT_FOUND, {"message": sentence}, "NotFoundException")

    def _answer(self, status: int, body: Mapping[str, Any], error: str = "") -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if error:
            self.send_header("x-amzn-ErrorType", error)
        self.end_headers()
        self.wfile.write(data)
