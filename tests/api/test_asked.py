"""Clients' variations of an address or a file: accepted, or refused by name."""

import pytest

from mxtrax.api import ROUTES
from tests.api.client import Client
from tests.api.stored import add_domains

PLAIN = sorted({route.path for route in ROUTES if route.method == "GET" and "<" not in route.path})


@pytest.mark.parametrize("path", PLAIN)
def test_a_slash_more_or_less_at_the_end_leads_to_the_same(client: Client, path: str) -> None:
    """Many clients strip it, and some add one; a path that is there is found either way."""
    other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
    known, asked = client.get(path), client.get(other)
    assert (asked.status, asked.headers["Content-Type"]) == (known.status, known.headers["Content-Type"])
    assert asked.status != 404


def test_a_record_is_found_with_and_without_the_slash_at_the_end(client: Client) -> None:
    """Of both generations of the API."""
    number = add_domains(1)[0].id
    for path in (f"/api/v2/maildomain/{number}/", f"/api/v3/maildomains/{number}"):
        bare = path.removesuffix("/")
        assert client.get(bare).json == client.get(f"{bare}/").json
        assert client.get(bare).status == 200


def test_a_change_is_made_under_both_addresses(client: Client) -> None:
    """A slash at the end loses no body."""
    number = add_domains(1)[0].id
    assert client.ask("PATCH", f"/api/v3/maildomains/{number}/", {"maintmode": True}).status == 200
    assert client.get(f"/api/v3/maildomains/{number}").json["maintmode"] is True


@pytest.mark.parametrize("path", ["/api/v2/maildomain/", "/api/v3/maildomains"])
def test_a_parameter_against_caches_asks_for_nothing(client: Client, path: str) -> None:
    """As jQuery adds it; any other unknown one is refused by name."""
    assert client.get(f"{path}?_=1732").json == client.get(path).json
    assert client.get(f"{path}?__=1").status == 400


@pytest.mark.parametrize("path", ["/health", "/api/v2/maildomain/", "/api/v3/overview", "/nowhere"])
def test_head_is_answered_as_get_without_a_body(client: Client, path: str) -> None:
    """RFC 9110, section 9.3.2: web monitors use it."""
    head, get = client.ask("HEAD", path), client.get(path)
    assert (head.status, head.headers["Content-Type"], head.body) == (get.status, get.headers["Content-Type"], "")


def test_head_asks_for_the_right_to_read(client: Client) -> None:
    """It does not bypass the rights."""
    assert (
        client.signed_in().ask("HEAD", "/api/v3/overview").status
        == client.signed_in().get("/api/v3/overview").status
        == 403
    )


@pytest.mark.parametrize(
    ("path", "takes"), [("/api/v3/maildomains/import", "text/csv"), ("/api/v3/maildomains", "application/json")]
)
def test_a_form_with_a_file_in_it_is_named_as_what_is_wrong(client: Client, path: str, takes: str) -> None:
    """With curl -F the file comes wrapped; the answer says what to send instead, not that a line is bad."""
    form = b"--b\r\nContent-Disposition: form-data; name=file; filename=fleet.csv\r\n\r\nx\r\n--b--\r\n"
    answer = client.ask("POST", path, form, {"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status == 400
    assert f"send the file itself as {takes}" in answer.json["detail"]
