"""GET /api/v1/stat/, in the wiki's shape."""

from typing import Any

import pytest

from mxtrax.api.wiki import stat
from mxtrax.model import MailDomain
from mxtrax.store import tables
from tests.api.client import Client
from tests.api.stored import add_domains, add_stat, fail
from tests.api.wiki.promised import STAT

YESTERDAY, TODAY = "2025-11-21", "2025-11-22"


def _ids(page: dict[str, Any]) -> list[int]:
    return [it["id"] for it in page["objects"]]


def _walk(client: Client, link: str) -> list[int]:
    seen: list[int] = []
    while link:
        page = client.get(link).json
        seen += _ids(page)
        link = page["meta"]["next"]
    return seen


def test_a_stat_has_the_wikis_fields(client: Client) -> None:
    """A stat is the wiki's fields first, its whole domain inside, its times in seconds."""
    domain, *_ = add_domains(1)
    fail(domain)
    figures = {"ontime_num": 2, "late_num": 0, "fail_num": 3, "total_num": 5, "unsent_num": 1}
    times = {"min_delivery_time": 400, "max_delivery_time": 600, "total_delivery_time": 1_000}
    add_stat(domain, YESTERDAY, **figures, **times, histogram={150: 1, 160: 1})
    (it,) = client.get("/api/v1/stat/?format=json").json["objects"]
    assert list(it)[:12] == STAT
    assert it["domain"] == client.get("/api/v2/maildomain/1/").json
    assert {name: it[name] for name in figures} == figures
    assert (it["min_delivery_time"], it["max_delivery_time"], it["total_delivery_time"]) == (0.4, 0.6, 1.0)
    assert it["id"] == 120_413
    assert it["resource_uri"] == "/api/v1/stat/120413/"
    assert it["all_done"] is True
    assert it["p50_delivery_time"] < it["p95_delivery_time"]


def test_a_day_without_returns_has_no_times(client: Client) -> None:
    """If nothing came back, the times are null and their sum is 0."""
    domain, *_ = add_domains(1)
    add_stat(domain, TODAY, fail_num=1, total_num=2)
    (it,) = client.get("/api/v1/stat/").json["objects"]
    assert it["min_delivery_time"] is it["max_delivery_time"] is it["p50_delivery_time"] is None
    assert it["total_delivery_time"] == 0
    assert it["all_done"] is False


@pytest.fixture
def grid(client: Client) -> list[MailDomain]:
    """Give three domains, of which the first and the third have figures of three days."""
    domains = add_domains(3)
    for domain in (domains[0], domains[2]):
        for d in ("2025-11-20", YESTERDAY, TODAY):
            add_stat(domain, d, ontime_num=1, total_num=1)
    return domains


@pytest.mark.usefixtures("grid")
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 6, 20])
@pytest.mark.parametrize("filters", ["", "&domain=3", f"&d={TODAY}", f"&d={TODAY}&domain=3", "&domain=2"])
def test_the_links_lead_through_every_list(client: Client, limit: int, filters: str) -> None:
    """Whatever the filter and the size of a page, following next shows each stat once and in order."""
    whole = client.get(f"/api/v1/stat/?limit=0{filters}").json
    assert _walk(client, f"/api/v1/stat/?limit={limit}{filters}") == _ids(whole)
    assert whole["meta"]["total_count"] == len(whole["objects"])


@pytest.mark.usefixtures("grid")
@pytest.mark.parametrize("filters", ["", "&domain=3", f"&d={TODAY}"])
def test_offsets_alone_lead_to_the_same_pages(client: Client, filters: str) -> None:
    """A client that counts its own offsets sees the same stats."""
    whole = _ids(client.get(f"/api/v1/stat/?limit=0{filters}").json)
    for offset in range(len(whole) + 1):
        page = client.get(f"/api/v1/stat/?limit=2&offset={offset}{filters}").json
        assert _ids(page) == whole[offset : offset + 2]


@pytest.mark.usefixtures("grid")
def test_all_stats_come_in_the_order_of_their_ids(client: Client) -> None:
    """Without a filter all stats are there, by domain and day."""
    ids = _ids(client.get("/api/v1/stat/").json)
    assert len(ids) == 6
    assert ids == sorted(ids)


@pytest.mark.usefixtures("grid")
def test_a_stat_is_shown_by_its_number(client: Client) -> None:
    """The object under resource_uri is the one in the list."""
    for listed in client.get("/api/v1/stat/").json["objects"]:
        assert client.get(listed["resource_uri"]).json == listed


@pytest.mark.usefixtures("grid")
def test_a_number_that_is_no_stats_is_not_found(client: Client) -> None:
    """Whatever is given as an id, the answer is 404."""
    for wrong in ("1", "220414", "120400", "199999", "9" * 15, "9" * 16, "x", "-120413"):
        assert (wrong, client.get(f"/api/v1/stat/{wrong}/").status) == (wrong, 404)


@pytest.mark.usefixtures("grid")
def test_an_unknown_domain_has_no_stats(client: Client) -> None:
    """A filter that fits nothing gives an empty list."""
    page = client.get("/api/v1/stat/?domain=99").json
    assert (page["objects"], page["meta"]["total_count"]) == ([], 0)


def test_stats_of_a_domain_that_is_gone_are_left_out(client: Client, grid: list[MailDomain]) -> None:
    """A day whose domain was removed cannot be shown, and the rest of the list stays."""
    tables.MailDomainRow(grid[0].key).delete()
    assert len(client.get(f"/api/v1/stat/?d={TODAY}").json["objects"]) == 1
    assert len(client.get("/api/v1/stat/").json["objects"]) == 3


def test_a_walk_through_domains_without_days_comes_to_an_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page may end before it is full; following next still leads to everything."""
    monkeypatch.setattr(stat, "MOST_DOMAINS", 3)
    *_, last = add_domains(8)
    add_stat(last, TODAY, total_num=1)
    first = client.get("/api/v1/stat/").json
    assert (first["objects"], first["meta"]["next"] is None) == ([], False)
    assert len(_walk(client, "/api/v1/stat/")) == 1


@pytest.mark.parametrize(
    "query",
    [
        "format=xml",
        "format=",
        "limit=-1",
        "limit=x",
        "limit=",
        "offset=-1",
        "offset=9999999",
        "offset=9999999999999999",
        "domain=x",
        "d=yesterday",
        "d=2025-13-01",
        "d=20251122",
        "d=2025-W47-6",
        "colour=red",
        "after=x",
        f"d={TODAY}&after=" + "a" * 500,
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_in_a_sentence(client: Client, query: str) -> None:
    """Bad input is a 400 that names the field and what would be right."""
    answer = client.get(f"/api/v1/stat/?{query}")
    assert answer.status in {400, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["field"] in answer.json["detail"]
