"""Customers."""

from tests.api.client import HOME, Client


def test_a_customer_with_domains_stays(client: Client) -> None:
    """A customer can be removed only after its domains."""
    client.ask("POST", "/api/v3/customers", {"codename": "acme", "friendlyname": "Acme"})
    client.ask("POST", HOME, {"testuser": "mx", "domainname": "a.example", "customer": "acme"})
    refused = client.ask("DELETE", "/api/v3/customers/acme")
    assert (refused.status, refused.json["field"]) == (409, "codename")
    client.ask("PATCH", f"{HOME}/1", {"customer": None})
    assert client.ask("DELETE", "/api/v3/customers/acme").status == 204


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
