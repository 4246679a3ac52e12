"""Routes as data: what each takes, gives and does, once, for answering it and for the OpenAPI document."""

import base64
import binascii
import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api import rights, sessions
from mxtrax.api.asked import Asked
from mxtrax.api.fields import Field, Malformed, Shape, Whole
from mxtrax.api.rights import Caller
from mxtrax.api.schema import Form, as_json
from mxtrax.frozen import dataclass
from mxtrax.model import Millis
from mxtrax.runtime.environment import Settings

MAX_BODY: Final = 256 * 1024
"""Bytes of a JSON body; larger ones are for files, whose routes say so."""

JSON: Final = "application/json"
VERSION: Final = Whole(low=0, high=10**9, note="The version that you read; an alternative to If-Match.")
WORTH_PACKING: Final = 4_000
"""Characters from which an answer is compressed if the client accepts that."""


class TooLarge(Malformed):
    """A body that is larger than its route takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request that was read: its caller may ask this, and its fields are of the right form."""

    caller: Caller
    now: Millis
    settings: Settings
    parameters: Mapping[str, str]
    query: Mapping[str, Any]
    body: Mapping[str, Any]
    raw: bytes
    accept: str
    """The media types that its client takes, as its header has them (RFC 9110, section 12.5.1)."""
    version: int | None

    @property
    def seen(self) -> int | None:
        """The version that a change is made from; None if none is named."""
        seen: int | None = self.body.get("version", self.version)
        return seen

    @property
    def wanted(self) -> dict[str, Any]:
        """The fields to change, and their new values."""
        return {name: value for name, value in self.body.items() if name != "version"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that is more than a record, or names with values, under 200."""

    body: Any = None
    status: HTTPStatus = HTTPStatus.OK
    media: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route. The wiki's own are not `strict` and read their query themselves; `versioned` ones heed If-Match.

    Their bodies may name the version as well.
    """

    method: str
    path: str
    operation: str
    """What generated clients call it: a verb and its object. It stays when the path changes."""
    handler: Callable[..., object]
    gives: Form
    query: Mapping[str, Field]
    body: Shape | None
    takes: str
    longest: int
    media: str
    status: HTTPStatus
    strict: bool
    versioned: bool
    problems: tuple[HTTPStatus, ...]
    """What can go wrong here beyond what its path, body and version say."""

    @property
    def name(self) -> str:
        """Its name in the table of rights."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Router:
    """The routes about one subject."""

    title: str
    routes: list[Route] = field(default_factory=list)

    def route(
        self,
        name: str,
        operation: str,
        *,
        gives: Form,
        query: Mapping[str, Field] | None = None,
        body: Shape | None = None,
        takes: str = JSON,
        longest: int = MAX_BODY,
        media: str = JSON,
        status: HTTPStatus = HTTPStatus.OK,
        strict: bool = True,
        versioned: bool = False,
        problems: tuple[HTTPStatus, ...] = (),
    ) -> Callable[[Callable[..., object]], Callable[..., object]]:
        """Make a function a route; it is given the Request, then what stands in the path."""
        if versioned and body:
            body = replace(body, fields={**body.fields, "version": VERSION})

        def note(handler: Callable[..., object]) -> Callable[..., object]:
            method, _, path = name.partition(" ")
            self.routes.append(
                Route(
                    method=method,
                    path=path,
                    operation=operation,
                    handler=handler,
                    gives=gives,
                    query=query or {},
                    body=body,
                    takes=takes,
                    longest=longest,
                    media=media,
                    status=status,
                    strict=strict,
                    versioned=versioned,
                    problems=problems,
                )
            )
            return handler

        return note

    def delete(
        self, path: str, operation: str, *, versioned: bool = False, problems: tuple[HTTPStatus, ...] = ()
    ) -> Callable[[Callable[..., object]], Callable[..., object]]:
        """Make a function the route that removes something: it gives nothing back."""
        name, nothing = f"DELETE {path}", HTTPStatus.NO_CONTENT
        return self.route(name, operation, gives={}, status=nothing, versioned=versioned, problems=problems)


def reply_to(asked: Asked, route: Route, in_path: Mapping[str, str], now: Millis, settings: Settings) -> Reply:
    """Answer a request by its route. Raises exceptions that problems.py turns into an answer."""
    who = rights.caller(asked.claims) if asked.claims else None
    rights.check(route.name, who)
    if asked.claims:
        sessions.check(asked.claims, now)
    raw = _body(asked, route.longest, route.takes) if route.method not in {"GET", "DELETE"} else b""
    request = Request(
        caller=who or Caller(name="", role=None),
        now=now,
        settings=settings,
        parameters=asked.query,
        query=_query(asked.query, route.query) if route.strict else {},
        body=_read(raw, route.body) if route.body else {},
        raw=raw,
        accept=asked.headers.get("accept", ""),
        version=_version(asked) if route.versioned else None,
    )
    reply = route.handler(request, **in_path)
    return reply if isinstance(reply, Reply) else Reply(body=reply, status=route.status, media=route.media)


def sent(reply: Reply, asked: Asked) -> dict[str, Any]:
    """Give Lambda an answer, compressed if that is worth it and the client accepts it."""
    text = reply.body if isinstance(reply.body, str) else written(reply.body)
    headers, packed = {"Content-Type": reply.media, **reply.headers}, False
    if len(text) >= WORTH_PACKING and "gzip" in asked.headers.get("accept-encoding", ""):
        headers["Content-Encoding"], packed = "gzip", True
        text = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    return {"statusCode": reply.status.value, "headers": headers, "body": text, "isBase64Encoded": packed}


def written(body: Any) -> str:  # noqa: ANN401 -- JSON
    """Write JSON, with records in it."""
    return "" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=as_json)


def _query(parameters: Mapping[str, str], fields: Mapping[str, Field]) -> dict[str, Any]:
    for name in parameters:
        if name not in fields:
            shown = name[:50]
            known = f"use {', '.join(fields)}" if fields else "there are none"
            raise Malformed(shown, f"{shown!r} is not a parameter here; {known}.")
    return {name: fields[name].parse(name, text) for name, text in parameters.items()}


def _body(asked: Asked, longest: int, takes: str) -> bytes:
    if asked.headers.get("content-type", "").lower().startswith("multipart/"):
        raise Malformed(
            "body",
            f"body: this is a multipart form; send the file itself as {takes} (curl: --data-binary @FILE).",
        )
    text = asked.body
    if len(text) > longest * 4 / 3 + 4:
        raise TooLarge("body", f"body: this is larger than {longest // 1024} KB.")
    try:
        raw = base64.b64decode(text, validate=True) if asked.encoded else text.encode()
    except (binascii.Error, UnicodeEncodeError):
        raise Malformed("body", "body: this cannot be decoded.") from None
    if len(raw) > longest:
        raise TooLarge("body", f"body: this is larger than {longest // 1024} KB.")
    return raw


def _read(raw: bytes, shape: Shape) -> dict[str, Any]:
    try:
        value = json.loads(raw.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed("body", "body: this should be JSON, in UTF-8.") from None
    return shape.read("body", value)


def _no_number(word: str) -> float:
    raise ValueError(word)


def _version(asked: Asked) -> int | None:
    """Read the version that a change was made from, as If-Match has it."""
    given = asked.headers.get("if-match", "")
    if given in {"", "*"}:
        return None
    bare = given.strip().removeprefix("W/").strip('"')
    if bare.isascii() and bare.isdecimal() and len(bare) < 12:
        return int(bare)
    raise Malformed("If-Match", f'If-Match: {given[:30]!r} should be an ETag such as "3".')


def current(record: object, version: int) -> Reply:
    """Answer with a record as it is, and its version as its ETag."""
    return Reply(body=record, headers={"ETag": f'"{version}"'})


def created(record: object, version: int, path: str) -> Reply:
    """Answer with a record that is new, and say where it is."""
    return Reply(body=record, status=HTTPStatus.CREATED, headers={"Location": path, **current(record, version).headers})
