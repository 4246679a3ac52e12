"""A company's identity provider: the part of OpenID Connect that a user pool uses. It accepts everybody."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from infra.local.serving import served


@dataclass
class Company:
    """The provider. `says` are the claims about the next person who signs in."""

    url: str = ""
    says: dict[str, Any] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    """What our client has shown of itself."""

    def document(self) -> dict[str, str]:
        """Say where what is (OpenID Connect Discovery 1.0, section 3)."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
        }

    def tokens(self) -> dict[str, str]:
        """Give what a code is worth: a token that nobody has signed, since the local user pool does not look."""
        parts = (json.dumps(it).encode() for it in ({"alg": "none"}, {"iss": self.url, **self.says}))
        return {
            "id_token": ".".join([*(base64.urlsafe_b64encode(it).decode().rstrip("=") for it in parts), "x"]),
            "access_token": "none",
        }


@contextmanager
def open_for_business() -> Iterator[Company]:
    """Serve a provider on loopback."""
    company = Company()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = parse_qs(parts.query)
                back = urlencode({"code": "1", "state": asked["state"][0]})
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri'][0]}?{back}")
                self.end_headers()
                return
            self._say(company.document())

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            company.secrets.append(form["client_secret"][0])
            self._say(company.tokens())

        def _say(self, what: dict[str, str]) -> None:
            body = json.dumps(what).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
            """Keep quiet."""

    with served(Handler, "company") as company.url:
        yield company
