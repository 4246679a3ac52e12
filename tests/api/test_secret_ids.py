"""A test that is still out: on every route, only operators learn the ids by which a mail would count as its return."""

import base64
import re
from dataclasses import replace

import boto3
import pytest

from mxtrax.api.rights import RIGHTS
from mxtrax.model.fleet import Customer, MailDomain
from mxtrax.model.health import DomainHealth
from mxtrax.model.incident import Incident
from mxtrax.model.moments import Millis
from mxtrax.model.test import Cause, Kind, MailTest, SmtpReply
from mxtrax.model.trace import MessageTrace
from mxtrax.rules.roles import Role
from mxtrax.store import customers, fleet, mailtests, mapping
from tests.api.client import NOW, Client
from tests.api.stored import make_link, put_health

PENDING, OVERDUE, BACK, OLD = (f"0a0a0a0a-0000-4000-8000-00000000000{number}" for number in range(4))
OUT = {PENDING: "0102019ab12c3d4e-00000001-000000", OVERDUE: "0102019ab12c3d4e-00000002-000000"}
SECRET = (*OUT, *OUT.values())
MAIL = "mail-that-was-set-aside"

READS = [name for name, right in RIGHTS.items() if name.startswith("GET ") and right.role != Role.ADMIN]
PATHS = sorted(name.removeprefix("GET ") for name in READS)


@pytest.fixture
def house(outside: Client) -> Client:
    """Give a client of a deployment with tests out, whose ids are wherever a server or a stranger can have put them."""
    customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
    (domain,) = fleet.add([MailDomain(id=0, testuser="mx", domainname="acme.example", customer="acme")])
    put_health(DomainHealth(maildomain=domain.key, incident="1-1"))
    for testid, age in ((OLD, 2_000_000), (BACK, 400_000), (OVERDUE, 350_000), (PENDING, 60_000)):
        _sent(testid, domain, NOW - age)
    mailtests.returned(BACK, NOW - 390_000, Kind.MESSAGE, "mail1", None)
    said = SmtpReply(at=NOW, text="550 5.1.1 no such user", cause=Cause.REFUSED, by_mail=True)
    for testid, ses_id in OUT.items():
        trace = MessageTrace(headers=f"To: mxtrax+{testid}@monitor.example", subject_after=f"Undelivered: {testid}")
        mailtests.heard(testid, "refused", said, ses_id, trace)
    for number, testid in enumerate((PENDING, OVERDUE, BACK, OLD), start=1):
        it = Incident(id=f"1-{number}", maildomain=domain.key, customer="acme", opened=NOW + number, testid=testid)
        mapping.incident_row(it).save()
    raw = f"From: mxtrax+{PENDING}@x.example\r\nSubject: Held: {OVERDUE}\r\n\r\nTest {PENDING}, {OUT[PENDING]}\r\n"
    boto3.client("s3").put_object(Bucket="inbox", Key=f"unmatched/{MAIL}", Body=raw.encode())
    return outside.signed_in("viewer")


def _sent(testid: str, domain: MailDomain, at: Millis) -> None:
    test = MailTest(testid=testid, maildomain=domain.key, sendtime=at, maxreturntime=300, max_sec_until_fail=900)
    mailtests.create([test], 90)
    mailtests.accepted({testid: OUT.get(testid, f"ses-{testid[-1]}")}, at)


def _asked(path: str) -> list[str]:
    """Give a route's possible requests: each test, each incident, and every page of a list."""
    number = "10020414" if "/stat/" in path else "1"
    path = (
        path.replace("<number>", number).replace("<codename>", "acme").replace("<mail>", MAIL).replace("<window>", "1")
    )
    found = [
        path.replace("<testid>", testid).replace("<incident>", f"1-{one}") for one, testid in enumerate(OUT, start=1)
    ]
    return list(dict.fromkeys(found))


def _opened(text: str) -> str:
    """Give an answer with its cursors decoded: they are not encrypted."""
    packed = re.findall(r"after=([A-Za-z0-9_-]{8,})", text)
    return text + "".join(base64.urlsafe_b64decode(one[: len(one) // 4 * 4]).decode("latin-1") for one in packed)


@pytest.mark.parametrize("groups", [("viewer",), ("viewer", "customer:acme")])
@pytest.mark.parametrize("path", PATHS)
def test_a_viewer_finds_no_id_of_a_test_that_is_out(house: Client, path: str, groups: tuple[str, ...]) -> None:
    """Neither in what a route gives nor in where its next page begins."""
    viewer = house.signed_in(*groups)
    for asked in _asked(path):
        for query in ("", "?limit=1"):
            answer = viewer.get(asked + query)
            shown = _opened(answer.body)
            assert answer.status in {200, 400, 403, 404, 503}, answer.body
            assert not [one for one in SECRET if one in shown.replace(asked, "")], asked


def test_a_machine_that_reads_finds_none_either(house: Client) -> None:
    """The scope `read` is that of a viewer."""
    machine = replace(house, claims={"client_id": "m2m", "scope": "mxtrax/read"})
    tests = machine.get("/api/v3/maildomains/1/mailtests").json["items"]
    assert [it["testid"] for it in tests] == [None, None, BACK, OLD]


def test_strangers_find_none_on_the_public_page(house: Client) -> None:
    """Nor in the badge, nor in what programs read."""
    link = make_link(house.signed_in("operator"))
    for form in ("", "/badge.svg", "/status.json"):
        body = replace(house, claims=None).get(link + form).body
        assert not [one for one in SECRET if one in body]


def test_a_viewer_reads_them_once_nothing_can_change_the_test(house: Client) -> None:
    """When it has returned, or finally failed; an operator, who may send tests, reads them all."""
    listed = "/api/v3/maildomains/1/mailtests"
    assert [it["testid"] for it in house.get(listed).json["items"]] == [None, None, BACK, OLD]
    later = replace(house, now=NOW + 1_000_000)
    assert [it["testid"] for it in later.get(listed).json["items"]] == [PENDING, OVERDUE, BACK, OLD]
    incidents = [it["testid"] for it in house.get("/api/v3/incidents").json["items"]]
    assert sorted(filter(None, incidents)) == [BACK, OLD]
    operator = house.signed_in("operator")
    assert [it["testid"] for it in operator.get(listed).json["items"]] == [PENDING, OVERDUE, BACK, OLD]
    whole = operator.get(f"/api/v3/mailtests/{PENDING}").json
    assert (whole["testid"], whole["ses_message_id"]) == (PENDING, OUT[PENDING])
    assert PENDING in whole["headers"]
    assert PENDING in operator.get(f"/api/v3/unmatched/{MAIL}").json["text"]


def test_pages_follow_each_other_without_naming_a_test(house: Client) -> None:
    """Each test comes once, and a cursor of another list is refused."""
    found, link = [], "/api/v3/maildomains/1/mailtests?limit=1"
    while link:
        page = house.get(link).json
        found += [it["sendtime"] for it in page["items"]]
        link = page["next"]
    assert len(found) == len(set(found)) == 4
    for cursor in ("WyJhIl0", "12", "x.1", "12.1000", "-1.0"):
        assert house.get(f"/api/v3/maildomains/1/mailtests?after={cursor}").status == 422
