"""What can go wrong, as problem details (RFC 9457). The one place where an exception becomes a status code.

The sentence in `detail` is for people and names the field and what would be right; `field` is there for programs.
Unexpected errors are logged, and answered without any details.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

from mxtrax.api.asked import Asked, Known
from mxtrax.api.fields import Malformed
from mxtrax.api.rights import NobodyKnown, NotAllowed
from mxtrax.api.routing import Reply, Request, TooLarge
from mxtrax.errors import Changed, Exists, InUse, Missing, MxtraxError, Refused, TryAgain
from mxtrax.runtime.log import logger

MEDIA_TYPE: Final = "application/problem+json"


class Overtaken(Changed):
    """A record that somebody else has changed meanwhile, as it is shown here, with what was asked for."""

    def __init__(self, changed: Changed, asked: Mapping[str, Any], shown: object) -> None:
        super().__init__(changed.current)
        self.shown = {"asked": asked, "current": shown}


@contextmanager
def both_shown(request: Request, show: Callable[[Any], object]) -> Iterator[None]:
    """Where the record was changed meanwhile, let the answer show it as it is now, beside what was asked for."""
    try:
        yield
    except Changed as changed:
        raise Overtaken(changed, request.body, show(changed.current)) from changed


STATUS: Final[Mapping[type[MxtraxError], HTTPStatus]] = {
    NobodyKnown: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Missing: HTTPStatus.NOT_FOUND,
    Exists: HTTPStatus.CONFLICT,
    InUse: HTTPStatus.CONFLICT,
    Changed: HTTPStatus.CONFLICT,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Malformed: HTTPStatus.BAD_REQUEST,
    Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    TryAgain: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Each error's status; the first that fits counts. 400 is for the form of a request, 422 for what it means."""

RETRY_AFTER: Final = 5
"""Seconds after which a temporary failure is worth a retry."""

_HEADERS: Final[Mapping[HTTPStatus, Mapping[str, str]]] = {
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": str(RETRY_AFTER)},
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
}


def nothing_there(asked: Asked, known: Known) -> Reply:
    """Word that no route answers to a request."""
    methods = known.methods(asked.path)
    if not methods or asked.method in methods:  # not a possible name of ours
        return problem(HTTPStatus.NOT_FOUND, "There is nothing at this path.")
    return problem(
        HTTPStatus.METHOD_NOT_ALLOWED,
        f"This path allows {', '.join(methods)} only.",
        headers={"Allow": ", ".join(methods)},
    )


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,  # noqa: ANN401 -- extension members are JSON
) -> Reply:
    """Word a problem; `members` are additions to the RFC's own."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **members}
    return Reply(body=body, status=status, media=MEDIA_TYPE, headers={**_HEADERS.get(status, {}), **(headers or {})})


def of(error: Exception) -> Reply:
    """Turn an exception into a problem."""
    status = next((found for kind, found in STATUS.items() if isinstance(error, kind)), None)
    if status is None:
        logger.exception("a request could not be answered", exc_info=error)
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side; it has been logged.")
    members: dict[str, Any] = {"field": error.field} if isinstance(error, Refused) else {}
    if isinstance(error, Overtaken):
        members |= error.shown
    return problem(status, str(error), **members)
