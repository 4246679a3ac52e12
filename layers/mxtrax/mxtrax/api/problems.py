"""What can go wrong, as problem details (RFC 9457). The one place where an exception becomes a status code.

The sentence in `detail` is for people and names the field and what would be right; `field` is there for programs. What
nobody foresaw is logged, and answered without any of its particulars.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import ApiGatewayResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from mxtrax.api.asked import Known
from mxtrax.api.fields import Malformed
from mxtrax.api.rights import NobodyKnown, NotAllowed
from mxtrax.api.routing import Request, TooLarge, written
from mxtrax.errors import Changed, Exists, InUse, Missing, MxtraxError, Refused, TryAgain
from mxtrax.runtime.log import logger

MEDIA_TYPE: Final = "application/problem+json"


class Overtaken(Changed):
    """A record that somebody else has changed meanwhile, as it is shown here, beside what was asked for."""

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
"""Seconds after which a passing fault is worth another try."""


def install(app: ApiGatewayResolver, known: Known) -> None:
    """Make every error of an app a problem."""

    def no_such_route(_: NotFoundError) -> Response[str]:
        methods = known.methods(app.current_event.path)
        if not methods or app.current_event.http_method in methods:  # what stands in the path can be no name of ours
            return problem(HTTPStatus.NOT_FOUND, "There is nothing under this path.")
        answer = problem(HTTPStatus.METHOD_NOT_ALLOWED, f"This path answers to {', '.join(methods)} only.")
        answer.headers["Allow"] = ", ".join(methods)
        return answer

    app.exception_handler(MxtraxError)(_known)
    app.exception_handler(Exception)(_unforeseen)
    app.not_found(no_such_route)


def problem(status: HTTPStatus, detail: str, **members: Any) -> Response[str]:  # noqa: ANN401 -- extension members are JSON
    """Word a problem; `members` are what it has beyond the RFC's own."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **members}
    headers: dict[str, str | list[str]] = {}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER)
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(status_code=status.value, content_type=MEDIA_TYPE, body=written(body), headers=headers)


def _known(error: MxtraxError) -> Response[str]:
    status = next((found for kind, found in STATUS.items() if isinstance(error, kind)), None)
    if status is None:
        return _unforeseen(error)
    members: dict[str, Any] = {"field": error.field} if isinstance(error, Refused) else {}
    if isinstance(error, Overtaken):
        members |= error.shown
    return problem(status, str(error), **members)


def _unforeseen(error: Exception) -> Response[str]:
    logger.exception("a request could not be answered", exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side; it has been noted.")
