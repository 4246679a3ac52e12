"""Each function's permissions compared with the AWS calls that it makes.

The real handlers run on moto, on tables, queues and a bucket made from the template and in the environment that it
gives them, while every call is overheard. Each call must be granted, and each grant must be used.
"""

import importlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto.cognitoidp.models import cognitoidp_backends

from infra.local.names import Names
from mxtrax import edge
from mxtrax.admin import walls
from mxtrax.admin.actor import Actor
from mxtrax.api.rights import RIGHTS
from mxtrax.aws import clients, secrets, sns
from mxtrax.aws.resolver import Resolver
from mxtrax.jobs import observe, receive
from mxtrax.model import (
    HOUR,
    MINUTE,
    SECOND,
    Cause,
    ChannelConfig,
    ChannelKind,
    Config,
    Customer,
    DomainHealth,
    Door,
    Incident,
    Kind,
    MailDomain,
    MailTest,
    Millis,
    Reason,
    SmtpReply,
    Stat,
    State,
)
from mxtrax.model.moments import iso
from mxtrax.notify import https
from mxtrax.rules import act_token, status, vitals
from mxtrax.rules.act_token import ActToken
from mxtrax.rules.roles import GROUPS
from mxtrax.rules.schedule import is_observed, slot_at
from mxtrax.rules.selfcheck import own_loop
from mxtrax.rules.statistics import day_of
from mxtrax.rules.testid import mint
from mxtrax.runtime import memory
from mxtrax.runtime.environment import Settings, from_environment
from mxtrax.store import channels, customers, fleet, incidents, mailtests, mapping, rollups, runtime, tables, windows
from tests.calls import Calls, Grant, Need, grants, overheard
from tests.every_request import CHANGES, LOOKS, as_event, last_requests
from tests.fake_aws import empty_aws
from tests.stack import ACCOUNT, REGION, SENDER, STACK, Stack

FUNCTIONS = {
    name: Stack().properties(name)["Handler"].removesuffix(".handler")
    for name in Stack().of_type("AWS::Serverless::Function")
}

CHAT = f"arn:aws:sns:{REGION}:{ACCOUNT}:{STACK}-chat-ops"
SES_ID = "0102019b0c1d2e3f-0a1b2c3d"
REPLY = f"Subject: Out of office\nIn-Reply-To: <{SES_ID}@eu-west-1.amazonses.com>\n\nGone.\n"

GIVEN_BY_DEFAULT = {"inbox_prefix", "local_endpoints"}
"""Settings with defaults, which a function may use without variables."""

OF_INITIAL = {
    "PlanFunction": {"sending_user"},
    "AlertFunction": {"sending_user", "alert_user"},
    "WatchFunction": {"sending_user"},
    "ApiFunction": {"sending_user", "alert_user"},
}
"""The settings in Settings.initial that a function uses; others load it for the rest of Config."""


class Context:
    """What Lambda tells a handler about its call."""

    function_name = "mx"
    memory_limit_in_mb = 512
    invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:mx"
    aws_request_id = "1"

    def get_remaining_time_in_millis(self) -> int:
        """Give time enough."""
        return 240_000


@dataclass
class World:
    """The stack on moto, and a fleet of two in it."""

    calls: Calls
    monkeypatch: pytest.MonkeyPatch
    now: Millis
    read: set[str]

    def call(self, function: str, event: dict[str, Any]) -> Any:
        """Call a function in its own environment, recording its calls."""
        module = importlib.import_module(f"functions.{FUNCTIONS[function]}")
        for name, value in Stack().environment(function).items():
            self.monkeypatch.setenv(name, value)
        if hasattr(module, "clock"):
            self.monkeypatch.setattr(module, "clock", lambda: self.now)
        memory.reset()
        with self.calls.heard():
            return module.handler(event, Context())

    def wait(self, time: Millis) -> None:
        """Let time pass."""
        self.now += time

    # --- events

    def tick(self) -> dict[str, Any]:
        """Make the schedule's event."""
        return {"time": datetime.fromtimestamp(self.now // SECOND, UTC).isoformat()}

    def taken(self, queue: str) -> list[dict[str, Any]]:
        """Take the messages in a queue, as events of one message each."""
        sqs, url = boto3.client("sqs"), Stack().resolve({"Ref": queue})
        found = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                found.append(_queued(json.loads(message["Body"])))
        return found

    def arrives(self, name: str, raw: str, *, shown: bool = True) -> dict[str, Any]:
        """Store a mail in the inbox, and make SES's event; its headers are there where they are `shown`."""
        self.store(name, raw)
        return self.inbound(name, raw.partition("\n\n")[0] if shown else "")

    def store(self, name: str, raw: str) -> None:
        """Store a mail in the inbox."""
        boto3.client("s3").put_object(Bucket=f"{STACK}-inboxbucket", Key=f"inbox/{name}", Body=raw.encode())

    def inbound(self, name: str, head: str = "") -> dict[str, Any]:
        """Make SES's event of a mail."""
        headers = [dict(zip(("name", "value"), line.split(": ", 1), strict=True)) for line in head.splitlines() if line]
        at = datetime.fromtimestamp(self.now / SECOND, UTC).isoformat()
        letter = {"messageId": name, "headers": headers, "headersTruncated": not head, "timestamp": at}
        return {"Records": [{"ses": {"mail": letter, "receipt": {"timestamp": at, "recipients": [SENDER]}}}]}

    # --- what has happened before

    def sent(self, key: str, name: str, ses_id: str = "") -> str:
        """Put a test under way."""
        testid = mint(runtime.secret(), key, name)
        domain = fleet.by_key(key)
        assert domain
        mailtests.create(
            [
                MailTest(
                    testid=testid,
                    maildomain=key,
                    sendtime=self.now,
                    maxreturntime=300,
                    max_sec_until_fail=86_400,
                    returns_bounce=domain.returns_bounce,
                    early_mark=150,
                )
            ],
            90,
        )
        if ses_id:
            mailtests.accepted({testid: ses_id}, self.now)
        return testid

    def fold(self, *, ahead: bool = False) -> None:
        """Fold everything that is due."""
        self.call("AggregateFunction", _queued({"shards": list(range(16)), "ahead": ahead}))

    def answers(self, key: str, name: str) -> None:
        """Let a domain bring a test back at once."""
        test = self.sent(key, name)
        self.wait(SECOND)
        mailtests.returned(test, self.now, Kind.MESSAGE, "mail", None)
        self.wait(SECOND)

    def fails(self, key: str) -> str:
        """Let a domain that has answered lose two tests, which opens an incident; give the first of them."""
        self.answers(key, "well")
        self.fold()
        lost = self.sent(key, "lost", SES_ID)
        self.wait(MINUTE)
        self.sent(key, "lost again", f"{SES_ID}1")
        self.wait(6 * MINUTE)
        self.fold()
        return lost


def _queued(*bodies: dict[str, Any]) -> dict[str, Any]:
    return {"Records": [{"messageId": str(n), "body": json.dumps(body)} for n, body in enumerate(bodies)]}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Create the stack's resources as in the template, with two domains to test."""
    read = set[str]()
    monkeypatch.setattr(edge, "from_environment", lambda: _noting(read))
    with overheard() as calls, empty_aws():
        _build(Stack())
        tables.connect(f"{STACK}-")
        customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
        fleet.add(
            [
                MailDomain(id=0, testuser="mxtrax", domainname="one.example", customer="acme", interval_minutes=1),
                MailDomain(id=0, testuser="mxtrax", domainname="two.example", interval_minutes=1, returns_bounce=True),
            ]
        )
        it = World(calls, monkeypatch, edge.clock(), read)
        yield it


def _build(stack: Stack) -> None:
    dynamodb = boto3.client("dynamodb")
    for table in stack.of_type("AWS::DynamoDB::Table").values():
        names = ("TableName", "BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
        dynamodb.create_table(**{name: table[name] for name in names if name in table})
    for queue in stack.of_type("AWS::SQS::Queue"):
        boto3.client("sqs").create_queue(QueueName=f"{STACK}-{queue}")
    made = boto3.client("cognito-idp").create_user_pool(PoolName=STACK)["UserPool"]["Id"]
    for group in GROUPS:
        boto3.client("cognito-idp").create_group(UserPoolId=made, GroupName=group)
    boto3.client("cognito-idp").create_identity_provider(
        UserPoolId=made, ProviderName="Entra", ProviderType="OIDC", ProviderDetails={}
    )
    pools = cognitoidp_backends[ACCOUNT][REGION].user_pools
    pools[str(stack.resolve({"Ref": "Users"}))] = pools.pop(made)
    boto3.client("sns").create_topic(Name=f"{STACK}-AlertTopic")
    boto3.client("sns").create_topic(Name=CHAT.rpartition(":")[2])
    boto3.client("s3").create_bucket(
        Bucket=f"{STACK}-inboxbucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER.partition("@")[2])
    boto3.client("sesv2").create_configuration_set(ConfigurationSetName=STACK)


def _noting(read: set[str]) -> Settings:
    """Give the settings that note which of them are read."""

    class Noting(Settings):
        def __getattribute__(self, name: str) -> Any:
            read.add(name)
            return super().__getattribute__(name)

    told = from_environment()
    return Noting(**{each.name: getattr(told, each.name) for each in fields(Settings)})


# --- each function made to do all that it can -------------------------------------------------------------------------


def _plan(world: World) -> None:
    """Plan the minute in which a domain is observed, for a customer that has a public page."""
    domain = fleet.by_key("mxtrax@one.example")
    assert domain
    while not is_observed(domain, range(slot_at(world.now, 60), slot_at(world.now, 60) + 1)):
        world.wait(MINUTE)
    mapping.health_row(DomainHealth(maildomain="mxtrax@two.example", retest=1)).save()
    acme = customers.get("acme")
    assert acme
    customers.save(replace(acme, link="a" * 32))
    world.call("PlanFunction", world.tick())


def _send(world: World) -> None:
    world.call("PlanFunction", world.tick())
    world.calls.needs.clear()
    world.read.clear()
    silent = world.sent("mxtrax@one.example", "silent")
    (batch,) = world.taken("SendQueue")
    world.call("SendFunction", batch)
    world.wait(2 * MINUTE)
    world.call("SendFunction", batch)
    order = json.loads(batch["Records"][0]["body"])
    order["tests"] = [{**order["tests"][0], "testid": silent}]
    world.call("SendFunction", _queued(order))


def _receive(world: World) -> None:
    first = world.sent("mxtrax@one.example", "first", SES_ID)
    by_header = world.arrives("mail1", f"Subject: {first}\nFrom: mxtrax@one.example\n")
    world.call("ReceiveFunction", by_header)
    world.call("ReceiveFunction", world.arrives("mail2", f"Subject: {first}\n"))
    read = f"Subject: hello\nFrom: mxtrax@one.example\nContent-Type: text/plain\n\nTest {first}\n"
    world.call("ReceiveFunction", world.arrives("mail3", read, shown=False))
    world.call("ReceiveFunction", world.arrives("mail4", REPLY, shown=False))
    world.call("ReceiveFunction", world.arrives("mail5", "Subject: Win!\n\nMoney.\n"))
    world.call("ReceiveFunction", world.inbound("gone"))
    world.monkeypatch.setattr(receive, "MOST_UNMATCHED", 1)
    world.call("ReceiveFunction", world.arrives("mail6", "Subject: Win!\n\nMoney.\n"))


def _sweep(world: World) -> None:
    """Sweep up what comes back, what answers only to SES's id, and more junk than is kept; then what is tried again."""
    missed = world.sent("mxtrax@one.example", "missed", SES_ID)
    back = f"Subject: hello\nContent-Type: text/plain\n\nTest {missed}\n"
    for name, raw in {"missed": back, "copy": back, "reply": REPLY, "junk": "Subject: Win!\n\nMoney\n"}.items():
        world.store(name, raw)
    world.wait(11 * MINUTE)
    world.call("SweepFunction", {})
    world.monkeypatch.setattr(receive, "MOST_UNMATCHED", 1)
    world.store("more junk", "Subject: Win!\n\nMoney\n")
    world.wait(11 * MINUTE)
    world.call("SweepFunction", {})


def _feedback(world: World) -> None:
    world.call("PlanFunction", world.tick())
    world.calls.needs.clear()
    world.read.clear()
    (batch,) = world.taken("SendQueue")
    test = world.sent("mxtrax@two.example", "bounced", SES_ID)
    at = datetime.fromtimestamp(world.now / SECOND, UTC).isoformat()
    mail = {"messageId": SES_ID, "timestamp": at, "tags": {"mxtrax-test": [test]}}
    recipient = {"emailAddress": "mxtrax@two.example", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no"}
    bounce = {
        "timestamp": at,
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [recipient],
    }
    events = [
        {"eventType": "Delivery", "mail": mail, "delivery": {"timestamp": at, "smtpResponse": "250 ok"}},
        *({"eventType": "Bounce", "mail": mail, "bounce": {**bounce, "feedbackId": number}} for number in "12"),
    ]
    refused = {**mail, "tags": {"mxtrax-test": [world.sent("mxtrax@one.example", "refused")]}}
    events.append({"eventType": "Bounce", "mail": refused, "bounce": {**bounce, "feedbackId": "3"}})
    alert = {**mail, "destination": ["ops@example.org"], "tags": {"mxtrax-alert": [str(world.now)]}}
    events.append({"eventType": "Bounce", "mail": alert, "bounce": {**bounce, "feedbackId": "4"}})
    done = world.call("FeedbackFunction", _queued(*({"detail": event} for event in events)))
    assert done == {"batchItemFailures": []}
    assert world.call("FeedbackFunction", batch) == {"batchItemFailures": []}
    order = json.loads(batch["Records"][0]["body"])
    order["tests"] = [{**order["tests"][0], "testid": mint(runtime.secret(), "mxtrax@one.example", "alone")}]
    assert world.call("FeedbackFunction", _queued(order)) == {"batchItemFailures": []}


def _aggregate(world: World) -> None:
    """Fold tests that are lost, which opens an incident, then some that are not, which close it.

    Then the lost one comes back, which completes the incident. The other domain loses a test, and one that is out for
    long tips the scales. For an unreachable server, the fold checks whether others of its provider are, too.
    """
    world.sent("mxtrax@two.example", "never sent")
    world.fails("mxtrax@one.example")
    (newest,) = (it.testid for it in incidents.of_domain("mxtrax@one.example"))
    for number in range(3):
        world.answers("mxtrax@one.example", f"again{number}")
    world.fold()
    mailtests.returned(newest, world.now, Kind.MESSAGE, "late", None)
    world.fold()
    world.answers("mxtrax@two.example", "well")
    world.fold()
    world.sent("mxtrax@two.example", "lost", SES_ID)
    world.wait(200 * SECOND)
    for number in range(2):
        world.sent("mxtrax@two.example", f"out{number}", f"{SES_ID}{number}")
        world.wait(SECOND)
    world.wait(100 * SECOND)
    world.fold(ahead=True)
    world.wait(50 * SECOND)
    world.fold()
    assert list(incidents.of_domain("mxtrax@two.example"))
    fleet.observed("mxtrax@one.example", "hoster.net")
    test = world.sent("mxtrax@one.example", "unreached", f"{SES_ID}5")
    mailtests.heard(test, "deferred", SmtpReply(at=world.now, cause=Cause.DEFERRED, reason=Reason.UNREACHABLE))
    world.fold()


def _observe(world: World) -> None:
    """Observe a domain whose server has an address, after a test that was delivered there."""
    test = world.sent("mxtrax@one.example", "delivered", SES_ID)
    mailtests.heard(test, "delivered", SmtpReply(at=world.now, server="81.20.4.10"), SES_ID)
    names = Names({"one.example": {"MX": ["10 mx.hoster.net."]}, "mx.hoster.net": {"A": ["81.20.4.10"]}})
    names.start()
    with world.monkeypatch.context() as here:
        here.setattr(observe, "Resolver", lambda _, pace: Resolver(names.place, pace))
        world.call("ObserveFunction", _queued({"domains": ["mxtrax@one.example"]}))
    names.stop()


def _alert(world: World) -> None:
    world.fails("mxtrax@one.example")
    world.calls.needs.clear()
    world.read.clear()
    assert runtime.acquire_lease("alert", world.now, world.now + MINUTE)
    world.call("AlertFunction", _queued({"tries": 0}))
    runtime.release_lease("alert", world.now + MINUTE)
    control = fleet.by_key("mxtrax@one.example")
    assert control
    fleet.save(replace(control, control=True))
    told = ChannelConfig(id="c1", name="Night", kind=ChannelKind.SLACK)
    channels.save(channels.load(), [told, replace(told, id="c2", kind=ChannelKind.AMAZON_Q, settings={"topic": CHAT})])
    secrets.put(f"/mxtrax/{STACK}/channel/c1", {"url": "https://hooks.slack.com/services/T0/B0/X"})
    world.monkeypatch.setattr(https, "call", _taken)
    with world.monkeypatch.context() as silent:
        silent.setattr(sns, "publish", _unreachable)
        world.call("AlertFunction", world.tick())
    woken, *_ = world.taken("AlertQueue")  # On a slow machine the wake that another worker was left may be there, too.
    world.call("AlertFunction", woken)
    _told_of_a_customer(world)


def _taken(*_: Any, **__: Any) -> https.Answer:
    return https.Answer(status=200, body=b"ok", headers={})


def _told_of_a_customer(world: World) -> None:
    """Let a customer's server have rejected a test: that is alerted even during our own fault, with the day's figures."""
    known: dict[str, Any] = {"cause": Cause.REFUSED, "opened": world.now, "due": world.now}
    mapping.incident_row(Incident(id="2-2", maildomain="mxtrax@two.example", **known)).save()
    world.call("AlertFunction", world.tick())


def _unreachable(*_: Any) -> None:
    raise clients.UNREACHABLE[1]


def _rollup(world: World) -> None:
    world.sent("mxtrax@one.example", "lost", SES_ID)
    world.wait(6 * MINUTE)
    world.call("AggregateFunction", _queued({"shards": list(range(16))}))
    world.calls.needs.clear()
    world.read.clear()
    world.call("RollupFunction", world.tick())


def _api(world: World) -> None:
    """Make every request once. The first test by hand finds no secret yet."""
    asked = set[tuple[str, str]]()

    def ask(method: str, path: str, body: Any = None) -> dict[str, Any]:
        asked.add((method, path.partition("?")[0]))
        answer: dict[str, Any] = world.call("ApiFunction", as_event(method, path, body))
        return answer

    ordered = ask("POST", "/api/v3/maildomains/1/test")
    assert ordered["statusCode"] == 202, ordered
    heard = set(world.calls.needs)
    test, today = world.fails("mxtrax@one.example"), day_of(world.now)
    world.calls.needs.clear()
    world.calls.needs.update(heard)
    world.read.clear()
    rollups.save([Stat(maildomain=rollups.of_customer("beta"), d=today, total_num=1)])  # removed with its customer
    raw = b"Subject: hello\n\nWorld\n"
    boto3.client("s3").put_object(Bucket=f"{STACK}-inboxbucket", Key="unmatched/mail1", Body=raw)
    (incident,) = (it.id for it in incidents.of_domain("mxtrax@one.example"))
    ask("POST", "/api/v3/maildomains/1/test")
    runtime.heartbeat("not_notified", world.now)
    for path in (*LOOKS, f"/api/v1/stat/?d={today}"):
        answer = ask("GET", path)
        assert answer["statusCode"] in {200, 404, 503}, (path, answer)
    for method, path, body in CHANGES:
        answer = ask(method, path, body)
        assert answer["statusCode"] in {200, 201, 204}, (method, path, answer)
    (window,) = (it.id for it in windows.everything())
    (channel,) = (it.id for it in channels.load().them)
    _tries_a_chat(world)
    world.monkeypatch.setattr(https, "call", _taken)
    (wall,) = (it.id for it in walls.everything())
    until, made = iso(world.now + HOUR), ""
    for method, path, body in last_requests(test, incident, window, channel, wall, str(until)):
        answer = ask(method, path.format(made=made), body)
        assert answer["statusCode"] in {200, 201, 204}, (method, path, answer)
        made = json.loads(answer.get("body") or "{}").get("id", "")
    assert [it for it in RIGHTS if not any(_is_of(it, *each) for each in asked)] == []


def _is_of(route: str, method: str, path: str) -> bool:
    """Say whether a request is one of a route: what nobody asks for here shows no missing permission."""
    return re.fullmatch(re.sub(r"<\w+>", "[^/]+", route), f"{method} {path}") is not None


def _tries_a_chat(world: World) -> None:
    """Add a channel behind a topic of its own, try it, remove it."""
    told = {"kind": "amazon_q", "settings": {"topic": CHAT}}
    added = json.loads(world.call("ApiFunction", as_event("POST", "/api/v3/channels", told))["body"])
    path = f"/api/v3/channels/{added['id']}"
    tried = json.loads(world.call("ApiFunction", as_event("POST", f"{path}/test"))["body"])
    assert tried["taken"], tried
    assert world.call("ApiFunction", as_event("DELETE", path))["statusCode"] == 204


def _status(world: World) -> None:
    """Show a customer's public page while one of its domains fails and somebody is on it, and a page that does not exist."""
    customer = customers.get("acme")
    assert customer
    failing = Incident(id="7-7", maildomain="mxtrax@one.example", opened=world.now, acknowledged=world.now)
    mapping.incident_row(failing).save()
    known = DomainHealth(maildomain=failing.maildomain, state=State.FAILING, since=world.now, trouble_from=world.now)
    mapping.health_row(replace(known, incident=failing.id)).save()
    row, urgency = tables.MailDomainRow, status.urgency(known, maintmode=False)
    row(known.maildomain).update(actions=[row.urgency.set(urgency), row.status.set(status.word_of(urgency))])
    runtime.heartbeat("plan", world.now)
    customers.save(replace(customer, link="a" * 32))
    world.read.clear()
    _, wall = walls.add(Actor(name="anna", door=Door.API), world.now, "Kitchen")
    own = f"/status/{'a' * 32}"
    for path in (own, f"{own}/badge.svg", wall, f"{own}/month", f"{own}/status.json"):
        answer = world.call("StatusFunction", as_event("GET", path))
        assert answer["statusCode"] == 200, answer
    assert "we are looking into it" in answer["body"]
    assert world.call("StatusFunction", as_event("GET", f"/status/{'b' * 32}"))["statusCode"] == 404


def _act(world: World) -> None:
    """Follow an incident's link: look at it, acknowledge it, and mute it; then follow a forged one."""
    domain = fleet.by_key("mxtrax@two.example")
    assert domain
    mapping.incident_row(Incident(id="2-2", maildomain=domain.key, cause=Cause.REFUSED, opened=world.now)).save()
    token = ActToken(incident="2-2", opened=world.now, expires=world.now + HOUR, way="mail")
    path = f"/act/{act_token.sign(runtime.act_key(), token)}"
    world.read.clear()
    world.calls.needs.clear()
    for method, body in (("GET", b""), ("POST", b"do=acknowledge&who=Anna"), ("POST", b"do=quiet-1h")):
        answer = world.call("ActFunction", as_event(method, path, body))
        assert answer["statusCode"] == 200, answer
    assert world.call("ActFunction", as_event("GET", "/act/x"))["statusCode"] == 404


def _watch(world: World) -> None:
    """Watch the jobs while none has run, an alert waits and a loop is silent; then while all is well."""
    fleet.add([own_loop("loop", Config(sendinguser=SENDER))])
    late = Incident(id="1-1", maildomain="mxtrax@one.example", opened=world.now, due=world.now, sent=world.now)
    mapping.incident_row(late).save()
    world.wait(9 * MINUTE)
    world.call("WatchFunction", world.tick())
    for job in vitals.HEARTBEATS:
        runtime.heartbeat(job, world.now)
    incidents.end(late, world.now)
    world.call("WatchFunction", world.tick())


TOLD_TO_ALL = {"tables", "minute_seconds"}

SCENES = {
    "PlanFunction": _plan,
    "SendFunction": _send,
    "ReceiveFunction": _receive,
    "SweepFunction": _sweep,
    "FeedbackFunction": _feedback,
    "AggregateFunction": _aggregate,
    "ObserveFunction": _observe,
    "AlertFunction": _alert,
    "RollupFunction": _rollup,
    "WatchFunction": _watch,
    "ApiFunction": _api,
    "StatusFunction": _status,
    "ActFunction": _act,
}


@pytest.mark.parametrize("function", SCENES)
def test_permissions_are_what_is_called(world: World, function: str) -> None:
    """Every call that a function makes is granted to it, and it is granted nothing that it does not call."""
    SCENES[function](world)
    granted = grants(Stack().properties(function)["Policies"])
    needed = world.calls.needs
    assert needed
    refused = sorted(need for need in needed if not any(grant.allows(need) for grant in granted))
    unused = sorted(grant for grant in granted if not any(grant.allows(need) for need in needed))
    assert not refused, "\n".join(map(str, refused))
    assert not unused, "\n".join(map(str, unused))


def test_a_call_that_is_not_granted_is_noticed() -> None:
    """The comparison itself notices a missing grant: another action, table, index or partition key."""
    grant = Grant("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:123456789012:table/mx-config", "settings")
    need = Need(grant.action, grant.resource, grant.key)
    assert grant.allows(need)
    assert not grant.allows(replace(need, action="dynamodb:PutItem"))
    assert not grant.allows(replace(need, resource=f"{need.resource}/index/by-day"))
    assert not grant.allows(replace(need, key="secret"))
    assert not grant.allows(replace(need, key=""))


@pytest.mark.parametrize("function", SCENES)
def test_settings_are_those_that_are_read(world: World, function: str) -> None:
    """A function gets exactly the settings that it reads."""
    world.read.clear()
    SCENES[function](world)
    stack = Stack(KmsKey="arn:aws:kms:eu-west-1:123456789012:key/1")  # without one, no function gets its name
    told = {name.removeprefix("MXTRAX_").lower() for name in stack.environment(function)}
    read = world.read - GIVEN_BY_DEFAULT
    if "initial" in read:
        read = read - {"initial", "sending_user", "alert_user"} | OF_INITIAL.get(function, set())
    assert read | TOLD_TO_ALL == told


def test_settings_have_the_names_that_the_template_uses() -> None:
    """Each variable that the template sets is one of Settings' own."""
    names = {f"MXTRAX_{each.name.upper()}" for each in fields(Settings)}
    told = set().union(*(Stack().environment(function) for function in FUNCTIONS))
    assert told <= names
    assert from_environment(dict.fromkeys(names, "7")) == Settings(
        **{each.name: each.type(7) for each in fields(Settings) if isinstance(each.type, type)}
    )


def test_every_function_has_its_scene() -> None:
    """All functions of the template are here, except the console's, which has no permissions."""
    assert SCENES.keys() | {"ConsoleFunction"} == FUNCTIONS.keys()
    assert "Policies" not in Stack().properties("ConsoleFunction")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_the_world_on_one_machine_has_endpoints_of_its_own(function: str) -> None:
    """In the cloud no parameter leads calls anywhere but through the fence."""
    cloud = Stack(LocalEndpoints="1 /tmp/x.pem").environment(function)
    local = Stack(LocalMode="true", LocalEndpoints="1 /tmp/x.pem").environment(function)
    assert "MXTRAX_LOCAL_ENDPOINTS" not in cloud
    assert local["MXTRAX_LOCAL_ENDPOINTS"] == "1 /tmp/x.pem"
