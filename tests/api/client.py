"""The API and the public pages as a client sees them: requests in API Gateway's form, to the right function."""

import base64
import json
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from mxtrax.api import answer
from mxtrax.model import Millis
from mxtrax.runtime.environment import Settings
from mxtrax.web import act, status

NOW: Millis = 1_763_812_800_000
"""2025-11-22 12:00:00 UTC."""

HOME = "/api/v3/maildomains"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        """Read the body."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Client:
    """A client of the API."""

    now: Millis = NOW
    settings: Settings = field(default_factory=lambda: Settings(tables="t-"))
    claims: dict[str, str] | None = field(default_factory=lambda: {"username": "anna", "cognito:groups": "[admin]"})

    def signed_in(self, *groups: str) -> "Client":
        """Sign in with these groups."""
        return replace(self, claims={"username": "bob", "cognito:groups": f"[{' '.join(groups)}]"})

    def names(self, query: str) -> list[str]:
        """Follow a list of domains to its end: the first label of each."""
        found, link = [], f"{HOME}?{query}"
        while link:
            page = self.get(link).json
            found += [it["domainname"].partition(".")[0] for it in page["items"]]
            link = page["next"]
        return found

    def get(self, url: str, method: str = "GET") -> Answer:
        """Request a path with its query."""
        return self.ask(method, url)

    def ask(self, method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Send a request: its body as JSON, or as the bytes that are given."""
        parts = urlsplit(url)
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        event: dict[str, Any] = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": parts.path,
            "rawQueryString": parts.query,
            "headers": {"accept": "application/json", **(headers or {})},
            "queryStringParameters": dict(parse_qsl(parts.query, keep_blank_values=True)),
            "requestContext": {"stage": "$default", "http": {"method": method, "path": parts.path}},
            "body": base64.b64encode(raw).decode(),
            "isBase64Encoded": True,
        }
        if self.claims is not None:
            event["requestContext"]["authorizer"] = {"jwt": {"claims": self.claims, "scopes": None}}
        if not parts.query:
            del event["queryStringParameters"]
        if parts.path.startswith("/status/"):
            got = status.answer(event, self.now, self.settings.minute_seconds)
        elif parts.path.startswith("/act/"):
            got = act.answer(event, self.now)
        else:
            got = answer(event, self.now, self.settings)
        return Answer(got["statusCode"], got["headers"], got["body"])
