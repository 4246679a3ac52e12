"""Customers."""

from dataclasses import replace

from mxtrax.model import Incident, Stat
from mxtrax.store import mapping, rollups
from tests.api.client import HOME, NOW, Client


def test_a_customer_with_domains_stays(client: Client) -> None:
    """A customer can be removed only after its domains."""
    client.ask("POST", "/api/v3/customers", {"codename": "acme", "friendlyname": "Acme"})
    client.ask("POST", HOME, {"testuser": "mx", "domainname": "a.example", "customer": "acme"})
    refused = client.ask("DELETE", "/api/v3/customers/acme")
    assert (refused.status, refused.json["field"]) == (409, "codename")
    client.ask("PATCH", f"{HOME}/1", {"customer": None})
    assert client.ask("DELETE", "/api/v3/customers/acme").status == 204


def test_a_code_that_is_given_again_begins_with_nothing(client: Client, stranger: Client) -> None:
    """Neither who is bound to the new customer nor its public page shows what the one before went through."""
    add = {"codename": "beta", "friendlyname": "Beta"}
    client.ask("POST", "/api/v3/customers", add)
    old = Incident(id="1-1", maildomain="mx@old.example", opened=NOW - 60_000, closed=NOW, customer="beta")
    mapping.incident_row(old).save()
    rollups.save([Stat(maildomain=rollups.of_customer("beta"), d="2025-11-21", ontime_num=1, total_num=2)])
    viewer = replace(client, claims={"username": "vera", "cognito:groups": "[customer:beta]"})
    assert viewer.get("/api/v3/incidents/1-1").status == 200
    assert client.ask("DELETE", "/api/v3/customers/beta").status == 204
    client.ask("POST", "/api/v3/customers", {**add, "friendlyname": "Another"})
    page = client.ask("POST", "/api/v3/customers/beta/link").json["link"]
    assert viewer.get("/api/v3/incidents/1-1").status == 404
    assert viewer.get("/api/v3/incidents").json["items"] == []
    assert client.get("/api/v3/incidents?customer=beta").json["items"] == []
    assert client.get("/api/v3/stats?by=customer&name=beta").json["days"] == []
    assert stranger.get(f"{page}/status.json").json["availability"] is None
    (kept,) = client.get("/api/v3/incidents").json["items"]
    assert (kept["id"], kept["customer"], kept["friendlyname"]) == ("1-1", "beta (removed)", None)


def test_a_customer_is_changed_in_parts(client: Client) -> None:
    """What is not named stays."""
    client.ask("POST", "/api/v3/customers", {"codename": "acme", "friendlyname": "Acme"})
    changed = client.ask("PATCH", "/api/v3/customers/acme", {"alertuser": ["ops@acme.example"]})
    assert changed.json == {
        "codename": "acme", "friendlyname": "Acme", "alertuser": ["ops@acme.example"], "link": None,
        "public_note": "", "version": 1,
    }  # fmt: skip
    assert client.ask("PATCH", "/api/v3/customers/acme", {"friendlyname": "A", "version": 0}).status == 409
    assert client.ask("POST", "/api/v3/customers", {"codename": "acme", "friendlyname": "B"}).status == 409
