"""GET /api/v2/maildomain/ and /api/v2/maildomain/<id>/, in the wiki's shape."""

from mxtrax.model import MailDomain
from mxtrax.store import fleet
from tests.api.client import Client
from tests.api.stored import add_domains, fail
from tests.api.wiki.promised import MAILDOMAIN


def test_the_list_has_the_wikis_shape(client: Client) -> None:
    """The list is meta and objects, each object the wiki's six fields first."""
    domain, *_ = add_domains(1)
    fail(domain)
    answer = client.get("/api/v2/maildomain/?format=json")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json["meta"] == {"limit": 20, "next": None, "offset": 0, "previous": None, "total_count": 1}
    (it,) = answer.json["objects"]
    assert list(it)[:6] == MAILDOMAIN
    assert it == {
        "domainname": "domain1.com",
        "failing": True,
        "id": 1,
        "maintmode": False,
        "resource_uri": "/api/v2/maildomain/1/",
        "testuser": "user",
        "customer": None,
        "status": "down",
        "since": "2025-11-22T11:00:00Z",
    }


def test_the_links_lead_through_the_whole_list(client: Client) -> None:
    """Following next shows each domain once, in the order of ids."""
    add_domains(45)
    seen, link = [], "/api/v2/maildomain/?format=json"
    while link:
        page = client.get(link).json
        seen += [it["id"] for it in page["objects"]]
        assert page["meta"]["total_count"] == 45
        link = page["meta"]["next"]
    assert seen == list(range(1, 46))


def test_offsets_alone_lead_to_the_same_pages(client: Client) -> None:
    """A client that counts its own offsets, as the original's had to, sees the same."""
    add_domains(5)
    page = client.get("/api/v2/maildomain/?limit=2&offset=2").json
    assert [it["id"] for it in page["objects"]] == [3, 4]
    assert page["meta"]["previous"] == "/api/v2/maildomain/?limit=2&offset=0"
    assert page["meta"]["next"] == "/api/v2/maildomain/?limit=2&offset=4&after=4"


def test_the_last_page_has_no_next(client: Client) -> None:
    """A list that ends with its page says so."""
    add_domains(4)
    assert client.get("/api/v2/maildomain/?limit=2&offset=2").json["meta"]["next"] is None


def test_a_limit_of_zero_means_the_maximum(client: Client) -> None:
    """limit=0 and a limit above the maximum both give up to 1000."""
    add_domains(25)
    for limit in (0, 5_000):
        page = client.get(f"/api/v2/maildomain/?limit={limit}").json
        assert page["meta"]["limit"] == 1_000
        assert len(page["objects"]) == 25


def test_an_empty_fleet_is_an_empty_list(client: Client) -> None:
    """It is not an error."""
    page = client.get("/api/v2/maildomain/").json
    assert page["objects"] == []
    assert page["meta"]["total_count"] == 0


def test_one_domain_is_shown_by_its_number(client: Client) -> None:
    """The object under resource_uri is the one in the list."""
    add_domains(2)
    listed = client.get("/api/v2/maildomain/").json["objects"][1]
    assert client.get(f"{listed['resource_uri']}?format=json").json == listed


def test_a_number_that_is_no_domains_is_not_found(client: Client) -> None:
    """Whatever is given as an id, the answer is 404 and never a fault."""
    add_domains(1)
    for wrong in ("2", "0", "-1", "abc", "1e3", "\u0661", "9" * 40, "%00"):
        answer = client.get(f"/api/v2/maildomain/{wrong}/")
        assert (wrong, answer.status) == (wrong, 404)
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_names_arrive_as_they_are(client: Client) -> None:
    """A name that would break HTML is plain text in JSON."""
    fleet.add([MailDomain(id=0, testuser="<b>'\"&", domainname="x.example")])
    assert client.get("/api/v2/maildomain/1/").json["testuser"] == "<b>'\"&"
