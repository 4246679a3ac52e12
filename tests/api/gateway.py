"""The API as a WSGI application: API Gateway and its authorizer, as clients see them."""

import base64
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from mxtrax.api import answer
from mxtrax.runtime.environment import Settings
from tests.api.client import NOW

CLAIMS = {"username": "anna", "cognito:groups": "[admin]"}

type Start = Callable[[str, list[tuple[str, str]]], object]


class Gateway:
    """API Gateway and its authorizer, as a WSGI client sees them: every request comes from an admin."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
        headers = {name[5:].replace("_", "-").lower(): it for name, it in environ.items() if name.startswith("HTTP_")}
        del headers["accept-encoding"]
        claims = CLAIMS if "authorization" in headers else None
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        event: dict[str, Any] = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": environ["QUERY_STRING"],
            "headers": headers,
            "requestContext": {"stage": "$default", "http": {"method": environ["REQUEST_METHOD"], "path": path}},
            "body": base64.b64encode(raw).decode(),
            "isBase64Encoded": True,
        }
        if query:
            event["queryStringParameters"] = query
        if claims:
            event["requestContext"]["authorizer"] = {"jwt": {"claims": claims}}
        got = answer(event, NOW, self.settings)
        body = got["body"] or ""
        start(
            f"{got['statusCode']} {HTTPStatus(got['statusCode']).phrase}",
            [(name, str(value)) for name, value in got["headers"].items()],
        )
        return [base64.b64decode(body) if got.get("isBase64Encoded") else body.encode()]
