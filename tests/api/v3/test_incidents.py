"""Incidents: what is shown of them, and what people do about them."""

from dataclasses import replace
from typing import Any

from mxtrax.model import MONITOR, Cause, Customer, Incident, Reason
from mxtrax.store import customers, fleet, mapping
from tests.api.client import NOW, Client
from tests.api.stored import add_domains, add_failing


def test_an_incident_says_what_it_means_and_what_to_do_next(client: Client) -> None:
    """Cause and reason in words, the fault and its certainty, and the steps for the provider's product."""
    (domain,) = add_domains(1)
    why: dict[str, Any] = {"cause": Cause.DEFERRED, "reason": Reason.DNS}
    mapping.incident_row(Incident(id="1-1", maildomain=domain.key, opened=NOW, provider="outlook.com", **why)).save()
    mapping.incident_row(Incident(id="1-2", maildomain=domain.key, opened=NOW - 1)).save()
    known, unknown = client.get("/api/v3/incidents").json["items"]
    assert (known["why"], known["reason"], known["fault"], known["certainty"]) == (
        "DNS lookup fails",
        "dns",
        "customer",
        "likely",
    )
    assert "nobody can send them mail" in known["meaning"]
    assert len(known["next_steps"]) == 3
    assert (unknown["why"], unknown["meaning"], unknown["next_steps"], unknown["fault"]) == (None, None, [], None)
    assert (known["severity"], unknown["severity"]) == ("down", "down")


def test_an_incident_is_acknowledged_and_noted(client: Client) -> None:
    """It shows who is on it and their notes, also after taking it back."""
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


def test_an_incident_leads_to_its_domain(client: Client) -> None:
    """By its number and its customer's name; the monitor's own belongs to neither."""
    add_failing()
    mapping.incident_row(Incident(id="self-check", maildomain=MONITOR, opened=NOW + 1)).save()
    own, theirs = client.get("/api/v3/incidents").json["items"]
    assert (own["domain_id"], own["friendlyname"], own["severity"]) == (None, None, "ours")
    assert (theirs["domain_id"], theirs["friendlyname"]) == (1, "Acme Ltd")
    assert client.get("/api/v3/incidents/1-1").json == theirs


def test_an_incident_does_not_lead_to_another_customers_domain(client: Client) -> None:
    """A domain that has changed hands leaves its past with the former customer, without a link to it."""
    domain = add_failing(incident="", last_incident="1-1")
    customers.add(Customer(codename="beta", friendlyname="Beta"))
    fleet.save(replace(domain, customer="beta"))
    bound = client.signed_in("viewer", "customer:acme")
    assert bound.get("/api/v3/incidents/1-1").json["domain_id"] is None
