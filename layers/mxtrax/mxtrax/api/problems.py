"""What can go wrong, as problem details (RFC 9457). The one place where an exception becomes a status code.

The sentence in `detail` is for people and names the field and what would be right; `field` is there for programs. What
nobody foresaw is logged and told without any of its particulars.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import ApiGatewayResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from mxtrax.errors import Exists, Missing, MxtraxError, Refused, TryAgain
from mxtrax.log import logger

MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final[Mapping[type[MxtraxError], HTTPStatus]] = {
    Missing: HTTPStatus.NOT_FOUND,
    Exists: HTTPStatus.CONFLICT,
    Refused: HTTPStatus.BAD_REQUEST,
    TryAgain: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Each error's status; the first that fits counts."""

RETRY_AFTER: Final = 5
"""Seconds after which a passing fault is worth another try."""


def install(app: ApiGatewayResolver) -> None:
    """Make every error of an app a problem."""
    app.exception_handler(MxtraxError)(_known)
    app.exception_handler(Exception)(_unforeseen)
    app.not_found(_no_such_path)


def problem(status: HTTPStatus, detail: str, **members: Any) -> Response[str]:  # noqa: ANN401 -- extension members are JSON
    """Word a problem; `members` are what it has beyond the RFC's own."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, **members}
    headers = {"Retry-After": str(RETRY_AFTER)} if status is HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Response(status_code=status.value, content_type=MEDIA_TYPE, body=json.dumps(body), headers=headers)


def _known(error: MxtraxError) -> Response[str]:
    status = next((found for kind, found in STATUS.items() if isinstance(error, kind)), None)
    if status is None:
        return _unforeseen(error)
    members = {"field": error.field} if isinstance(error, Refused) else {}
    return problem(status, str(error), **members)


def _no_such_path(_: NotFoundError) -> Response[str]:
    return problem(HTTPStatus.NOT_FOUND, "There is nothing under this path.")


def _unforeseen(error: Exception) -> Response[str]:
    logger.exception("a request could not be answered", exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side; it has been noted.")
