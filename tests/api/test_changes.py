"""What can be changed: domains, customers, config, incidents; under versions, and with an audit."""

from typing import Any

import pytest

from mxtrax.model import Incident, State
from mxtrax.store import domain_health, fleet, mapping
from tests.api.client import NOW, Client, add_domains, fail

HOME = "/api/v3/maildomains"


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
    """Who changes what has changed meanwhile sees what they asked for beside what is there."""
    add_domains(1)
    assert client.ask("PATCH", f"{HOME}/1", {"maintmode": True, "version": 0}).status == 200
    late = client.ask("PATCH", f"{HOME}/1", {"maxreturntime": 60, "version": 0})
    assert (late.status, late.json["field"]) == (409, "version")
    assert late.json["asked"] == {"maxreturntime": 60, "version": 0}
    assert (late.json["current"]["maintmode"], late.json["current"]["version"]) == (True, 1)
    assert client.get(f"{HOME}/1").json["maxreturntime"] is None


def test_a_change_that_names_no_version_takes_what_is_there(client: Client) -> None:
    """A script may say what it wants without looking first."""
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
    """Each refusal names the field; nothing is added, and nothing of our insides is told."""
    answer = client.ask("POST", HOME, body)
    assert (answer.status, answer.json["field"]) == (status, field)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in answer.json["detail"]
    assert "Traceback" not in answer.body
    assert client.get(HOME).json["items"] == []


def test_html_in_a_name_stays_text(client: Client) -> None:
    """A name is taken and given back as it is; no browser takes the answer for a page."""
    name = "<script>alert('x')</script> & Sons"
    client.ask("POST", "/api/v3/customers", {"codename": "evil", "friendlyname": name})
    answer = client.get("/api/v3/customers/evil")
    assert answer.json["friendlyname"] == name
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("application/json", "nosniff")


def test_a_customer_with_domains_stays(client: Client) -> None:
    """A customer can be removed only after its domains."""
    client.ask("POST", "/api/v3/customers", {"codename": "acme", "friendlyname": "Acme"})
    client.ask("POST", HOME, {"testuser": "mx", "domainname": "a.example", "customer": "acme"})
    refused = client.ask("DELETE", "/api/v3/customers/acme")
    assert (refused.status, refused.json["field"]) == (422, "codename")
    client.ask("PATCH", f"{HOME}/1", {"customer": None})
    assert client.ask("DELETE", "/api/v3/customers/acme").status == 204


def test_a_customer_is_changed_in_parts(client: Client) -> None:
    """What is not named stays."""
    client.ask("POST", "/api/v3/customers", {"codename": "acme", "friendlyname": "Acme"})
    changed = client.ask("PATCH", "/api/v3/customers/acme", {"alertuser": ["ops@acme.example"]})
    assert changed.json == {
        "codename": "acme", "friendlyname": "Acme", "alertuser": ["ops@acme.example"], "link": None, "version": 1,
    }  # fmt: skip
    assert client.ask("PATCH", "/api/v3/customers/acme", {"friendlyname": "A", "version": 0}).status == 409
    assert client.ask("POST", "/api/v3/customers", {"codename": "acme", "friendlyname": "B"}).status == 409


def test_config_is_given_back_as_it_was_read(client: Client) -> None:
    """What GET shows, PUT takes; the second of two at once is told of the first."""
    shown = client.get("/api/v3/config")
    assert (shown.json["maxreturntime"], shown.json["maxfailnumber"], shown.headers["ETag"]) == (300, 0, '"0"')
    body = {**shown.json, "maxreturntime": 120, "alertuser": ["Ops@Example.ORG"]}
    saved = client.ask("PUT", "/api/v3/config", body)
    assert (saved.status, saved.json["version"], saved.json["alertuser"]) == (200, 1, ["Ops@example.org"])
    again = client.ask("PUT", "/api/v3/config", {**body, "maxreturntime": 90})
    assert (again.status, again.json["current"]["maxreturntime"], again.json["asked"]["maxreturntime"]) == (
        409,
        120,
        90,
    )
    (kept,) = _audit(client, "config")
    assert (kept["before"]["maxreturntime"], kept["after"]["maxreturntime"]) == (300, 120)


def test_config_makes_sense_or_is_refused(client: Client) -> None:
    """Settings are checked against each other, and none is saved without its version."""
    shown = client.get("/api/v3/config").json
    refused = client.ask("PUT", "/api/v3/config", {**shown, "maxreturntime": 600, "max_sec_until_fail": 60})
    assert (refused.status, refused.json["field"]) == (422, "maxreturntime")
    assert client.ask("PUT", "/api/v3/config", {**shown, "timezone": "Mars/Olympus"}).json["field"] == "timezone"
    del shown["version"]
    assert client.ask("PUT", "/api/v3/config", shown).json["field"] == "version"


def test_many_domains_are_changed_at_once_after_a_preview(client: Client) -> None:
    """The preview tells what the change then does, each domain by itself."""
    add_domains(3)
    body = {"ids": [1, 2, 99], "change": {"interval_minutes": 5}, "add_tags": ["vip"], "preview": True}
    preview = client.ask("POST", f"{HOME}/bulk", body).json
    assert [it["id"] for it in preview["changed"]] == [1, 2]
    assert preview["changed"][0]["after"] == {"tags": ["vip"], "interval_minutes": 5}
    assert preview["refused"] == [{"id": 99, "reason": "There is no such maildomain."}]
    assert client.get(f"{HOME}/1").json["tags"] == []
    done = client.ask("POST", f"{HOME}/bulk", {**body, "preview": False}).json
    assert done == {**preview, "preview": False}
    assert client.get(f"{HOME}/1").json["interval_minutes"] == 5
    assert client.ask("POST", f"{HOME}/bulk", body).json["unchanged"] == [1, 2]
    assert [it["id"] for it in client.get(f"{HOME}?tag=vip&sort=id").json["items"]] == [1, 2]


def test_an_incident_is_acknowledged_and_noted(client: Client) -> None:
    """Who is at it and what they found stands beside what happened; taking it back does, too."""
    (domain,) = add_domains(1)
    mapping.incident_row(Incident(id="1-1", maildomain=domain.key, opened=NOW)).save()
    done = client.ask("PATCH", "/api/v3/incidents/1-1", {"acknowledged": True, "note": "called\r\nthem"}).json
    assert (done["acknowledged"], done["acknowledged_by"], done["note"]) == (
        "2025-11-22T12:00:00Z",
        "anna",
        "called\nthem",
    )
    assert client.ask("PATCH", "/api/v3/incidents/1-1", {"note": "\x1b[31m"}).json["field"] == "note"
    back = client.ask("PATCH", "/api/v3/incidents/1-1", {"acknowledged": False}).json
    assert (back["acknowledged"], back["note"]) == (None, "called\nthem")
    assert client.get("/api/v3/incidents?open=true").json["items"] == [back]
    assert client.get("/api/v3/incidents?open=false&domain=1").json["items"] == []


def test_removing_a_failing_domain_ends_its_incident(client: Client) -> None:
    """What is no longer watched no longer fails."""
    (domain,) = add_domains(1)
    fail(domain)
    failing = mapping.health_row(domain_health.of([domain.key])[domain.key])
    failing.incident, failing.version = "1-1", 1
    failing.save()
    mapping.incident_row(Incident(id="1-1", maildomain=domain.key, opened=NOW)).save()
    assert client.ask("DELETE", f"{HOME}/1").status == 204
    assert client.get("/api/v3/incidents/1-1").json["closed"] == "2025-11-22T12:00:00Z"
    assert domain_health.of([domain.key])[domain.key].state is State.NEW
    assert fleet.by_key(domain.key) is None
