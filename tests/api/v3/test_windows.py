"""Maintenance windows."""

from typing import Any

import pytest

from mxtrax.model import Customer
from mxtrax.store import customers
from tests.api.client import Client
from tests.every_request import WINDOW


def test_a_window_is_planned_changed_and_removed(client: Client) -> None:
    """A window says whether it is on now; each step is in the audit."""
    body = {**WINDOW, "start": "2025-11-22T12:00", "end": "2025-11-22T14:00", "zone": "Europe/Berlin"}
    added = client.ask("POST", "/api/v3/windows", body)
    assert (added.status, added.json["now"]) == (201, True)
    path = added.headers["Location"]
    changed = client.ask("PATCH", path, {"start": "2025-11-22T13:30", "note": "new disks"}).json
    assert (changed["now"], changed["note"]) == (False, "new disks")
    assert client.get("/api/v3/windows").json["items"] == [{**changed, "friendlyname": None, "occurrences": None}]
    assert client.ask("DELETE", path).status == 204
    assert client.get(path).status == 404
    assert {it["what"] for it in client.get("/api/v3/audit").json["items"]} == {
        "window.add",
        "window.change",
        "window.remove",
    }


def test_a_window_names_its_customer(client: Client) -> None:
    """As people call it; one of a domain, or of all, has none."""
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
    client.ask("POST", "/api/v3/windows", {**WINDOW, "scope": "customer", "target": "acme"})
    client.ask("POST", "/api/v3/windows", {**WINDOW, "scope": "all", "target": ""})
    names = {it["scope"]: it["friendlyname"] for it in client.get("/api/v3/windows").json["items"]}
    assert names == {"customer": "Acme Ltd", "all": None}


def test_a_window_that_was_changed_meanwhile_is_told_with_both(client: Client) -> None:
    """A version that the client has not seen is neither changed nor removed."""
    added = client.ask("POST", "/api/v3/windows", WINDOW)
    path, seen = added.headers["Location"], {"If-Match": added.headers["ETag"]}
    assert client.ask("PATCH", path, {"note": "one"}, seen).headers["ETag"] == '"2"'
    for method, body in (("PATCH", {"note": "two"}), ("DELETE", None)):
        late = client.ask(method, path, body, seen)
        assert (late.status, late.json["current"]["note"]) == (409, "one")
    assert client.ask("PATCH", path, {"note": "two", "version": 2}).json["version"] == 3
    assert client.get(path).headers["ETag"] == '"3"'
    assert client.ask("DELETE", path, headers={"If-Match": '"3"'}).status == 204


def test_a_calendar_is_told_when_the_windows_are(client: Client) -> None:
    """In local time of their zone, even when summer time ends; windows that only partly overlap are there, too."""
    night = {"scope": "all", "start": "2026-10-18T22:00", "end": "2026-10-19T02:00", "zone": "Europe/Berlin"}
    client.ask("POST", "/api/v3/windows", {**night, "weekly": True})
    client.ask("POST", "/api/v3/windows", WINDOW)
    weekly, once = client.get("/api/v3/windows?from=2026-10-18T23:00:00Z&to=2026-11-01T20:00:00Z").json["items"]
    assert weekly["occurrences"] == [
        {"start": "2026-10-18T20:00:00Z", "end": "2026-10-19T00:00:00Z"},
        {"start": "2026-10-25T21:00:00Z", "end": "2026-10-26T01:00:00Z"},
    ]
    assert once["occurrences"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-10-18T23:00:00Z", "to"),
        ("from=2026-10-18T23:00:00Z&to=2026-10-18T23:00:00Z", "to"),
        ("from=2026-10-18T23:00:00Z&to=2027-10-18T23:00:00Z", "to"),
    ],
)
def test_a_calendar_is_of_some_months_at_most(client: Client, query: str, field: str) -> None:
    """From one moment to a later one."""
    answer = client.get(f"/api/v3/windows?{query}")
    assert (answer.status, answer.json["field"]) == (422, field)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"end": "2026-11-22T21:00"}, "end"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"start": "2026-11-22 at ten"}, "start"),
        ({"start": "2026-11-22T22:00+01"}, "start"),
        ({"end": "2026-12-22T22:00", "weekly": True}, "end"),
        ({"target": "acme"}, "target"),
        ({"scope": "customer"}, "target"),
        ({"scope": "customer", "target": "nobody"}, "target"),
        ({"scope": "domain", "target": "mx@nowhere.example"}, "target"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(client: Client, changes: dict[str, Any], field: str) -> None:
    """The sentence names the field."""
    answer = client.ask("POST", "/api/v3/windows", {**WINDOW, **changes})
    assert (answer.status, answer.json["field"]) == (422, field)
