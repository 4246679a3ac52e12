"""The public status page of a customer: behind a link that nobody can guess, off until somebody makes one.

It tells how the customer's mail is doing, by domain, and nothing of mailboxes, evidence or settings: as a page that
loads nothing, as a badge for other web pages, and for programs. What can be asked for here:

    /status/<token>   /status/<token>/badge.svg   /status/<token>/status.json
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from mxtrax.model import SECOND, Millis
from mxtrax.runtime import memory
from mxtrax.web.answers import Answer, given, headers_of, packed
from mxtrax.web.status import badge, page
from mxtrax.web.status.facts import Status, as_json
from mxtrax.web.status.reading import read

_PATH: Final = re.compile(r"/status/(?P<token>[A-Za-z0-9_-]{32})(?P<form>|/badge\.svg|/status\.json)")

_FROM_ANYWHERE: Final = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
"""For what is there to be shown in other people's pages."""

CACHING: Final = "public, max-age=30"

LASTS: Final = 30 * SECOND
"""For how long a worker shows what it has read: whoever asks again and again costs one read in that time."""

MOST_KEPT: Final = 100
"""Pages that a worker keeps; they are some kilobytes each."""


def answer(event: Mapping[str, Any], now: Millis, minute_seconds: int) -> Answer:
    """Answer a request (HTTP API, payload format 2.0). The tables are to be connected.

    `minute_seconds` is how long a minute of plan's clock lasts. A link that is void looks like one that never was.
    """
    asked = _PATH.fullmatch(event["rawPath"])
    status = _status(asked["token"], now, minute_seconds) if asked else None
    if asked is None or status is None:
        return _given(404, "There is nothing under this path.\n", "text/plain; charset=utf-8", "no-store")
    body, media, headers = _FORMS[asked["form"]](status)
    headers |= {"Vary": "Accept-Encoding"}
    return packed(_given(200, body, media, CACHING, **headers), headers_of(event))


def _status(token: str, now: Millis, minute_seconds: int) -> Status | None:
    """Give how a customer's mail is doing, from memory where a worker has just read it; None behind no link."""
    known = _read.get(token)
    if known and 0 <= now - known[0] < LASTS:
        return known[1]
    status = read(token, now, minute_seconds)
    if status is not None:
        if len(_read) >= MOST_KEPT:
            _read.clear()
        _read[token] = now, status
    return status


_read: Final[dict[str, tuple[Millis, Status]]] = {}
memory.forgets(_read.clear)


def _page(it: Status) -> tuple[str, str, dict[str, str]]:
    return page.page(it), "text/html; charset=utf-8", {"Content-Security-Policy": page.policy()}


def _badge(it: Status) -> tuple[str, str, dict[str, str]]:
    return badge.badge(it), "image/svg+xml", {**_FROM_ANYWHERE, "Content-Security-Policy": badge.POLICY}


def _for_programs(it: Status) -> tuple[str, str, dict[str, str]]:
    text = json.dumps(as_json(it), ensure_ascii=False, separators=(",", ":"))
    return text, "application/json", dict(_FROM_ANYWHERE)


_FORMS: Final = {"": _page, "/badge.svg": _badge, "/status.json": _for_programs}
"""What can be asked for behind a link."""


def _given(status: int, body: str, media: str, caching: str, **headers: str) -> Answer:
    own = {"Content-Type": media, "Cache-Control": caching, "X-Robots-Tag": "noindex"}
    return given(status, {**own, **headers}, body)
