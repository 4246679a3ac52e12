"""Quiet for a while."""

from dataclasses import replace

import pytest

from mxtrax.model import MINUTE, Customer, MailDomain
from mxtrax.store import customers, fleet, windows
from tests.api.client import NOW, Client

URL = "/api/v3/quiet"


@pytest.fixture
def house(client: Client) -> Client:
    """Give an operator, with a customer of one domain."""
    customers.add(Customer(codename="acme", friendlyname="Acme"))
    fleet.add([MailDomain(id=0, testuser="mx", domainname="a.example", customer="acme")])
    return client.signed_in("operator")


def test_quiet_begins_now_and_ends_by_itself(house: Client) -> None:
    """For a customer from this minute on; it ends as requested, rounded up to the minute."""
    body = {"scope": "customer", "target": "acme", "until": "2025-11-22T20:00:30Z"}
    added = house.ask("POST", URL, body)
    assert (added.status, added.json["now"]) == (201, True)
    assert (added.json["start"], added.json["end"], added.json["zone"]) == (
        "2025-11-22T12:00",
        "2025-11-22T20:01",
        "UTC",
    )
    assert house.get("/api/v3/overview").json["items"][0]["quiet_until"] == "2025-11-22T20:01:00Z"
    later = replace(house, now=NOW + 9 * 60 * MINUTE)
    assert later.get("/api/v3/overview").json["items"][0]["quiet_until"] is None


def test_quiet_is_ended_now(house: Client) -> None:
    """What it was so far stays as a window; one that has just begun is gone."""
    body = {"scope": "domain", "target": "mx@a.example", "until": "2025-11-22T20:00:00Z"}
    number = house.ask("POST", URL, body).json["id"]
    later = replace(house, now=NOW + 10 * MINUTE)
    assert later.ask("DELETE", f"{URL}/{number}").status == 204
    assert later.get(f"/api/v3/windows/{number}").json["end"] == "2025-11-22T12:10"
    assert later.get("/api/v3/overview").json["items"][0]["quiet_until"] is None
    assert later.ask("DELETE", f"{URL}/{number}").json["field"] == "window"
    number = house.ask("POST", URL, body).json["id"]
    assert house.ask("DELETE", f"{URL}/{number}").status == 204
    assert number not in {it.id for it in windows.everything()}


def test_a_window_by_another_clock_ends_by_that_clock(house: Client) -> None:
    """One hour later in Berlin."""
    window = {"scope": "all", "start": "2025-11-22T12:30", "end": "2025-11-22T18:00", "zone": "Europe/Berlin"}
    number = house.ask("POST", "/api/v3/windows", window).json["id"]
    assert house.ask("DELETE", f"{URL}/{number}").status == 204
    assert house.get(f"/api/v3/windows/{number}").json["end"] == "2025-11-22T13:00"


def test_what_comes_every_week_is_not_ended_by_the_way(house: Client) -> None:
    """It would be quiet again next week."""
    window = {"scope": "all", "start": "2025-11-22T11:00", "end": "2025-11-22T18:00", "weekly": True}
    number = house.ask("POST", "/api/v3/windows", window).json["id"]
    assert "every week" in house.ask("DELETE", f"{URL}/{number}").json["detail"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until": "2025-11-22T12:00:00Z"}, "until"),
        ({"until": "2025-12-24T12:00:00Z"}, "until"),
        ({"target": "nobody"}, "target"),
        ({"scope": "all"}, "target"),
    ],
)
def test_quiet_that_makes_no_sense_is_refused(house: Client, changes: dict[str, str], field: str) -> None:
    """In the past, for more than a month, or for an unknown target."""
    body = {"scope": "customer", "target": "acme", "until": "2025-11-22T20:00:00Z"} | changes
    answer = house.ask("POST", URL, body)
    assert (answer.status, answer.json["field"]) == (422, field)
