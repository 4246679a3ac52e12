"""The public status page of a customer: behind a link that nobody can guess, off until somebody makes one.

It says how the customer's mail is doing, by domain, and nothing about mailboxes, evidence or settings: as a page that
loads nothing, as a badge for other web pages, and for programs. What can be asked for here:

    /status/<token>   /status/<token>/badge.svg   /status/<token>/status.json
    /status/<token>/month   /status/<token>/month/2026-11

and the wallboard of those who run it, behind a link of its own: /status/wall/<token>
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from mxtrax.model import SECOND, Millis
from mxtrax.runtime import memory
from mxtrax.store.badges import Badge
from mxtrax.web.answers import Answer, given, headers_of, packed
from mxtrax.web.status import badge, page
from mxtrax.web.status.facts import Status, as_json
from mxtrax.web.status.facts import badge as as_badge
from mxtrax.web.status.reading import read, read_badge

type Form = tuple[str, str, dict[str, str]]
"""A body, its type, and the other headers."""

_PATH: Final = re.compile(r"/status/(?P<token>[A-Za-z0-9_-]{32})(?P<form>|/badge\.svg|/status\.json)")

_WALL: Final = re.compile(r"/status/wall/(?P<token>[A-Za-z0-9_-]{32})")

_FROM_ANYWHERE: Final = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
"""For what is there to be shown in other people's pages."""

_MONTH: Final = re.compile(r"/status/(?P<token>[A-Za-z0-9_-]{32})/month(?:/(?P<name>\d{4}-\d\d))?", re.ASCII)

CACHING: Final = "public, max-age=30"

LASTS: Final = 30 * SECOND
"""For how long a worker shows what it has read: repeated requests cost one read in that time."""

WALL_LASTS: Final = 10 * SECOND
"""For how long a worker shows the wallboard that it has read."""

MOST_KEPT: Final = 100
"""Pages that a worker keeps; they are some kilobytes each."""


def answer(event: Mapping[str, Any], now: Millis, minute_seconds: int) -> Answer:
    """Answer a request (HTTP API, payload format 2.0). The tables are to be connected.

    `minute_seconds` is how long a minute of plan's clock lasts. A link that is void looks like one that never was.
    """
    found = _found(event["rawPath"], now, minute_seconds)
    if found is None:
        body, media, headers = _html(page.void())
        return _given(404, body, media, "no-store", **headers)
    body, media, headers = found
    headers |= {"Vary": "Accept-Encoding"}
    return packed(_given(200, body, media, CACHING, **headers), headers_of(event))


def _found(path: str, now: Millis, minute_seconds: int) -> Form | None:
    """Give what stands under a path: its body, its type, and what else is said of it."""
    if asked := _PATH.fullmatch(path):
        token, form = asked["token"], asked["form"]
        return _badge(token, now, minute_seconds) if form == _BADGE else _status(token, form, now, minute_seconds)
    if asked := _MONTH.fullmatch(path):
        return _month(asked["token"], asked["name"] or "", now)
    if asked := _WALL.fullmatch(path):
        return _wall(asked["token"], now, minute_seconds)
    return None


def _wall(token: str, now: Millis, minute_seconds: int) -> Form | None:
    """Give the wallboard, from memory where a worker has just read it. A link that was ended is void within seconds."""
    from mxtrax.web.status import wall  # noqa: PLC0415 -- of those who ask, few ask for this; most want the page

    def made() -> str | None:
        it = wall.read(token, now, minute_seconds)
        return wall.page(it) if it else None

    body = _walls.give(token, now, made)
    if body is None:
        return None
    return body, "text/html; charset=utf-8", {"Content-Security-Policy": wall.policy(), "Cache-Control": "no-store"}


def _month(token: str, name: str, now: Millis) -> Form | None:
    """Give a month as a page, from memory where a worker has just read it; None if there is none."""
    from mxtrax.web.status import month  # noqa: PLC0415 -- as above

    def made() -> str | None:
        it = month.read(token, name, now)
        return month.page(it, token) if it else None

    body = _months.give((token, name), now, made)
    return None if body is None else _html(body)


def _status(token: str, form: str, now: Millis, minute_seconds: int) -> Form | None:
    """Give how a customer's mail is doing, from memory where a worker has just read it; None behind no link."""
    it = _read.give(token, now, lambda: read(token, now, minute_seconds))
    return _FORMS[form](it, token) if it else None


def _badge(token: str, now: Millis, minute_seconds: int) -> Form | None:
    """Give what other pages show to all of their readers. It is read by itself where nobody has read the page."""
    page_ = _read.fresh(token, now)
    it = as_badge(page_) if page_ else _badges.give(token, now, lambda: read_badge(token, now, minute_seconds))
    if it is None:
        return None
    return badge.badge(it), "image/svg+xml", {**_FROM_ANYWHERE, "Content-Security-Policy": badge.POLICY}


class _Shown[K, V]:
    """What a worker has read for strangers, and shows again for some milliseconds."""

    def __init__(self, lasts: Millis) -> None:
        self.lasts = lasts
        self.them: dict[K, tuple[Millis, V]] = {}
        memory.forgets(self.them.clear)

    def __len__(self) -> int:
        return len(self.them)

    def fresh(self, key: K, now: Millis) -> V | None:
        """Give what was read just now; None if nothing was."""
        known = self.them.get(key)
        return known[1] if known and 0 <= now - known[0] < self.lasts else None

    def give(self, key: K, now: Millis, read: Callable[[], V | None]) -> V | None:
        """Give what was read just now, or read it; what is no longer there is forgotten."""
        if (known := self.fresh(key, now)) is not None:
            return known
        self.them.pop(key, None)
        if (found := read()) is not None:
            if len(self.them) >= MOST_KEPT:
                self.them.clear()
            self.them[key] = now, found
        return found


_read: Final = _Shown[str, Status](LASTS)
_badges: Final = _Shown[str, Badge](LASTS)
_walls: Final = _Shown[str, str](WALL_LASTS)
_months: Final = _Shown[tuple[str, str], str](LASTS)


def _html(body: str) -> Form:
    return body, "text/html; charset=utf-8", {"Content-Security-Policy": page.policy()}


def _page(it: Status, token: str) -> Form:
    return _html(page.page(it, token))


def _for_programs(it: Status, _: str) -> Form:
    text = json.dumps(as_json(it), ensure_ascii=False, separators=(",", ":"))
    return text, "application/json", dict(_FROM_ANYWHERE)


_BADGE: Final = "/badge.svg"
_FORMS: Final = {"": _page, "/status.json": _for_programs}
"""What can be asked for behind a link, apart from the badge."""


def _given(status: int, body: str, media: str, caching: str, **headers: str) -> Answer:
    own = {"Content-Type": media, "Cache-Control": caching, "X-Robots-Tag": "noindex"}
    return given(status, {**own, **headers}, body)
