"""Changes: under the version that was seen, refused in a sentence, and with an audit."""

from typing import Any

import pytest

from tests.api.client import HOME, Client
from tests.api.stored import add_domains


def _audit(client: Client, target: str = "") -> list[dict[str, Any]]:
    return list(client.get(f"/api/v3/audit?target={target}" if target else "/api/v3/audit").json["items"])


def test_a_domain_is_added_changed_and_removed(client: Client) -> None:
    """Each step is under the version before it, and each is in the audit."""
    client.ask("POST", "/api/v3/customers", {"codename": "acme", "friendlyname": "Acme Ltd"})
    body = {"testuser": "mxtrax", "domainname": "Münster.example", "customer": "acme", "tags": ["vip"]}
    added = client.ask("POST", HOME, body)
    assert (added.status, added.headers["Location"], added.headers["ETag"]) == (201, f"{HOME}/1", '"0"')
    assert added.json["domainname"] == "xn--mnster-3ya.example"
    changed = client.ask("PATCH", f"{HOME}/1", {"maintmode": True, "maxreturntime": 60}, {"If-Match": '"0"'})
    assert (changed.status, changed.json["maintmode"], changed.json["version"]) == (200, True, 1)
    assert client.get(f"{HOME}/1").json["status"] == "paused"
    assert client.ask("DELETE", f"{HOME}/1", headers={"If-Match": '"1"'}).status == 204
    assert client.get(f"{HOME}/1").status == 404
    whats = {(it["who"], it["what"]) for it in _audit(client, "mxtrax@xn--mnster-3ya.example")}
    assert whats == {("anna", "maildomain.remove"), ("anna", "maildomain.change"), ("anna", "maildomain.add")}


def test_a_lost_update_is_told_with_both(client: Client) -> None:
    """If a record has changed meanwhile, the answer has both the wanted and the current version."""
    add_domains(1)
    assert client.ask("PATCH", f"{HOME}/1", {"maintmode": True, "version": 0}).status == 200
    late = client.ask("PATCH", f"{HOME}/1", {"maxreturntime": 60, "version": 0})
    assert (late.status, late.json["field"]) == (409, "version")
    assert late.json["asked"] == {"maxreturntime": 60, "version": 0}
    assert (late.json["current"]["maintmode"], late.json["current"]["version"]) == (True, 1)
    assert client.get(f"{HOME}/1").json["maxreturntime"] is None


def test_a_change_that_names_no_version_takes_what_is_there(client: Client) -> None:
    """A script may make a change without reading first."""
    add_domains(1)
    for number in range(1, 4):
        assert client.ask("PATCH", f"{HOME}/1", {"maxlatenumber": number}).json["version"] == number
    assert client.ask("PATCH", f"{HOME}/1", {"maxlatenumber": None}).json["maxlatenumber"] is None


def test_a_domain_that_is_there_is_not_added_again(client: Client) -> None:
    """The same address in another spelling is the same domain."""
    add_domains(1)
    answer = client.ask("POST", HOME, {"testuser": "USER", "domainname": "Domain1.com"})
    assert (answer.status, answer.json["field"]) == (409, "domainname")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"testuser": "mx\r\nBcc: all@x.example", "domainname": "a.example"}, 422, "testuser"),
        ({"testuser": "mx", "domainname": "ex\N{CYRILLIC SMALL LETTER A}mple.com"}, 422, "domainname"),
        ({"testuser": "mx", "domainname": "a.example\x00"}, 422, "domainname"),
        ({"testuser": "mx", "domainname": "a.example", "customer": "nobody"}, 422, "customer"),
        ({"testuser": "mx", "domainname": "a.example", "tags": ["<b>"]}, 422, "tags"),
        ({"testuser": "mx", "domainname": "a.example", "max_sec_until_fail": 60}, 422, "maxreturntime"),
        ({"testuser": "mx", "domainname": "a.example", "maxreturntime": 0}, 400, "maxreturntime"),
        ({"testuser": "mx", "domainname": "a.example", "maxreturntime": True}, 400, "maxreturntime"),
        ({"testuser": "mx", "domainname": "a.example", "colour": "red"}, 400, "colour"),
        ({"testuser": "mx", "domainname": "\ud800"}, 400, "domainname"),
        ({"testuser": "mx"}, 400, "domainname"),
        ([], 400, "body"),
        (b"{", 400, "body"),
        (b"\xff", 400, "body"),
        (b'{"maxlatepercentage": NaN}', 400, "body"),
        (b"[" * 100_000, 400, "body"),
        (b" " * 300_000, 413, "body"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_a_sentence(client: Client, body: Any, status: int, field: str) -> None:
    """Each refusal names the field; nothing is added, and no internals are shown."""
    answer = client.ask("POST", HOME, body)
    assert (answer.status, answer.json["field"]) == (status, field)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in answer.json["detail"]
    assert "Traceback" not in answer.body
    assert client.get(HOME).json["items"] == []


def test_html_in_a_name_stays_text(client: Client) -> None:
    """A name is stored and returned unchanged; no browser treats the answer as a page."""
    name = "<script>alert('x')</script> & Sons"
    client.ask("POST", "/api/v3/customers", {"codename": "evil", "friendlyname": name})
    answer = client.get("/api/v3/customers/evil")
    assert answer.json["friendlyname"] == name
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("application/json", "nosniff")
