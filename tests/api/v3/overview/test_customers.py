"""The customers with their status."""

from typing import Any

import pytest

from mxtrax.jobs import rollup
from mxtrax.model import Customer, MailDomain, Scope, Window
from mxtrax.store import customers, fleet, windows
from tests.api.client import NOW, Client
from tests.api.stored import add_stat, fail

URL = "/api/v3/overview/customers"


@pytest.fixture
def house(client: Client) -> Client:
    """Give four customers: one fails in part, one is being set up, one is well, and one has no domains."""
    for name in ("Zoo", "Acme", "Mill", "Empty"):
        customers.add(Customer(codename=name.lower(), friendlyname=f"{name} Ltd"))
    added = fleet.add(
        [
            MailDomain(id=0, testuser="mx", domainname=f"{n}.{code}.example", customer=code)
            for code, number in (("zoo", 2), ("acme", 1), ("mill", 1))
            for n in range(number)
        ]
    )
    fail(added[0])
    for domain in added:
        add_stat(domain, "2025-11-22", ontime_num=3, late_num=1, total_num=4)
        add_stat(domain, "2025-11-21", ontime_num=4, total_num=4)
    rollup.run(NOW, client.settings)
    return client


def rows(client: Client, query: str = "") -> list[dict[str, Any]]:
    """Read the list."""
    found: list[dict[str, Any]] = client.get(f"{URL}{query}").json["items"]
    return found


def test_the_worst_customer_comes_first_with_its_numbers(house: Client) -> None:
    """How many of its domains fail and since when, and the share of the last days: from the sums of the hour."""
    first = rows(house)[0]
    assert (first["codename"], first["status"], first["failing"], first["domains"]) == ("zoo", "down", 1, 2)
    assert first["since"] == "2025-11-22T11:00:00Z"
    assert first["ontime_percent"] == 87.5
    assert [it["ontime_percent"] for it in first["days"]][-3:] == [None, 100.0, 75.0]
    assert len(first["days"]) == 30


def test_customers_are_found_by_name_and_by_code(house: Client) -> None:
    """Whatever the case; one without domains has no status; the total says how many there are all the same."""
    found = house.get(f"{URL}?search=eMPTY").json
    assert [(it["codename"], it["status"]) for it in found["items"]] == [("empty", None)]
    assert found["total"] == 4
    assert [it["codename"] for it in rows(house, "?sort=name")] == ["acme", "empty", "mill", "zoo"]
    assert [it["codename"] for it in rows(house, "?status=down")] == ["zoo"]


def test_a_long_list_comes_in_pages(house: Client) -> None:
    """Each customer once."""
    first = house.get(f"{URL}?limit=3").json
    rest = house.get(first["next"]).json
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [3, 1, None]
    assert len({it["codename"] for it in first["items"] + rest["items"]}) == 4


def test_a_quiet_customer_says_until_when(house: Client) -> None:
    """A window of the whole customer makes it quiet; one of another does not."""
    windows.save(Window(id="w", scope=Scope.CUSTOMER, target="zoo", start="2025-11-22T11:00", end="2025-11-22T14:00"))
    quiet = {it["codename"]: it["quiet_until"] for it in rows(house)}
    assert quiet == {"zoo": "2025-11-22T14:00:00Z", "acme": None, "mill": None, "empty": None}


def test_the_last_days_forget_what_is_too_long_ago(house: Client) -> None:
    """Thirty days later no figures are left."""
    month = 30 * 86_400_000
    rollup.run(NOW + month, house.settings)
    (domain,) = [it for it in fleet.everyone() if it.domainname == "0.mill.example"]
    add_stat(domain, "2025-12-22", ontime_num=1, total_num=1)
    rollup.run(NOW + month, house.settings)
    late = Client(now=NOW + month, settings=house.settings)
    mill = next(it for it in rows(late) if it["codename"] == "mill")
    assert [it["ontime_percent"] for it in mill["days"] if it["ontime_percent"] is not None] == [100.0]


def test_who_sees_one_customer_sees_a_list_of_one(house: Client) -> None:
    """And no total of others."""
    shown = house.signed_in("viewer", "customer:mill").get(URL)
    assert [it["codename"] for it in shown.json["items"]] == ["mill"]
    assert shown.json["total"] == 1
    assert "zoo" not in shown.body
