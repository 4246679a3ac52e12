"""A customer's month, as it is reported to them."""

import csv
import io

import pytest

from mxtrax.model import DAY, HOUR, MONITOR, Cause, Customer, Incident, MailDomain, Scope, Window
from mxtrax.store import customers, fleet, mapping, windows
from tests.api.client import NOW, Client
from tests.api.stored import add_stat

URL = "/api/v3/customers/acme/month"


@pytest.fixture
def house(client: Client) -> Client:
    """Give a customer with two domains, one of which was down for two hours; the other came on the 11th."""
    customers.add(Customer(codename="acme", friendlyname="=Acme"))
    one, two = fleet.add(
        [MailDomain(id=0, testuser="mx", domainname=f"{name}.example", customer="acme") for name in ("one", "two")]
    )
    for day in range(1, 23):
        add_stat(one, f"2025-11-{day:02}", ontime_num=9, late_num=1, total_num=10, total_delivery_time=10_000)
        if day > 10:
            add_stat(two, f"2025-11-{day:02}", ontime_num=10, total_num=10, total_delivery_time=10_000)
    for number, (opened, closed, cause) in enumerate(
        [
            (NOW - 2 * DAY, NOW - 2 * DAY + 2 * HOUR, Cause.REFUSED),
            (NOW - 40 * DAY, NOW - 39 * DAY, Cause.REFUSED),
            (NOW - HOUR, None, Cause.SLOW_INSIDE),
        ]
    ):
        mapping.incident_row(
            Incident(
                id=f"i{number}",
                maildomain=one.key,
                customer="acme",
                opened=opened,
                closed=closed,
                cause=cause,
                note="x",
            )
        ).save()
    return client


def test_a_month_says_for_how_long_mail_could_be_received(house: Client) -> None:
    """Compared with the target, with the allowed minutes; days without measurements do not count as available."""
    shown = house.get(URL).json
    assert (shown["month"], shown["until"], shown["target_percent"]) == ("2025-11", "2025-11-22T12:00:00Z", 99.9)
    one, two = shown["domains"]
    counted = 21.5 * 86_400
    assert one["time"] == {
        "availability_percent": round(100 * (1 - 7_200 / counted), 4),
        "counted": counted,
        "down": 7_200.0,
        "allowed": counted / 1_000,
        "slow": 3_600.0,
        "left_out": 0.0,
        "unmeasured": 0.0,
    }
    assert (two["time"]["availability_percent"], two["time"]["unmeasured"]) == (100.0, 10 * 86_400)
    assert shown["time"]["down"] == 7_200.0
    assert [(it["id"], it["slow"], it["lasted"]) for it in shown["incidents"]] == [
        ("i0", False, 7_200.0),
        ("i2", True, 3_600.0),
    ]
    assert "note" not in shown["incidents"][0]


def test_what_is_left_out_is_said_with_its_reason(house: Client) -> None:
    """Maintenance of the customer, and the monitor's own fault; another customer's window is not there."""
    for target in ("acme", "beta"):
        start, end = "2025-11-20T12:00", "2025-11-20T13:00"
        windows.save(Window(id=target, scope=Scope.CUSTOMER, target=target, start=start, end=end, note="disks"))
    fault = Incident(id="self-check", maildomain=MONITOR, opened=NOW - DAY, sent=NOW - DAY, closed=NOW - DAY + HOUR)
    mapping.incident_row(fault).save()
    storm = Incident(id="storm", maildomain=MONITOR, opened=NOW - DAY, cause=Cause.STORM, closed=NOW)
    mapping.incident_row(storm).save()
    shown = house.get(URL)
    assert [(it["ours"], it["target"]) for it in shown.json["left_out"]] == [(False, "acme"), (True, None)]
    assert shown.json["domains"][0]["time"]["left_out"] == 7_200.0
    assert shown.json["domains"][0]["time"]["down"] == 3_600.0
    assert "disks" not in shown.body


def test_a_month_before_is_whole(house: Client) -> None:
    """An incident counts for its part within the month."""
    shown = house.get(f"{URL}?month=2025-10").json
    assert (shown["start"], shown["until"]) == ("2025-10-01T00:00:00Z", "2025-11-01T00:00:00Z")
    assert [it["id"] for it in shown["incidents"]] == ["i1"]
    assert shown["time"]["availability_percent"] is None


def test_a_spreadsheet_takes_a_month(house: Client) -> None:
    """A row for each domain and one for all; no cell is run as a formula."""
    given = house.get(f"{URL}/csv")
    assert given.headers["Content-Disposition"] == 'attachment; filename="acme-2025-11.csv"'
    rows = list(csv.DictReader(io.StringIO(given.body.removeprefix("\ufeff"))))
    assert [row["domain"] for row in rows] == ["mx@one.example", "mx@two.example", "all"]
    assert {row["customer"] for row in rows} == {"'=Acme"}
    assert (rows[0]["minutes down"], rows[0]["incidents"], rows[0]["tests"]) == ("120.0", "2", "220")


@pytest.mark.parametrize("month", ["2025-12", "2025-13", "1999-12", "next-mo"])
def test_what_is_no_month_is_refused(house: Client, month: str) -> None:
    """Nor one that has not begun."""
    answer = house.get(f"{URL}?month={month}")
    assert (answer.status, answer.json["field"]) == (422, "month")
