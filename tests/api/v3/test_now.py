"""What is wrong now, grouped as people see it."""

import pytest

from mxtrax.api.v3 import now
from mxtrax.model import (
    HOUR,
    MINUTE,
    MONITOR,
    Cause,
    Customer,
    DomainHealth,
    Incident,
    MailDomain,
    Scope,
    State,
    Stretch,
    Window,
)
from mxtrax.rules import status
from mxtrax.store import customers, fleet, mapping, runtime, windows
from tests.api.client import NOW, Client
from tests.api.stored import move, put_health


def fail(name: str, customer: str, cause: Cause, provider: str = "") -> MailDomain:
    """Add a domain that has been down for an hour, with its incident."""
    customers.add(Customer(codename=customer, friendlyname=customer.title()))
    (domain,) = fleet.add([MailDomain(id=0, testuser="mx", domainname=name, customer=customer)])
    incident = Incident(
        id=f"incident-{domain.id}",
        maildomain=domain.key,
        opened=NOW - HOUR + domain.id,
        customer=customer,
        cause=cause,
        provider=provider,
        sent=NOW - HOUR,
    )
    mapping.incident_row(incident).save()
    known = DomainHealth(
        maildomain=domain.key, state=State.FAILING, since=NOW - HOUR, trouble_from=1, incident=incident.id
    )
    put_health(known)
    move(domain, status.urgency(known, maintmode=False))
    return domain


@pytest.fixture
def troubled(client: Client) -> Client:
    """Give a deployment with two domains of one provider that fail alike, and another failing one."""
    fail("one.example", "acme", Cause.ACCEPTED_THEN_LOST, "outlook.com")
    fail("two.example", "beta", Cause.ACCEPTED_THEN_LOST, "outlook.com")
    fail("three.example", "beta", Cause.REFUSED, "gmail.com")
    return client


def test_what_one_provider_runs_and_fails_alike_is_one(troubled: Client) -> None:
    """With the names of the customers; the numbers count customers, and domains beside them."""
    shown = troubled.get("/api/v3/now").json
    assert shown["down"] == {"customers": 2, "domains": 3}
    assert [(it["provider"], it["cause"], len(it["members"])) for it in shown["items"]] == [
        ("outlook.com", "accepted_then_lost", 2),
        ("gmail.com", "refused", 1),
    ]
    assert {it["friendlyname"] for it in shown["items"][0]["members"]} == {"Acme", "Beta"}
    assert shown["items"][0]["status"] == "down"
    assert shown["counts"]["down"] == 3


def test_what_is_quiet_is_counted_apart_and_comes_last(troubled: Client) -> None:
    """Even at the same provider: nobody needs to look at it tonight."""
    windows.save(Window(id="w", scope=Scope.CUSTOMER, target="acme", start="2025-11-22T11:00", end="2025-11-22T14:00"))
    shown = troubled.get("/api/v3/now").json
    assert (shown["down"], shown["quiet"]) == ({"customers": 1, "domains": 2}, {"customers": 1, "domains": 1})
    last = shown["items"][-1]["members"]
    assert [(it["customer"], it["quiet_until"]) for it in last] == [("acme", "2025-11-22T14:00:00Z")]
    rows = {it["customer"]: it["quiet_until"] for it in troubled.get("/api/v3/overview").json["items"]}
    assert rows == {"acme": "2025-11-22T14:00:00Z", "beta": None}
    quiet = troubled.get("/api/v3/overview?flag=quiet").json
    assert quiet["flagged"] == {"quiet": 1, "held": 0}
    assert [it["customer"] for it in quiet["items"]] == ["acme"]
    assert troubled.get("/api/v3/overview?flag=quiet&search=beta").json["items"] == []
    assert troubled.get("/api/v3/overview?flag=held").json["items"] == []
    other = troubled.signed_in("viewer", "customer:beta").get("/api/v3/overview?flag=quiet").json
    assert (other["flagged"]["quiet"], other["items"]) == (0, [])


def test_what_may_be_our_own_fault_is_held_and_not_said_to_be_down(troubled: Client) -> None:
    """The monitor's trouble is shown too; a server's rejection and earlier incidents are shown nevertheless."""
    fault = Incident(id="self-check", maildomain=MONITOR, opened=NOW - MINUTE, sent=NOW - 2 * HOUR, due=NOW)
    mapping.incident_row(fault).save()
    runtime.save_faults([Stretch(NOW - 2 * HOUR, None, NOW)])
    shown = troubled.get("/api/v3/now").json
    assert (shown["down"]["domains"], shown["held"]["domains"]) == (1, 2)
    assert shown["monitor_fault"]["since"] == "2025-11-22T11:59:00Z"
    held = {it["address"]: it["held"] for it in troubled.get("/api/v3/overview").json["items"]}
    assert held == {"mx@one.example": True, "mx@two.example": True, "mx@three.example": False}
    first = troubled.get("/api/v3/overview?flag=held&sort=name&limit=1").json
    then = troubled.get(first["next"]).json
    assert first["flagged"] == {"quiet": 0, "held": 2}
    assert [it["address"] for it in (*first["items"], *then["items"])] == ["mx@one.example", "mx@two.example"]
    assert then["next"] is None
    runtime.save_faults([Stretch(NOW, None, NOW)])
    assert troubled.get("/api/v3/now").json["held"]["domains"] == 0


def test_held_and_quiet_are_counted_beyond_what_is_shown(troubled: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many fail: the numbers are of all, and only the worst have an entry of their own."""
    monkeypatch.setattr(now, "MOST", 1)
    windows.save(Window(id="w", scope=Scope.CUSTOMER, target="acme", start="2025-11-22T11:00", end="2025-11-22T14:00"))
    runtime.save_faults([Stretch(NOW - 2 * HOUR, None, NOW)])
    shown = troubled.get("/api/v3/now").json
    assert [len(it["members"]) for it in shown["items"]] == [1]
    assert shown["more"] == 2
    assert [shown[name]["domains"] for name in ("down", "slow", "quiet", "held")] == [1, 0, 1, 1]


def test_who_sees_one_customer_sees_no_trouble_of_another(troubled: Client) -> None:
    """Neither in the entries nor in the numbers."""
    shown = troubled.signed_in("viewer", "customer:acme").get("/api/v3/now")
    assert shown.json["down"] == {"customers": 1, "domains": 1}
    assert "beta" not in shown.body


def test_where_all_is_well_there_is_nothing(client: Client) -> None:
    """No entry, and every number is 0."""
    shown = client.get("/api/v3/now").json
    assert (shown["items"], shown["more"]) == ([], 0)
    assert {shown[name]["domains"] for name in ("down", "slow", "quiet", "held")} == {0}
