"""The whole stack on the local AWS: CSV in, mails over SMTP, then figures, incidents, alerts and the API out."""

import email
import json
import mailbox
import time
from dataclasses import replace
from email.policy import default
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlsplit
from urllib.request import Request, urlopen

import pytest

from infra.demo.act_customers import Judged
from infra.local.aws import surroundings
from infra.local.customers import TABLE, Customer
from infra.local.world import SAMPLE_FLEET, read_fleet
from mxtrax.jobs import sweep
from mxtrax.model import DAY, MINUTE, Kind, MailTest, MessageTrace, Stat, State, Verdict
from mxtrax.rules.statistics import add_to_stat, day_of
from mxtrax.runtime.environment import Settings
from mxtrax.store import fleet, incidents, mailtests, stats
from mxtrax.store.health import health_of
from tests.api.wiki.promised import MAILDOMAIN, STAT
from tests.e2e.conftest import Played
from tests.eventually import eventually

LOOP = "loop@monitor.example.net"
LINK = "Acknowledge or mute: "
FAILING = [customer for customer in TABLE if customer.expected.state is State.FAILING]


def http(played: Played, path: str, token: str = "") -> tuple[int, Any]:
    """Call the API over HTTP; without a token, as a stranger."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        request = Request(played.world.api_url + path, headers=headers)  # noqa: S310 -- our own address on loopback
        with urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def get(played: Played, url: str) -> Any:
    """Ask the API as API Gateway does once it has checked a viewer's token."""
    parts = urlsplit(url)
    claims = {"username": "viewer", "cognito:groups": "[viewer]"}
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": parts.path,
        "rawQueryString": parts.query,
        "headers": {"accept": "application/json"},
        "queryStringParameters": dict(parse_qsl(parts.query)),
        "requestContext": {
            "stage": "$default",
            "http": {"method": "GET", "path": parts.path},
            "authorizer": {"jwt": {"claims": claims, "scopes": None}},
        },
    }
    name = played.world.outputs["ApiFunction"]
    answer = played.world.aws.functions.invoke(FunctionName=name, Payload=json.dumps(event).encode())
    answered = json.load(answer["Payload"])
    assert answered["statusCode"] == 200, answered
    return json.loads(answered["body"])


def named(customer: Customer) -> str:
    """Name a case by its domain."""
    return customer.domain


def test_the_fleet_is_the_one_in_the_csv_file(played: Played) -> None:
    """Each row of the sample fleet is a domain, with its customer and a number of its own; our own loop is added."""
    rows = read_fleet(SAMPLE_FLEET).good
    domains = {domain.key: domain for domain in fleet.in_order()}
    assert domains.pop(LOOP).control
    assert {row.domain.key: row.domain.customer for row in rows} == {
        key: domain.customer for key, domain in domains.items()
    }
    assert sorted(domain.id for domain in domains.values()) == list(range(1, len(rows) + 1))
    assert (played.world.fleet.imported, played.world.fleet.there) == (len(rows), 0)


@pytest.mark.parametrize("customer", TABLE, ids=named)
def test_a_customer_is_found_to_do_what_it_does(played: Played, customer: Customer) -> None:
    """Verdict, cause, state, sentence and alert are those that the customers' table expects."""
    judged: dict[str, Judged] = {it.domain: it for it in played.outcome.domains}
    assert not judged[customer.domain].wrong


def test_two_domains_of_one_operator_are_one_alarm(played: Played) -> None:
    """One story lists both, and machines get a message for each with the provider in an attribute."""
    assert [check for check in played.outcome.checks if not check.ok] == []


@pytest.mark.parametrize("customer", TABLE, ids=named)
def test_a_day_says_what_its_tests_say(played: Played, customer: Customer) -> None:
    """Stat equals a new count of all the domain's tests; both were written by the real functions."""
    assert played.world

    def agrees() -> bool:
        tests = [test for test in mailtests.of_domain(customer.mailbox) if test.counted is not Verdict.PENDING]
        days = {stat.d: stat for stat in stats.of_domain(customer.mailbox)}
        return bool(tests) and {d: figures(stat) for d, stat in days.items()} == counted_anew(tests)

    assert eventually(agrees)


def figures(stat: Stat) -> Stat:
    """Leave out write counters."""
    return replace(stat, version=0)


def counted_anew(tests: list[MailTest]) -> dict[str, Stat]:
    """Count each test once, from nothing, under the verdict it has."""
    days = dict[str, Stat]()
    for test in tests:
        d = day_of(test.sendtime)
        blank = Stat(maildomain=test.maildomain, d=d)
        days[d] = add_to_stat(days.get(d, blank), replace(test, counted=Verdict.PENDING), test.counted)
    return days


@pytest.mark.parametrize("customer", FAILING, ids=named)
def test_a_failing_domain_has_one_incident_and_it_was_told(played: Played, customer: Customer) -> None:
    """The incident is open, has its evidence, and the time of its notice."""
    assert played.world
    (incident,) = incidents.of_domain(customer.mailbox)
    health = health_of(customer.mailbox)
    assert incident.id == health.incident
    assert incident.closed is None
    assert incident.evidence
    assert eventually(lambda: next(iter(incidents.of_domain(customer.mailbox))).notified)


def test_the_alert_mails_tell_of_every_failing_domain_in_the_servers_words(played: Played) -> None:
    """Text and HTML say the same: who is failing, and what the server said."""
    folder = mailbox.Maildir(played.world.mailbox, create=False)
    mails = [email.message_from_bytes(mail.as_bytes(), policy=default) for mail in folder]
    assert all(mail["Subject"].startswith(("[DOWN] ", "[SLOW] ", "[SET-UP] ")) for mail in mails[:1])
    for kind in ("plain", "html"):
        bodies = [body.get_content() for mail in mails if (body := mail.get_body((kind,)))]
        everything = " ".join("\n".join(bodies).split())
        assert all(customer.mailbox in everything for customer in FAILING)
        assert "Your organization does not allow external forwarding" in everything
        assert "Mailbox size limit exceeded" in everything


def test_a_link_in_a_mail_leads_to_a_page_that_acts(played: Played) -> None:
    """A separate function serves it to strangers: looking changes nothing, the button says who is on it."""
    folder = mailbox.Maildir(played.world.mailbox, create=False)
    mails = [email.message_from_bytes(mail.as_bytes(), policy=default) for mail in folder]
    bodies = [str(body.get_content()) for mail in mails if (body := mail.get_body(("plain",)))]
    link = next(text for text in bodies if LINK in text).partition(LINK)[2].splitlines()[0].split()[-1]
    assert link.startswith(f"{played.world.api_url}/act/")
    page = _page(Request(link))  # noqa: S310 -- our own address on loopback
    key = page.partition("<bdi>")[2].partition("</bdi>")[0]
    assert "nobody yet" in page
    assert next(incidents.of_domain(key)).acknowledged is None
    assert "Anna (by mail)" in _page(Request(link, b"who=Anna&do=acknowledge"))  # noqa: S310
    assert next(incidents.of_domain(key)).acknowledged_by == "Anna (by mail)"


def _page(request: Request) -> str:
    with urlopen(request, timeout=30) as answer:  # noqa: S310 -- our own address on loopback
        assert answer.headers["Cache-Control"] == "no-store"
        return str(answer.read().decode())


def test_nothing_is_lost_on_the_way(played: Played) -> None:
    """Every mail that came in was accounted for: none is left in the inbox, none was unmatched, no dead letter."""
    it = played.world
    bucket, prefix = it.outputs["InboxBucket"], it.outputs["InboxPrefix"]

    def left(under: str) -> list[str]:
        return [entry["Key"] for entry in it.aws.s3.list_objects_v2(Bucket=bucket, Prefix=under).get("Contents", [])]

    assert eventually(lambda: not left(prefix))
    assert not left("unmatched/")
    queues = [url for url in it.aws.sqs.list_queues().get("QueueUrls", []) if "Dead" in url]
    assert len(queues) == 5
    for url in queues:
        found = it.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        assert found["Attributes"]["ApproximateNumberOfMessages"] == "0", url


def test_the_api_answers_in_the_wikis_shape(played: Played) -> None:
    """Lists have meta and objects, and objects have at least the wiki's fields."""
    listed = get(played, "/api/v2/maildomain/?format=json&limit=100")
    assert listed["meta"]["total_count"] == len(TABLE) + 1
    assert all(each.keys() >= set(MAILDOMAIN) for each in listed["objects"])
    failing = {each["domainname"] for each in listed["objects"] if each["failing"]}
    assert failing == {customer.domain for customer in FAILING}
    one = listed["objects"][0]
    assert get(played, one["resource_uri"]) == one
    stats = get(played, f"/api/v1/stat/?domain={one['id']}")["objects"]
    assert stats
    assert all(each.keys() >= set(STAT) and each["domain"] == one for each in stats)


def test_the_api_answers_over_http(played: Played) -> None:
    """/health is open to all and says that rounds take place; everything else is closed to strangers."""
    played.world.ask("PlanFunction")
    played.world.ask("AlertFunction")
    played.world.ask("WatchFunction")
    eventually(lambda: http(played, "/health")[0] == 200)
    _, told = http(played, "/health")
    assert told["ages"].keys() == {"plan", "send", "aggregate", "alert", "watch", "sweep", "rollup"}
    assert http(played, "/api/v2/maildomain/?format=json")[0] == 401


@pytest.mark.parametrize("verdict", [Verdict.ONTIME, Verdict.LATE])
def test_the_way_of_a_test_that_came_back_is_kept(played: Played, verdict: Verdict) -> None:
    """From their server to our inbox; of a late one with the header block that SES stored."""
    assert played.world
    customers = [customer for customer in TABLE if customer.expected.verdict is verdict]
    found = [it for customer in customers for it in mailtests.of_domain(customer.mailbox)]
    traces = [
        trace for it in found if it.counted is verdict and it.returned_as is Kind.MESSAGE and (trace := _trace(it))
    ]
    assert traces
    assert all(trace.hops and "amazonaws" in trace.hops[-1].by for trace in traces)
    assert all(trace.verdicts["spf"] == "pass" for trace in traces)
    assert {bool(trace.headers) for trace in traces} == {verdict is Verdict.LATE}


def _trace(test: MailTest) -> MessageTrace | None:
    found = mailtests.whole(test.testid)
    return found[1] if found else None


def test_a_mail_that_receive_never_heard_of_is_swept_up(played: Played) -> None:
    """The object stays in the inbox; ten minutes later the sweep finds it, and its test has come back after all."""
    it = played.world
    at = time.time_ns() // 1_000_000
    eventually(lambda: time.time_ns() // 1_000_000 > at + it.plan.minute_seconds * 1000)  # a new slot
    it.standin.arrivals.tell_receive = False
    try:
        it.call("PlanFunction")
        testid = eventually(lambda: [it.testid for it in mailtests.of_domain("test@redirect.test", since=at)])[0]
        bucket, prefix = it.outputs["InboxBucket"], it.outputs["InboxPrefix"]
        eventually(lambda: "Contents" in it.aws.s3.list_objects_v2(Bucket=bucket, Prefix=prefix))
        eventually(lambda: swept(played) and came_back(testid))
    finally:
        it.standin.arrivals.tell_receive = True


def swept(played: Played) -> int:
    """Run the sweep as it will run in a quarter of an hour."""
    outputs = played.world.outputs
    settings = Settings(tables=outputs["TablePrefix"], bucket=outputs["InboxBucket"])
    with surroundings(played.world.aws.endpoint):
        return sweep.run(time.time_ns() // 1_000_000 + 15 * MINUTE, settings, lambda: True)["swept"]


def came_back(testid: str) -> bool:
    """Say whether a test has come back, within a day."""
    test = mailtests.get(testid)
    return bool(test and test.receivetime and test.receivetime - test.sendtime < DAY)
