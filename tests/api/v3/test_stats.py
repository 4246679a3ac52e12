"""Figures by the day."""

import pytest

from mxtrax.jobs import rollup
from mxtrax.model import Customer, MailDomain
from mxtrax.store import customers, fleet
from tests.api.client import HOME, NOW, Client
from tests.api.stored import add_stat


def test_days_are_shown_of_a_domain_and_added_up(client: Client) -> None:
    """A domain's days, and those of all domains, customers and providers as the hourly run adds them up."""
    customers.add(Customer(codename="acme", friendlyname="Acme"))
    for number, codename in enumerate(("acme", "acme", ""), start=1):
        (domain,) = fleet.add([MailDomain(id=0, testuser="mx", domainname=f"d{number}.example", customer=codename)])
        figures = {"ontime_num": number, "total_num": number + 1, "fail_num": 1, "total_delivery_time": number * 1_000}
        add_stat(domain, "2025-11-22", **figures, min_delivery_time=number, histogram={100: number})
        add_stat(domain, "2025-11-21", ontime_num=1, total_num=1)
    shown = client.get(f"{HOME}/2/stats?from=2025-11-21&to=2025-11-22").json
    assert [it["day"] for it in shown["days"]] == ["2025-11-21", "2025-11-22"]
    assert (shown["total"]["ontime_num"], shown["total"]["fail_num"]) == (3, 1)
    assert (shown["total"]["ontime_percent"], shown["days"][-1]["returned_percent"]) == (75.0, 66.667)
    assert client.get("/api/v3/stats").json["days"] == []
    rollup.run(NOW, client.settings)
    fleet_days = client.get("/api/v3/stats").json
    assert (fleet_days["total"]["ontime_num"], fleet_days["days"][-1]["total_num"]) == (9, 9)
    assert fleet_days["days"][-1]["min_delivery_time"] == 0.001
    acme = client.get("/api/v3/stats?by=customer&name=acme").json
    assert (acme["name"], acme["total"]["ontime_num"]) == ("acme", 5)
    assert client.get("/api/v3/stats?by=customer&name=nobody").json["days"] == []


@pytest.mark.parametrize(
    "query", ["from=2025-11-23", "from=2020-01-01", "by=customer", "name=x", "from=x", "by=colour"]
)
def test_a_range_that_makes_no_sense_is_refused(client: Client, query: str) -> None:
    """Too long, reversed, or for an unknown domain."""
    assert client.get(f"/api/v3/stats?{query}").status in {400, 422}
