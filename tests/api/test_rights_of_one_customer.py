"""People of one customer: on every route, what belongs to another looks as if it did not exist."""

from dataclasses import replace
from typing import Any

import pytest

from mxtrax.api.rights import RIGHTS
from mxtrax.jobs.selfcheck import STORM
from mxtrax.model import MONITOR, Customer, HourOfDay, Incident, MailDomain, MailTest, Scope, Window
from mxtrax.rules import selfcheck
from mxtrax.store import customers, fleet, mailtests, mapping, windows
from tests.api.client import NOW, Client
from tests.api.stored import add_stat, fail

DAY = "2025-11-22"
TESTS = {"acme": "0a0a0a0a-0000-4000-8000-000000000001", "beta": "0b0b0b0b-0000-4000-8000-000000000002"}
FOREIGN = ("beta", "Beta", TESTS["beta"])
"""Data that only people who see the other customer can know."""

ON_CALL = "night@operator.example"
STAFF = (ON_CALL, "anna-of-the-house", "noted among us")
"""Data for the operator's own people only."""

BOUND = sorted(name for name, right in RIGHTS.items() if right.single_customer and right.role is not None)


@pytest.fixture
def house(client: Client) -> Client:
    """Give somebody of acme, in a deployment where beta has the same of everything."""
    for number, codename in enumerate(("acme", "beta"), start=1):
        customers.add(Customer(codename=codename, friendlyname=codename.capitalize(), alertuser=(ON_CALL,)))
        name = f"{codename}.example"
        (domain,) = fleet.add(
            [MailDomain(id=0, testuser="mx", domainname=name, customer=codename, tags=frozenset({"vip"}))]
        )
        fail(domain)
        add_stat(domain, DAY, ontime_num=1, total_num=1, hours={12: HourOfDay(ontime=1)})
        incident = Incident(id=f"{number}-1", maildomain=domain.key, customer=codename, opened=NOW)
        channels = frozenset({f"mailto:{ON_CALL}"})
        taken = replace(incident, acknowledged=NOW, acknowledged_by=STAFF[1], note=STAFF[2], notified_channels=channels)
        taken = replace(taken, told=dict.fromkeys(channels, NOW))
        mapping.incident_row(taken).save()
        test = MailTest(
            testid=TESTS[codename], maildomain=domain.key, sendtime=NOW, maxreturntime=300, max_sec_until_fail=900
        )
        mailtests.create([test], 90)
    for scope, target in ((Scope.ALL, ""), (Scope.CUSTOMER, "acme"), (Scope.DOMAIN, "mx@acme.example")):
        start, end = "2025-11-22T11:00", "2025-11-22T13:00"
        windows.save(Window(id=f"w-{scope}", scope=scope, target=target, start=start, end=end, note=STAFF[2]))
    for trouble in (selfcheck.ID, STORM):
        said = f"The mail of mx@beta.example; {ON_CALL} is notified."
        mapping.incident_row(Incident(id=trouble, maildomain=MONITOR, opened=NOW, evidence=said)).save()
    return client.signed_in("viewer", "customer:acme")


def _paths(name: str, number: str, codename: str) -> list[str]:
    """Give a route's possible requests: plain, and with every filter."""
    path = name.partition(" ")[2]
    if "<number>" in path and "/stat/" in path:
        number = f"{number}20414"
    if "incidents/" in path:
        number = f"{number}-1"
    path = (
        path.replace("<number>", number)
        .replace("<incident>", number)
        .replace("<codename>", codename)
        .replace("<testid>", TESTS[codename])
    )
    domains = ["", f"?customer={codename}", "?search=example", "?tag=vip", "?status=down", "?sort=name", "?sort=id"]
    filters = {
        "/api/v1/stat/": ["", f"?d={DAY}", f"?domain={number}", f"?domain={number}&d={DAY}"],
        "/api/v3/maildomains": domains,
        "/api/v3/overview": domains,
        "/api/v3/incidents": ["", f"?customer={codename}", f"?domain={number}", "?open=true"],
    }
    return [path + query for query in filters.get(path, [""])]


@pytest.mark.parametrize("name", BOUND)
def test_what_is_anothers_is_never_shown(house: Client, name: str) -> None:
    """However it is asked for another customer's data, a route reveals nothing."""
    for path in _paths(name, "2", "beta"):
        answer = house.get(path)
        assert answer.status in {200, 404}, path
        assert not [word for word in FOREIGN if word in answer.body and word not in path], path


@pytest.mark.parametrize("name", BOUND)
def test_what_is_ones_own_is_shown(house: Client, name: str) -> None:
    """A route shows one's own data, and nothing else: no name of the operator's people, none of their notes."""
    for path in _paths(name, "1", "acme"):
        answer = house.get(path)
        assert answer.status == 200, path
        assert not [word for word in (*FOREIGN, *STAFF) if word in answer.body], path
        if answer.headers["Content-Type"] != "application/json":
            continue
        listed = answer.json.get("items", answer.json.get("objects"))
        if listed is not None and "/stat/" not in path:
            assert len(listed) == 1, path


@pytest.mark.parametrize("name", [name for name in BOUND if "<" in name])
def test_what_is_anothers_looks_like_what_is_not_there(house: Client, name: str) -> None:
    """The answers to both are identical, except for the requested name."""
    unknown: dict[str, Any] = {"number": "99", "codename": "nobody", "testid": "0c0c0c0c-0000-4000-8000-000000000003"}
    nowhere = name.partition(" ")[2]
    for part, value in unknown.items():
        nowhere = nowhere.replace(f"<{part}>", f"{value}-1" if "incidents" in name else value)
    (theirs,) = _paths(name, "2", "beta")
    hidden, missing = house.get(theirs), house.get(nowhere)
    assert (hidden.status, hidden.headers) == (missing.status, missing.headers)
    assert hidden.status == 404
    assert _unnamed(hidden.body, theirs) == _unnamed(missing.body, nowhere)


def _unnamed(body: str, path: str) -> str:
    """Leave out what was asked for."""
    for part in path.split("/"):
        body = body.replace(f"'{part}'", "''")
    return body


def test_the_rest_is_not_for_people_of_one_customer(house: Client) -> None:
    """Other routes give a 403, whatever other roles they have."""
    admin = house.signed_in("admin", "customer:acme")
    for name, right in RIGHTS.items():
        if not right.single_customer:
            method, _, path = name.partition(" ")
            path = path.replace("<number>", "1").replace("<codename>", "acme").replace("<testid>", TESTS["acme"])
            assert admin.ask(method, path, {}).status == 403, name


def test_what_the_monitors_own_trouble_is_about_is_not_said(house: Client) -> None:
    """They see that there is trouble, but not its subject, which may be another customer's domain."""
    for path in ("/api/v3/now", "/api/v3/overview"):
        own, all_ = house.get(path).json, house.signed_in("viewer").get(path).json
        for trouble in ("monitor_fault", "storm"):
            assert (own[trouble]["evidence"], own[trouble]["since"]) == ("", all_[trouble]["since"])
            assert "beta.example" in all_[trouble]["evidence"]


def test_the_counts_are_of_ones_own(house: Client) -> None:
    """The overview counts only what they may see; for another customer, that is nothing."""
    assert house.get("/api/v3/overview").json["counts"]["total"] == 1
    assert house.get("/api/v3/overview?customer=beta").json["counts"]["total"] == 0
    assert house.get("/api/v2/maildomain/").json["meta"]["total_count"] == 1
    assert house.get("/api/v3/overview").json["items"][0]["status"] == "down"
