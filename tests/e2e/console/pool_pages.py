"""A stand-in for the user pool's own pages, which moto lacks: OAuth 2.0 with a code and PKCE (RFC 6749, RFC 7636)."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode


@dataclass
class Pages:
    """The pages, as the console uses them: codes and refresh tokens that are valid once."""

    token_of: Callable[[str], str]
    """Gives an access token of somebody."""
    who: str = "otto"
    """The person who signs in there; nobody if empty."""
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    refreshes: dict[str, str] = field(default_factory=dict)
    revoked: list[str] = field(default_factory=list)
    resets: int = 0
    """How often somebody has chosen a new password, by a code that was mailed to them."""
    passkeys: int = 0
    """How often somebody has added a passkey."""
    sent_on: list[str] = field(default_factory=list)
    """The companies' identity providers that people were sent on to."""

    def knows(self, path: str) -> bool:
        """Say whether this is one of the pages."""
        return path.startswith("/oauth2/") or path in {"/logout", "/forgotPassword", "/passkeys/add"}

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer what a browser, or the console in it, asks (HTTP API, payload format 2.0)."""
        path, form = event["rawPath"], dict(parse_qsl(base64.b64decode(event["body"]).decode()))
        if path == "/oauth2/token":
            code, tokens = self._tokens(form)
            return {"statusCode": code, "headers": {"Content-Type": "application/json"}, "body": json.dumps(tokens)}
        if path == "/oauth2/revoke":
            self.revoked.append(form["token"])
            return {"statusCode": 200, "headers": {}, "body": ""}
        there = self._go(path, event["queryStringParameters"])
        return {"statusCode": 302, "headers": {"Location": there}, "body": ""}

    def _go(self, path: str, query: Mapping[str, str]) -> str:
        """Give where a browser is sent that opens one of the pages."""
        if path == "/logout":
            return query["logout_uri"]
        if path == "/passkeys/add":
            self.passkeys += 1
            return query["redirect_uri"]
        self.resets += path == "/forgotPassword"
        self.sent_on += [query["identity_provider"]] if "identity_provider" in query else []
        back: dict[str, str] = {"state": query["state"]}
        if self.who:
            back["code"] = secrets.token_hex(8)
            self.codes[back["code"]] = query
        else:
            back["error"] = "access_denied"
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def _tokens(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Give tokens for a code whose verifier fits, or for a refresh token that was not used yet."""
        if form["grant_type"] == "refresh_token":
            name = self.refreshes.pop(form["refresh_token"], "")
        else:
            begun = self.codes.pop(form["code"], {})
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            fits = base64.urlsafe_b64encode(digest).decode().rstrip("=") == begun.get("code_challenge")
            name = self.who if fits and begun.get("redirect_uri") == form["redirect_uri"] else ""
        if not name:
            return 400, {"error": "invalid_grant"}
        refresh = secrets.token_hex(8)
        self.refreshes[refresh] = name
        return 200, {"access_token": self.token_of(name), "refresh_token": refresh, "expires_in": 3_600}
