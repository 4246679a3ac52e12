"""The stack behind one address, as browsers see it: the console's files, the API behind a login, and the login.

The parts are the real ones: the console's files by the function's own code, the API by its own, both on moto's tables, and
moto's Cognito for the user pool. API Gateway's part, checking the token and passing on its claims, is done here.
"""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

import boto3
from botocore.exceptions import ClientError

from infra.local.serving import served
from mxtrax.api import answer
from mxtrax.model import ROLES, MailDomain
from mxtrax.web import act, status
from mxtrax.web.console import Console
from tests.e2e.console.pool_pages import Pages
from tests.stage import Stage

FILES: Final = Path(__file__).parents[3] / "functions" / "console"
PASSWORD: Final = "Correct-horse-9"  # noqa: S105 -- of users that live for a test
OPEN: Final = frozenset({"/health"})
LINKS: Final = ("/status/", "/act/")
DOWN: Final = {"statusCode": 503, "headers": {}, "body": '{"detail":"The tables are busy; try again."}'}


@dataclass
class Pool:
    """A user pool with the console's client."""

    id: str
    client: str
    tokens: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def add(self, name: str, *groups: str, permanent: bool = True) -> None:
        """Add a user who signs in with PASSWORD, for the first time if not `permanent`."""
        cognito = boto3.client("cognito-idp")
        cognito.admin_create_user(UserPoolId=self.id, Username=name, TemporaryPassword=PASSWORD)
        if permanent:
            cognito.admin_set_user_password(UserPoolId=self.id, Username=name, Password=PASSWORD, Permanent=True)
        for group in groups:
            self._join(name, group)

    def _join(self, name: str, group: str) -> None:
        cognito = boto3.client("cognito-idp")
        with suppress(cognito.exceptions.GroupExistsException):
            cognito.create_group(UserPoolId=self.id, GroupName=group)
        cognito.admin_add_user_to_group(UserPoolId=self.id, Username=name, GroupName=group)

    def ask(self, action: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer one of the calls that a browser makes."""
        cognito = boto3.client("cognito-idp")
        call = {
            "InitiateAuth": cognito.initiate_auth,
            "RespondToAuthChallenge": cognito.respond_to_auth_challenge,
            "RevokeToken": None,
        }[action]
        if call is None:
            return 200, {}
        try:
            given = cast("dict[str, Any]", call(**body))
        except ClientError as error:
            return 400, {"__type": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
        del given["ResponseMetadata"]
        if result := given.get("AuthenticationResult"):
            middle = result["AccessToken"].split(".")[1]
            self.tokens[result["AccessToken"]] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return 200, given

    def tokens_of(self, name: str) -> str:
        """Give an access token of somebody."""
        parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
        asked = {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": self.client, "AuthParameters": parameters}
        return str(self.ask("InitiateAuth", asked)[1]["AuthenticationResult"]["AccessToken"])


def make_pool() -> Pool:
    """Make a user pool."""
    cognito = boto3.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="mxtrax")["UserPool"]["Id"]
    for role in ROLES:
        cognito.create_group(UserPoolId=pool, GroupName=role)
    flows: list[Any] = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="console", ExplicitAuthFlows=flows)
    return Pool(pool, client["UserPoolClient"]["ClientId"])


@dataclass
class Host:
    """A running host. `asked` are the requested paths; `lock` limits moto to one caller at a time."""

    url: str
    stage: Stage
    pool: Pool
    lock: threading.Lock
    asked: list[str] = field(default_factory=list)
    pages: Pages | None = None
    down: bool = False
    fleet: dict[str, MailDomain] = field(default_factory=dict)

    def answer(self, event: dict[str, Any], console: Console) -> dict[str, Any]:
        """Answer as API Gateway and the four functions do."""
        method, path = event["requestContext"]["http"]["method"], event["rawPath"]
        self.asked.append(f"{method} {path}")
        if self.pages and self.pages.knows(path):
            return self.pages.answer(event)
        if path.startswith(LINKS):
            return self._linked(event)
        if method == "GET" and (path == "/" or path.startswith(("/console/", "/dash/"))):
            return console.answer(event)
        bearer = event["headers"].get("authorization", "").removeprefix("Bearer ")
        claims = self.pool.tokens.get(bearer)
        if claims is None and path not in OPEN:
            return {
                "statusCode": 401,
                "headers": {"Content-Type": "application/json"},
                "body": '{"message":"Unauthorized"}',
            }
        if self.down:
            return dict(DOWN)
        if claims is not None:
            groups = f"[{' '.join(claims.get('cognito:groups', []))}]"
            event["requestContext"]["authorizer"] = {"jwt": {"claims": {**claims, "cognito:groups": groups}}}
        return answer(event, self.stage.clock(), self.stage.settings)

    def _linked(self, event: dict[str, Any]) -> dict[str, Any]:
        """Answer people with a link."""
        if self.down:
            return dict(DOWN)
        if event["rawPath"].startswith("/act/"):
            return act.answer(event, self.stage.clock())
        return status.answer(event, self.stage.clock(), self.stage.settings.minute_seconds)


@contextmanager
def serving(stage: Stage, *, managed: bool = False, **told: Any) -> Iterator[Host]:
    """Serve a stage to browsers; `managed` with the user pool's own pages. `told` has further settings for the console."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._any()

        do_POST = do_PATCH = do_DELETE = do_PUT = do_HEAD = do_GET  # noqa: N815 -- the names that http.server calls

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            parts = urlsplit(self.path)
            with lock:
                if parts.path == "/sign-in":
                    action = self.headers["X-Amz-Target"].rpartition(".")[2]
                    code, given = host.pool.ask(action, json.loads(body))
                    self._send(code, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(given).encode())
                    return
                got = host.answer(self._event(parts.path, parts.query, body), console)
            text = got.get("body", "")
            raw = base64.b64decode(text) if got.get("isBase64Encoded") else text.encode()
            self._send(got["statusCode"], got["headers"], raw)

        def _event(self, path: str, query: str, body: bytes) -> dict[str, Any]:
            event: dict[str, Any] = {
                "version": "2.0",
                "routeKey": "$default",
                "rawPath": path,
                "rawQueryString": query,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "requestContext": {"stage": "$default", "http": {"method": self.command, "path": path}},
                "body": base64.b64encode(body).decode(),
                "isBase64Encoded": True,
            }
            if query:
                event["queryStringParameters"] = dict(parse_qsl(query, keep_blank_values=True))
            return event

        def _send(self, code: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            with suppress(ConnectionError):  # an abandoned page does not wait for its answers
                self.end_headers()
                self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            """Give the stage's time, by which the browser sets its clock."""
            return formatdate(stage.clock() / 1000 if timestamp is None else timestamp, usegmt=True)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
            """Keep quiet."""

    with served(Handler, "host") as url:
        pool = make_pool()
        stage.settings = replace(stage.settings, user_pool=pool.id)
        told |= {"sign_in": f"{url}/sign-in", "client": pool.client, "login": url if managed else ""}
        console = Console(FILES, replace(stage.settings, **told))
        host = Host(url, stage, pool, lock, pages=Pages(pool.tokens_of) if managed else None)
        yield host
