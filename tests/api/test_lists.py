"""The lists of /api/v3/: filters, sorting and pages; and the overview."""

from dataclasses import replace
from itertools import pairwise

import pytest

from mxtrax.model import Cause, Customer, DomainHealth, MailDomain, Recent, State, Verdict
from mxtrax.rules import status
from mxtrax.store import directory, fleet, fleet_queries, mapping, paging, settings
from tests.api.client import NOW, Client, move

HOME = "/api/v3/maildomains"


@pytest.fixture
def seven(client: Client) -> list[MailDomain]:
    """Give seven domains: two failing, one in maintenance, one suspect, one ok, two new."""
    fleet.add_customer(Customer(codename="acme", friendlyname="Acme Ltd"))
    names = ("golf", "foxtrot", "echo", "delta", "charlie", "bravo", "alpha")
    domains = fleet.add(
        [
            MailDomain(
                id=0,
                testuser="mx",
                domainname=f"{name}.example",
                customer="acme" if name in {"golf", "alpha"} else "",
                tags=frozenset({"vip"} if name in {"golf", "delta"} else ()),
            )
            for name in names
        ]
    )
    known = {
        "golf": DomainHealth(maildomain="", state=State.FAILING, since=NOW - 5_000),
        "foxtrot": DomainHealth(maildomain="", state=State.FAILING, since=NOW - 1_000),
        "delta": DomainHealth(maildomain="", state=State.OK, since=NOW, retest=True),
        "charlie": DomainHealth(maildomain="", state=State.OK, since=NOW),
    }
    for domain in domains:
        if health := known.get(domain.domainname.partition(".")[0]):
            urgency = status.urgency(health, maintmode=False)
            move(domain, urgency)
            mapping.health_row(replace(health, maildomain=domain.key)).save()
    client.ask("PATCH", f"{HOME}/3", {"maintmode": True})
    return domains


def _names(client: Client, query: str) -> list[str]:
    """Follow a list to its end."""
    found, link = [], f"{HOME}?{query}"
    while link:
        page = client.get(link).json
        found += [it["domainname"].partition(".")[0] for it in page["items"]]
        link = page["next"]
    return found


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
    found = _names(client, f"{query}&limit={limit}")
    wanted = names.split()
    if "worst" in query:  # of domains of the same status that changed at the same time, any may come first
        assert [_place(name) for name in found] == [_place(name) for name in wanted]
    assert sorted(found) == sorted(wanted)
    if "worst" not in query and "tag" not in query:
        assert found == wanted


def _place(name: str) -> str:
    return {"golf": "down", "foxtrot": "down", "echo": "paused", "delta": "suspect", "charlie": "ok"}.get(name, "new")


@pytest.mark.usefixtures("seven")
def test_the_overview_counts_and_shows_the_worst(client: Client) -> None:
    """One call: how many stand where, and the first of them with their customer's name."""
    shown = client.get("/api/v3/overview?limit=2").json
    assert shown["counts"] == {"down": 2, "slow": 0, "suspect": 1, "setup": 2, "ok": 1, "paused": 1, "total": 7}
    assert [it["status"] for it in shown["items"]] == ["down", "down"]
    assert {it["friendlyname"] for it in shown["items"]} == {"Acme Ltd", None}
    assert client.get("/api/v3/overview?customer=acme").json["counts"]["total"] == 2


def test_a_domain_that_is_added_in_maintenance_stands_there(client: Client) -> None:
    """It is listed and counted where it is shown to be."""
    client.ask("POST", HOME, {"testuser": "mx", "domainname": "a.example", "maintmode": True})
    (row,) = client.get(f"{HOME}?status=paused").json["items"]
    assert (row["status"], client.get("/api/v3/overview").json["counts"]["paused"]) == ("paused", 1)


def test_a_row_of_the_overview_tells_why(client: Client) -> None:
    """The last bad test's cause in words, the last test, and the time that 95 of 100 keep."""
    (domain,) = fleet.add([MailDomain(id=0, testuser="mx", domainname="a.example")])
    tests = [Recent(NOW + n, Verdict.ONTIME, n * 1_000) for n in range(1, 21)]
    tests.append(Recent(NOW + 30, Verdict.OVERDUE, None, Cause.NO_WORD))
    mapping.health_row(DomainHealth(maildomain=domain.key, state=State.OK, recent=tuple(tests))).save()
    (row,) = client.get("/api/v3/overview").json["items"]
    assert (row["cause"], row["why"]) == ("no_word", "no word from their server")
    assert (row["last"]["verdict"], row["p95"], len(row["recent"])) == ("overdue", 19.0, 21)


@pytest.mark.usefixtures("seven")
def test_a_page_ends_when_enough_was_looked_at(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter that little passes costs no more than its bound; following next still leads to all."""
    monkeypatch.setattr(paging, "READ_AT_ONCE", 1)
    monkeypatch.setattr(paging, "MOST_READ", 2)
    first = client.get(f"{HOME}?sort=name&status=paused&limit=1").json
    assert (first["items"], first["next"] is None) == ([], False)
    assert _names(client, "sort=name&status=paused&limit=1") == ["echo"]


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


def test_changes_are_listed_latest_first(client: Client) -> None:
    """The audit is paged like every list."""
    for number in range(5):
        later = replace(client, now=NOW + number)
        later.ask("POST", "/api/v3/customers", {"codename": f"c{number}", "friendlyname": "C"})
    moments, link = [], "/api/v3/audit?limit=2"
    while link:
        page = client.get(link).json
        moments += [it["target"] for it in page["items"]]
        link = page["next"]
    assert all(one > other for one, other in pairwise(moments))
    assert len(moments) == 5


@pytest.mark.parametrize("limit", [1, 2, 50])
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("search=o&sort=name", "bravo echo foxtrot golf"),
        ("search=O&sort=-id", "bravo echo foxtrot golf"),
        ("search=mx@&sort=name&status=down", "foxtrot golf"),
        ("search=example&sort=-name&tag=vip", "golf delta"),
        ("search=LPH&sort=id", "alpha"),
        ("search=acme&sort=-id", "alpha golf"),
        ("search=al&provider=outlook.com", ""),
    ],
)
@pytest.mark.parametrize("most", [0, 300])
@pytest.mark.usefixtures("seven")
def test_a_search_finds_the_same_by_directory_and_by_walk(
    client: Client, monkeypatch: pytest.MonkeyPatch, query: str, names: str, limit: int, most: int
) -> None:
    """Few are looked up by name, many are found in an index; whichever it is, following next gives each once, in order."""
    monkeypatch.setattr(fleet_queries, "MOST_FOUND", most)
    assert _names(client, f"{query}&limit={limit}") == names.split()


@pytest.mark.usefixtures("seven")
def test_a_search_finds_what_is_new_and_nothing_that_is_gone(client: Client) -> None:
    """The names are kept from search to search, and yet a search tells what is there now."""
    assert _names(client, "search=o&sort=name") == ["bravo", "echo", "foxtrot", "golf"]
    client.ask("POST", HOME, {"testuser": "mx", "domainname": "oscar.example"})
    client.ask("DELETE", f"{HOME}/1")
    assert _names(client, "search=o&sort=name") == ["bravo", "echo", "foxtrot", "oscar"]


@pytest.mark.usefixtures("seven")
def test_a_search_reads_the_names_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read anew after some minutes; by then it is noticed, too, that a domain has changed hands."""
    assert _names(client, "search=beta") == []
    fleet.add_customer(Customer(codename="beta", friendlyname="Beta"))
    client.ask("PATCH", f"{HOME}/2", {"customer": "beta"})
    with monkeypatch.context() as patch:
        patch.setattr(directory, "_read", None)
        assert _names(client, "search=beta") == []
        assert _names(client, "search=alpha") == ["alpha"]
    later = replace(client, now=NOW + directory.LASTS)
    assert _names(later, "search=beta") == ["foxtrot"]


@pytest.mark.usefixtures("client")
def test_new_names_are_read_until_the_index_has_had_time_to_show_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A domain's number is taken a moment before the domain is there."""
    assert directory.find("a.example", NOW) == []
    settings.take_numbers("maildomain", 1)
    assert directory.find("a.example", NOW) == []
    fleet.add([MailDomain(id=0, testuser="mx", domainname="a.example")])
    assert directory.find("a.example", NOW + 1) == ["mx@a.example"]
    assert directory.find("a.example", NOW + directory.SETTLES + 1) == ["mx@a.example"]
    monkeypatch.setattr(directory, "_read", None)
    assert directory.find("a.example", NOW + directory.SETTLES + 2) == ["mx@a.example"]


@pytest.mark.usefixtures("seven")
@pytest.mark.parametrize(
    "cursor", ["found.", "found.x", "found.W10=", "found.W1sxLDJdLDNd", "found.W1tudWxsLCIiXSwiIl0="]
)
def test_a_searchs_cursor_that_is_none_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch, cursor: str) -> None:
    """With the sentence that every list has for it; an empty one is the beginning, where few are meant."""
    answer = client.get(f"{HOME}?search=a&after={cursor}")
    assert (answer.status, answer.json.get("field")) == ((200, None) if cursor == "found." else (422, "after"))
    monkeypatch.setattr(fleet_queries, "MOST_FOUND", 1)
    assert client.get(f"{HOME}?search=a&after={cursor}").status == 422
