"""The domains that are tested: lists by any filter, and what is shown and changed of each."""

from dataclasses import replace

import pytest

from mxtrax.model import AlarmWhen, Incident, MailDomain, State
from mxtrax.store import fleet, mapping, paging
from mxtrax.store.config import load_config, save_config
from mxtrax.store.health import health_of
from tests.api.client import HOME, NOW, Client
from tests.api.stored import add_domains, add_failing, fail


@pytest.mark.usefixtures("seven")
@pytest.mark.parametrize("limit", [1, 2, 200])
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=worst", "foxtrot golf delta bravo alpha charlie echo"),
        ("sort=-worst", "echo charlie alpha bravo delta golf foxtrot"),
        ("sort=name", "alpha bravo charlie delta echo foxtrot golf"),
        ("sort=-id", "alpha bravo charlie delta echo foxtrot golf"),
        ("status=down", "foxtrot golf"),
        ("status=down&sort=name", "foxtrot golf"),
        ("status=down&sort=id", "golf foxtrot"),
        ("status=paused", "echo"),
        ("status=suspect", "delta"),
        ("customer=acme&sort=id", "golf alpha"),
        ("customer=acme&status=down", "golf"),
        ("tag=vip", "golf delta"),
        ("search=LPH&sort=id", "alpha"),
        ("search=acme&sort=name", "alpha golf"),
        ("customer=nobody", ""),
        ("provider=outlook.com", ""),
    ],
)
def test_lists_are_filtered_sorted_and_paged(client: Client, query: str, names: str, limit: int) -> None:
    """Whatever the page size, following next gives each domain once, in order."""
    found = client.names(f"{query}&limit={limit}")
    wanted = names.split()
    if "worst" in query:  # of domains of the same status that changed at the same time, any may come first
        assert [_place(name) for name in found] == [_place(name) for name in wanted]
    assert sorted(found) == sorted(wanted)
    if "worst" not in query and "tag" not in query:
        assert found == wanted


def _place(name: str) -> str:
    return {"golf": "down", "foxtrot": "down", "echo": "paused", "delta": "suspect", "charlie": "ok"}.get(name, "new")


def test_a_domain_that_is_added_in_maintenance_stands_there(client: Client) -> None:
    """It is listed and counted as in maintenance."""
    client.ask("POST", HOME, {"testuser": "mx", "domainname": "a.example", "maintmode": True})
    (row,) = client.get(f"{HOME}?status=paused").json["items"]
    assert (row["status"], client.get("/api/v3/overview").json["counts"]["paused"]) == ("paused", 1)


@pytest.mark.usefixtures("seven")
def test_a_page_ends_when_enough_was_looked_at(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter that few pass costs no more than its bound; following next still leads to all."""
    monkeypatch.setattr(paging, "READ_AT_ONCE", 1)
    monkeypatch.setattr(paging, "MOST_READ", 2)
    first = client.get(f"{HOME}?sort=name&status=paused&limit=1").json
    assert (first["items"], first["next"] is None) == ([], False)
    assert client.names("sort=name&status=paused&limit=1") == ["echo"]


@pytest.mark.usefixtures("seven")
@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WzFd", "WyJhIl0", "W251bGwsMSwyXQ", "!!", "a" * 999, "WyJhIiwiYiIsImMiXQ"]
)
def test_a_cursor_that_is_not_ours_is_refused(client: Client, cursor: str) -> None:
    """Whatever it is, the answer is a sentence."""
    for sort in ("worst", "name", "id"):
        answer = client.get(f"{HOME}?sort={sort}&after={cursor}")
        assert (answer.status, answer.json["field"]) == (422, "after")


@pytest.mark.usefixtures("seven")
def test_a_cursor_of_another_list_is_refused_or_harmless(client: Client) -> None:
    """A cursor with other filters than its own is never a fault of ours."""
    links = [client.get(f"{HOME}?{query}&limit=1").json["next"] for query in ("sort=worst", "sort=name", "sort=id")]
    cursors = [link.partition("after=")[2] for link in links]
    for cursor in cursors:
        for query in ("sort=worst", "sort=name", "sort=id", "status=ok", "customer=acme&sort=id"):
            assert client.get(f"{HOME}?{query}&after={cursor}").status in {200, 422}


@pytest.mark.usefixtures("seven")
@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "status=bad", "sort=colour", "colour=red", "after="]
)
def test_a_parameter_that_makes_no_sense_is_refused(client: Client, query: str) -> None:
    """Bad input is a 400 that names the parameter."""
    answer = client.get(f"{HOME}?{query}")
    assert (answer.status, answer.json["field"]) == (400, query.partition("=")[0])


def test_a_domain_tells_what_holds_for_it(client: Client) -> None:
    """Its own settings if it has some, else Config's; and the number of on-time tests to recovery."""
    add_failing()
    shown = client.get(f"{HOME}/1").json
    assert shown["effective"] == {
        "interval_minutes": 15,
        "maxreturntime": 300,
        "max_sec_until_fail": 86_400,
        "maxfailnumber": 0,
        "maxfailpercentage": None,
        "maxlatenumber": 7,
        "maxlatepercentage": None,
    }
    assert (shown["needed"], shown["retest"], shown["window_hours"]) == (2, True, 24)


def test_a_domain_tells_why_it_fails(client: Client) -> None:
    """As in a row of the overview, with its incident's evidence."""
    add_failing()
    shown = client.get(f"{HOME}/1").json
    (row,) = client.get("/api/v3/overview").json["items"]
    assert {name: shown[name] for name in row} == row
    assert (shown["friendlyname"], shown["why"]) == ("Acme Ltd", "no server reports anything")
    assert (shown["evidence"], shown["returned_as"]) == ("Nothing came back.", "auto-reply")


def test_a_domain_that_nothing_is_known_of_says_so(client: Client) -> None:
    """Null, and no guess."""
    fleet.add([MailDomain(id=0, testuser="mx", domainname="a.example")])
    shown = client.get(f"{HOME}/1").json
    assert [shown[name] for name in ("needed", "returned_as", "why", "last", "p95", "friendlyname")] == [None] * 6
    assert (shown["evidence"], shown["retest"]) == ("", False)


def test_recovery_counts_down(client: Client) -> None:
    """By evidence, as many as luck requires; by limits, twice as many after a relapse, or none if no streak helps."""
    add_failing(streak=1, relapses=1)
    assert client.get(f"{HOME}/1").json["needed"] == 1
    config = save_config(replace(load_config(client.settings.initial), alarm_when=AlarmWhen.LIMITS))
    assert client.get(f"{HOME}/1").json["needed"] == 5
    save_config(replace(config, recover_after=0))
    assert client.get(f"{HOME}/1").json["needed"] is None


def test_removing_a_failing_domain_ends_its_incident(client: Client) -> None:
    """A domain that is no longer watched no longer fails."""
    (domain,) = add_domains(1)
    fail(domain)
    failing = mapping.health_row(health_of(domain.key))
    failing.incident, failing.version = "1-1", 1
    failing.save()
    mapping.incident_row(Incident(id="1-1", maildomain=domain.key, opened=NOW)).save()
    assert client.ask("DELETE", f"{HOME}/1").status == 204
    assert client.get("/api/v3/incidents/1-1").json["closed"] == "2025-11-22T12:00:00Z"
    assert health_of(domain.key).state is State.SETUP
    assert fleet.by_key(domain.key) is None
