"""The OpenAPI 3.1 document, made from the routes themselves."""

import re
from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api.fields import Schema
from mxtrax.api.fields.numbers import MOST_DIGITS
from mxtrax.api.problems import MEDIA_TYPE
from mxtrax.api.rights import MACHINES, RIGHTS, SCOPES
from mxtrax.api.routing import JSON, Route, Router
from mxtrax.api.schema import PROBLEM, UNAUTHORIZED, Named, schema_of

_ROUTES: Final[list[tuple[str, Route]]] = []
_REF: Final[Schema] = {"$ref": "#/components/schemas/Problem"}


def describe(routers: Iterable[Router]) -> None:
    """Say which routes there are."""
    _ROUTES[:] = [(each.title, route) for each in routers for route in each.routes]
    document.cache_clear()


@cache
def document() -> dict[str, Any]:
    """Write the document."""
    paths: dict[str, dict[str, Any]] = {}
    named = Named()
    for title, route in _ROUTES:
        path = re.sub(r"<(\w+)>", r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(title, route, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "MXTRAX", "version": "3", "description": "The e-mail round-trip monitor."},
        "servers": [{"url": "/", "description": "The host that this document came from."}],
        "tags": [{"name": title} for title in dict.fromkeys(title for title, _ in _ROUTES)],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM, "Unauthorized": UNAUTHORIZED, **dict(sorted(named.schemas.items()))},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
        "security": [{"token": []}],
    }


def _operation(title: str, route: Route, named: Named) -> dict[str, Any]:
    summary, _, more = (route.handler.__doc__ or "").partition("\n")
    operation: dict[str, Any] = {
        "operationId": route.operation,
        "summary": summary.strip(),
        "description": f"{' '.join(more.split())}\n\n{_who(route)}".strip(),
        "tags": [title],
        "parameters": [*_in_path(route), *_in_query(route)],
        "responses": _responses(route, named),
    }
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": {route.takes: {"schema": route.body.schema}}}
    elif route.takes != JSON:
        operation["requestBody"] = {"required": True, "content": {route.takes: {"schema": {"type": "string"}}}}
    if RIGHTS[route.name].role is None:
        operation["security"] = []
    return operation


def _who(route: Route) -> str:
    right = RIGHTS[route.name]
    if right.role is None:
        return "No token needed."
    scope = next(name for name, role in MACHINES.items() if role == right.role)
    only = "" if right.single_customer else " Not for users limited to one customer."
    return f"Needs the role {right.role.name.lower()}; machines need the scope {SCOPES}{scope}.{only}"


def _in_path(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _IN_PATH.get(name, {"type": "string", "minLength": 1})}
        for name in re.findall(r"<(\w+)>", route.path)
    ]


_IN_PATH: Final[dict[str, Schema]] = {
    "number": {"type": "integer", "minimum": 1, "maximum": 10**MOST_DIGITS - 1},
    "testid": {"type": "string", "format": "uuid"},
}
"""Names in a path that are more than a text."""


def _in_query(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": False, "schema": field.schema, "description": field.note}
        for name, field in route.query.items()
    ] + ([_IF_MATCH] if route.versioned else [])


_IF_MATCH: Final[dict[str, Any]] = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": '^("[0-9]{1,9}")?$'},
    "description": "The ETag of the version that you read.",
}


def _responses(route: Route, named: Named) -> dict[str, Any]:
    good: dict[str, Any] = {"description": route.status.phrase}
    if route.gives:
        good["content"] = {route.media: {"schema": schema_of(route.gives, named)}}
    found = {str(route.status.value): good}
    wrong = {HTTPStatus.BAD_REQUEST, *route.problems}
    if RIGHTS[route.name].role is not None:
        wrong |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    if "after" in route.query:
        wrong.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    if route.body:
        wrong.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    if route.versioned:
        wrong.add(HTTPStatus.CONFLICT)
    if "<" in route.path:
        wrong.add(HTTPStatus.NOT_FOUND)
    if route.method not in {"GET", "DELETE"}:
        wrong.add(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    wrong.add(HTTPStatus.SERVICE_UNAVAILABLE)
    for status in sorted(wrong):
        found[str(status.value)] = {"description": status.phrase, "content": {MEDIA_TYPE: {"schema": _REF}}}
    if "401" in found:  # The gateway rejects requests without a token of ours, in its own words.
        found["401"]["content"][JSON] = {"schema": {"$ref": "#/components/schemas/Unauthorized"}}
    return found
