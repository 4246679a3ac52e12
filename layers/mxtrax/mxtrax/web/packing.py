"""Compress answers where the client accepts that."""

import base64
import gzip
from collections.abc import Mapping
from typing import Any, Final

WORTH_PACKING: Final = 1_000
"""Characters of a body from which on it is compressed."""


def packed(answer: dict[str, Any], asked: Mapping[str, str]) -> dict[str, Any]:
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
