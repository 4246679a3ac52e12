"""The rest of the API: CSV, tests by hand, unmatched mail, figures, windows, metrics, the document."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest

from mxtrax.api import ROUTES
from mxtrax.api.v3.maildomains import export
from mxtrax.aws import clients
from mxtrax.jobs import rollup
from mxtrax.model import Customer, HourOfDay, MailDomain
from mxtrax.runtime.environment import Settings
from mxtrax.store import fleet, settings
from tests.api.client import NOW, Client, add_domains, add_stat, fail
from tests.every_request import CONFIG, HEADER, WINDOW

HOME = "/api/v3/maildomains"


@pytest.fixture
def outside(client: Client) -> Iterator[Client]:
    """Give a client of an API with a bucket and a queue."""
    clients.forget_clients()
    s3, sqs = boto3.client("s3"), boto3.client("sqs")
    s3.create_bucket(Bucket="inbox", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    queue = sqs.create_queue(QueueName="send")["QueueUrl"]
    yield replace(client, settings=Settings(tables="t-", bucket="inbox", send_queue=queue))
    for each in s3.list_objects_v2(Bucket="inbox").get("Contents", []):
        s3.delete_object(Bucket="inbox", Key=each["Key"])
    s3.delete_bucket(Bucket="inbox")
    sqs.delete_queue(QueueUrl=queue)
    clients.forget_clients()


# --- CSV


def test_a_fleet_comes_in_by_csv_with_the_wikis_counts(client: Client) -> None:
    """The dry run tells what the import then does; a second import changes nothing."""
    rows = ["Acme,acme,mx,a.example", "Acme,acme,mx,b.example", "Acme,acme,mx,a.example", "Bad,bad,mx,no domain"]
    raw = "\r\n".join([HEADER, *rows]).encode("utf-8-sig")
    dry = client.ask("POST", f"{HOME}/import?dry_run=true", raw).json
    assert (dry["imported"], dry["already_there"], dry["problematic"], dry["rows"]) == (2, 0, 2, 4)
    assert [it["line"] for it in dry["bad"]] == [4, 5]
    assert client.get(HOME).json["items"] == []
    done = client.ask("POST", f"{HOME}/import", raw).json
    assert done == {**dry, "dry_run": False}
    assert done["adds_up"]
    again = client.ask("POST", f"{HOME}/import", raw).json
    assert (again["imported"], again["already_there"], again["adds_up"]) == (0, 2, True)
    (kept,) = client.get("/api/v3/audit?target=fleet").json["items"]
    assert kept["after"]["imported"] == 2


def test_a_formula_leaves_as_text_and_comes_back_as_it_was(client: Client) -> None:
    """What a spreadsheet would run gets an apostrophe, which the import takes away again."""
    for number, name in enumerate(("=1+1", "@SUM(A1)", "+49", "-1", '=HYPERLINK("http://x")')):
        fleet.add_customer(Customer(codename=f"c{number}", friendlyname=name))
        fleet.add([MailDomain(id=0, testuser="mx", domainname=f"d{number}.example", customer=f"c{number}")])
    answer = client.get(f"{HOME}/export")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = answer.body.splitlines()
    assert lines[0] == HEADER
    assert not [line for line in lines[1:] if line.lstrip('"')[0] in "=+-@"]
    again = client.ask("POST", f"{HOME}/import?dry_run=true", answer.body.encode()).json
    assert (again["already_there"], again["problematic"]) == (5, 0)


def test_a_whole_fleet_goes_out_and_comes_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """With limits, switches and tags; the parts of a large fleet have the same columns."""
    monkeypatch.setattr(export, "ROWS", 1)
    client.ask("POST", HOME, {"testuser": "mx", "domainname": "a.example", "maxfailpercentage": 2.5, "tags": ["vip"]})
    client.ask("POST", HOME, {"testuser": "mx", "domainname": "b.example", "maintmode": True})
    shown = [{**it, "id": 0} for it in client.get(f"{HOME}?sort=id").json["items"]]
    first = client.get(f"{HOME}/export?columns=all")
    second = client.get(first.headers["Link"].partition("<")[2].partition(">")[0])
    for number in (1, 2):
        client.ask("DELETE", f"{HOME}/{number}")
    for part in (first, second):
        assert client.ask("POST", f"{HOME}/import", part.body.encode()).json["imported"] == 1
    again = client.get(f"{HOME}?sort=id").json["items"]
    assert [{**it, "id": 0} for it in again] == shown


def test_a_file_that_is_no_such_csv_is_refused(client: Client) -> None:
    """One sentence says what the file should be; a file that is too large is not read."""
    assert client.ask("POST", f"{HOME}/import", b"a,b\n1,2\n").json["field"] == "file"
    assert client.ask("POST", f"{HOME}/import", b"").status == 422
    assert client.ask("POST", f"{HOME}/import", b"x" * 4_000_001).status == 413


# --- by hand


def test_a_test_is_sent_by_hand(outside: Client) -> None:
    """The order is that of a planned test; asked for twice in a second, it is one test."""
    settings.save(replace(settings.load(outside.settings.initial), sendinguser="mxtrax@monitor.example.net"))
    add_domains(1)
    first = outside.ask("POST", f"{HOME}/1/test")
    again = replace(outside, now=NOW + 1).ask("POST", f"{HOME}/1/test")
    assert (first.status, first.json) == (202, again.json)
    assert first.headers["Location"] == f"/api/v3/mailtests/{first.json['testid']}"
    (message, *_) = boto3.client("sqs").receive_message(QueueUrl=outside.settings.send_queue)["Messages"]
    batch = json.loads(message["Body"])
    assert (batch["in_time"], batch["tests"][0]["to"]) == (True, "user@domain1.com")
    assert outside.ask("POST", f"{HOME}/99/test").status == 404


def test_nothing_is_sent_without_a_sender(outside: Client) -> None:
    """The refusal says what to set."""
    add_domains(1)
    answer = outside.ask("POST", f"{HOME}/1/test")
    assert (answer.status, answer.json["field"]) == (422, "sendinguser")


def test_the_alarm_is_rehearsed(outside: Client) -> None:
    """Every channel is told of a failing and a recovery that nobody had; what became of each is told back."""
    boto3.client("sesv2").create_email_identity(EmailIdentity=str(CONFIG["sendinguser"]))
    topic = boto3.client("sns").create_topic(Name="alerts")["TopicArn"]
    client = replace(outside, settings=replace(outside.settings, alert_topic=topic))
    assert client.ask("POST", "/api/v3/test-alert").json["taken"]
    client.ask("PUT", "/api/v3/config", CONFIG)
    told = client.ask("POST", "/api/v3/test-alert").json
    assert told["taken"]
    assert {(it["channel"], it["notice"]) for it in told["channels"]} == {
        ("ops@example.org", "opened"),
        ("ops@example.org", "closed"),
        ("topic", "opened"),
        ("topic", "closed"),
    }
    assert client.signed_in("viewer").ask("POST", "/api/v3/test-alert").status == 403


# --- unmatched mail


def test_unmatched_mail_is_listed_shown_as_text_and_deleted(outside: Client) -> None:
    """Whatever is in a mail, it arrives as text that controls nothing."""
    raw = b"From: x@evil.example\r\nSubject: =?utf-8?q?=1B[2J<script>?=\r\n\r\n<img src=x onerror=alert(1)>\x1b[31m\x00\r\n"
    boto3.client("s3").put_object(Bucket="inbox", Key="unmatched/mail1", Body=raw)
    (listed,) = outside.get("/api/v3/unmatched").json["items"]
    assert (listed["id"], listed["from"], listed["subject"]) == ("mail1", "x@evil.example", "\ufffd[2J<script>")
    shown = outside.get("/api/v3/unmatched/mail1").json
    assert "<img src=x onerror=alert(1)>\ufffd[31m\ufffd\n" in shown["text"]
    assert shown["size"] == len(raw)
    assert outside.ask("DELETE", "/api/v3/unmatched/mail1").status == 204
    assert outside.get("/api/v3/unmatched/mail1").status == 404
    assert outside.get("/api/v3/unmatched").json == {"items": [], "next": None}


def test_unmatched_mail_is_paged(outside: Client) -> None:
    """Following next leads to each mail once."""
    for number in range(5):
        boto3.client("s3").put_object(Bucket="inbox", Key=f"unmatched/mail{number}", Body=b"Subject: x\n\n")
    found, link = [], "/api/v3/unmatched?limit=2"
    while link:
        page = outside.get(link).json
        found += [it["id"] for it in page["items"]]
        link = page["next"]
    assert sorted(found) == [f"mail{number}" for number in range(5)]


@pytest.mark.parametrize("number", ["..%2Finbox%2Fmail", "../inbox/mail", "a.b", "a" * 201, "%00"])
def test_only_unmatched_mail_can_be_reached(outside: Client, number: str) -> None:
    """No id leads out of the folder."""
    boto3.client("s3").put_object(Bucket="inbox", Key="inbox/mail", Body=b"Subject: x\n\n")
    for method in ("GET", "DELETE"):
        assert outside.ask(method, f"/api/v3/unmatched/{number}").status in {404, 405}
    assert boto3.client("s3").list_objects_v2(Bucket="inbox")["KeyCount"] == 1


# --- figures


def test_days_are_shown_of_a_domain_and_added_up(client: Client) -> None:
    """A domain's days, and those of all domains, customers and providers as the hourly run adds them up."""
    fleet.add_customer(Customer(codename="acme", friendlyname="Acme"))
    for number, codename in enumerate(("acme", "acme", ""), start=1):
        (domain,) = fleet.add([MailDomain(id=0, testuser="mx", domainname=f"d{number}.example", customer=codename)])
        figures = {"ontime_num": number, "total_num": number + 1, "fail_num": 1, "total_delivery_time": number * 1_000}
        add_stat(domain, "2025-11-22", **figures, min_delivery_time=number, histogram={100: number})
        add_stat(domain, "2025-11-21", ontime_num=1, total_num=1)
    shown = client.get(f"{HOME}/2/stats?from=2025-11-21&to=2025-11-22").json
    assert [it["d"] for it in shown["days"]] == ["2025-11-21", "2025-11-22"]
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


def test_hours_are_shown_of_a_domain(client: Client) -> None:
    """Each by its moment; hours in which nothing was sent are left out, and so are other days."""
    (domain,) = add_domains(1)
    add_stat(domain, "2025-11-21", hours={23: HourOfDay(ontime=4)})
    add_stat(domain, "2025-11-22", hours={9: HourOfDay(3, 1, 2, 5, 6), 0: HourOfDay(ontime=4)})
    shown = client.get(f"{HOME}/1/hours?from=2025-11-22&to=2025-11-22").json["items"]
    assert [it["at"] for it in shown] == ["2025-11-22T00:00:00Z", "2025-11-22T09:00:00Z"]
    assert shown[1] == {
        "at": "2025-11-22T09:00:00Z", "ontime": 3, "late": 1, "missed": 2, "unsent": 5, "quiet": 6, "total": 6,
    }  # fmt: skip
    assert len(client.get(f"{HOME}/1/hours").json["items"]) == 3
    assert client.get(f"{HOME}/1/hours?from=2025-10-01&to=2025-11-22").json["field"] == "from"
    assert client.get(f"{HOME}/99/hours").status == 404


@pytest.mark.parametrize(
    "query", ["from=2025-11-23", "from=2020-01-01", "by=customer", "name=x", "from=x", "by=colour"]
)
def test_a_range_that_makes_no_sense_is_refused(client: Client, query: str) -> None:
    """Too long, turned round, or of nobody."""
    assert client.get(f"/api/v3/stats?{query}").status in {400, 422}


# --- windows


def test_a_window_is_planned_changed_and_removed(client: Client) -> None:
    """A window says whether it is on now; each step is in the audit."""
    body = {**WINDOW, "start": "2025-11-22T12:00", "end": "2025-11-22T14:00", "zone": "Europe/Berlin"}
    added = client.ask("POST", "/api/v3/windows", body)
    assert (added.status, added.json["now"]) == (201, True)
    path = added.headers["Location"]
    changed = client.ask("PATCH", path, {"start": "2025-11-22T13:30", "note": "new disks"}).json
    assert (changed["now"], changed["note"]) == (False, "new disks")
    assert client.get("/api/v3/windows").json["items"] == [{**changed, "occurrences": None}]
    assert client.ask("DELETE", path).status == 204
    assert client.get(path).status == 404
    assert {it["what"] for it in client.get("/api/v3/audit").json["items"]} == {
        "window.add",
        "window.change",
        "window.remove",
    }


def test_a_window_that_was_changed_meanwhile_is_told_with_both(client: Client) -> None:
    """Neither a change nor a removal is made of a version that nobody has seen."""
    added = client.ask("POST", "/api/v3/windows", WINDOW)
    path, seen = added.headers["Location"], {"If-Match": added.headers["ETag"]}
    assert client.ask("PATCH", path, {"note": "one"}, seen).headers["ETag"] == '"2"'
    for method, body in (("PATCH", {"note": "two"}), ("DELETE", None)):
        late = client.ask(method, path, body, seen)
        assert (late.status, late.json["current"]["note"]) == (409, "one")
    assert client.ask("PATCH", path, {"note": "two", "version": 2}).json["version"] == 3
    assert client.get(path).headers["ETag"] == '"3"'
    assert client.ask("DELETE", path, headers={"If-Match": '"3"'}).status == 204


def test_a_calendar_is_told_when_the_windows_are(client: Client) -> None:
    """By the wall's clock of their zone, also when summer time ends; what only reaches into the time is there, too."""
    night = {"scope": "all", "start": "2026-10-18T22:00", "end": "2026-10-19T02:00", "zone": "Europe/Berlin"}
    client.ask("POST", "/api/v3/windows", {**night, "weekly": True})
    client.ask("POST", "/api/v3/windows", WINDOW)
    weekly, once = client.get("/api/v3/windows?from=2026-10-18T23:00:00Z&to=2026-11-01T20:00:00Z").json["items"]
    assert weekly["occurrences"] == [
        {"start": "2026-10-18T20:00:00Z", "end": "2026-10-19T00:00:00Z"},
        {"start": "2026-10-25T21:00:00Z", "end": "2026-10-26T01:00:00Z"},
    ]
    assert once["occurrences"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-10-18T23:00:00Z", "to"),
        ("from=2026-10-18T23:00:00Z&to=2026-10-18T23:00:00Z", "to"),
        ("from=2026-10-18T23:00:00Z&to=2027-10-18T23:00:00Z", "to"),
    ],
)
def test_a_calendar_is_of_some_months_at_most(client: Client, query: str, field: str) -> None:
    """From one moment to a later one."""
    answer = client.get(f"/api/v3/windows?{query}")
    assert (answer.status, answer.json["field"]) == (422, field)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"end": "2026-11-22T21:00"}, "end"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"start": "2026-11-22 at ten"}, "start"),
        ({"start": "2026-11-22T22:00+01"}, "start"),
        ({"end": "2026-12-22T22:00", "weekly": True}, "end"),
        ({"target": "acme"}, "target"),
        ({"scope": "customer"}, "target"),
        ({"scope": "customer", "target": "nobody"}, "target"),
        ({"scope": "domain", "target": "mx@nowhere.example"}, "target"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(client: Client, changes: dict[str, Any], field: str) -> None:
    """The sentence names the field."""
    answer = client.ask("POST", "/api/v3/windows", {**WINDOW, **changes})
    assert (answer.status, answer.json["field"]) == (422, field)


# --- metrics and the document


def test_metrics_are_openmetrics(client: Client) -> None:
    """WindowCounts, the failing domains by name, and the end that the format asks for."""
    domain, *_ = add_domains(2)
    fail(domain)
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    lines = answer.body.splitlines()
    assert {'mxtrax_domains{status="down"} 1', 'mxtrax_domains{status="setup"} 1'} <= set(lines)
    assert 'mxtrax_domain_failing{domain="user@domain1.com",customer=""} 1' in lines
    assert answer.body.endswith("# EOF\n")


def test_the_document_has_every_route(client: Client) -> None:
    """Method by method, with who may, what it takes and what it gives."""
    document = client.get("/api/v3/openapi.json").json
    assert document["openapi"] == "3.1.0"
    there = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert there == {route.name.replace("<", "{").replace(">", "}") for route in ROUTES}
    names = [it["operationId"] for methods in document["paths"].values() for it in methods.values()]
    assert len(set(names)) == len(names)
    assert all(it["summary"] and it["description"] for methods in document["paths"].values() for it in methods.values())


def test_a_config_of_the_document_is_taken(client: Client) -> None:
    """The body that the other tests send is one that PUT takes."""
    assert client.ask("PUT", "/api/v3/config", CONFIG).status == 200
