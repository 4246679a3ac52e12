"""What all answers to browsers have in common: their form (HTTP API, payload format 2.0), and headers that guard them."""

import base64
import gzip
from collections.abc import Mapping
from typing import Any, Final

type Answer = dict[str, Any]

GUARDED: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
    "Referrer-Policy": "no-referrer",
}
"""Headers of every answer."""

WORTH_PACKING: Final = 1_000
"""Characters of a body from which on it is compressed."""


def given(status: int, headers: Mapping[str, str], body: str) -> Answer:
    """Give an answer of text. Headers of its own go before those of every answer."""
    return {"statusCode": status, "headers": {**GUARDED, **headers}, "body": body, "isBase64Encoded": False}


def packed(answer: Answer, asked: Mapping[str, str]) -> Answer:
    """Compress the text of an answer where the headers of the request, in lower case, take gzip and it is worth it."""
    if "gzip" not in asked.get("accept-encoding", "") or len(answer["body"]) < WORTH_PACKING:
        return answer
    body = base64.b64encode(gzip.compress(answer["body"].encode(), mtime=0)).decode()
    return {
        **answer,
        "headers": {**answer["headers"], "Content-Encoding": "gzip"},
        "body": body,
        "isBase64Encoded": True,
    }


def headers_of(event: Mapping[str, Any]) -> dict[str, str]:
    """Give the headers of a request (HTTP API, payload format 2.0) by their names in lower case."""
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}
