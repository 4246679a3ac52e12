"""Searching for domains: by the cached names, or in the index."""

from dataclasses import replace

import pytest

from mxtrax.model import Customer, MailDomain
from mxtrax.store import customers, directory, fleet, fleet_queries, runtime
from tests.api.client import HOME, NOW, Client


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
        ("search=E%20ltd&sort=name", "alpha golf"),
        ("search=vip&sort=name", "delta golf"),
        ("search=al&provider=outlook.com", ""),
    ],
)
@pytest.mark.parametrize("most", [0, 300])
@pytest.mark.usefixtures("seven")
def test_a_search_finds_the_same_by_directory_and_by_walk(
    client: Client, monkeypatch: pytest.MonkeyPatch, query: str, names: str, limit: int, most: int
) -> None:
    """Few are looked up by name, many are found in an index; either way, following next gives each once, in order."""
    monkeypatch.setattr(fleet_queries, "MOST_FOUND", most)
    assert client.names(f"{query}&limit={limit}") == names.split()


@pytest.mark.usefixtures("seven")
def test_a_search_finds_what_is_new_and_nothing_that_is_gone(client: Client) -> None:
    """The names are cached between searches, but a search shows the current state."""
    assert client.names("search=o&sort=name") == ["bravo", "echo", "foxtrot", "golf"]
    client.ask("POST", HOME, {"testuser": "mx", "domainname": "oscar.example"})
    client.ask("DELETE", f"{HOME}/1")
    assert client.names("search=o&sort=name") == ["bravo", "echo", "foxtrot", "oscar"]


@pytest.mark.usefixtures("seven")
def test_a_search_reads_the_names_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read again after some minutes; by then, a domain's new customer is noticed, too."""
    assert client.names("search=beta") == []
    customers.add(Customer(codename="beta", friendlyname="Beta"))
    client.ask("PATCH", f"{HOME}/2", {"customer": "beta"})
    with monkeypatch.context() as patch:
        patch.setattr(directory, "_read", None)
        assert client.names("search=beta") == []
        assert client.names("search=alpha") == ["alpha"]
    later = replace(client, now=NOW + directory.LASTS)
    assert later.names("search=beta") == ["foxtrot"]


@pytest.mark.usefixtures("client")
def test_new_names_are_read_until_the_index_has_had_time_to_show_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A domain's number is taken a moment before the domain is there."""
    assert directory.find("a.example", NOW) == []
    runtime.take_numbers("maildomain", 1)
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
