"""What goes wrong, and the health route."""

import pytest

from mxtrax.api.fields import Malformed
from mxtrax.errors import Exists, Missing, MxtraxError, Refused, TryAgain
from mxtrax.store import fleet
from tests.api.client import Client


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refused("limit", "limit: too many"), 422),
        (Malformed("limit", "limit: not a number"), 400),
        (Exists("key", "key: there already"), 409),
        (Missing("key", "key: not there"), 404),
        (TryAgain("in a moment"), 503),
        (MxtraxError("the secret is hunter2"), 500),
        (RuntimeError("the secret is hunter2"), 500),
    ],
)
def test_each_error_has_its_status(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    """Every error is a problem of the same shape; an unexpected one shows no internals."""

    def fails(_: str) -> int:
        raise error

    monkeypatch.setattr(fleet, "count", fails)
    answer = client.get("/api/v2/maildomain/")
    assert answer.status == answer.json["status"] == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= set(answer.json)
    assert "hunter2" not in answer.body


def test_a_passing_fault_says_when_to_try_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A 503 has Retry-After."""

    def fails(_: str) -> int:
        raise TryAgain("in a moment")

    monkeypatch.setattr(fleet, "count", fails)
    assert client.get("/api/v2/maildomain/").headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/api/v2/"), ("POST", "/api/v2/nowhere"), ("DELETE", "/healthy")]
)
def test_an_unknown_path_is_a_problem_too(client: Client, method: str, path: str) -> None:
    """What is not there is a 404 of the same shape."""
    answer = client.ask(method, path)
    assert answer.status == answer.json["status"] == 404


def test_a_path_says_which_methods_it_has(client: Client) -> None:
    """Another method than a path's own is a 405 that names those."""
    answer = client.ask("POST", "/api/v2/maildomain/")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json["detail"] == "This path allows GET, HEAD only."


def test_answers_are_neither_kept_nor_guessed(client: Client) -> None:
    """No cache keeps an answer, and no browser treats it as a page."""
    for path in ("/health", "/api/v2/maildomain/", "/nowhere"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
