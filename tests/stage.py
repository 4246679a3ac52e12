"""A stage for the jobs: moto's AWS, a controlled clock, and customers who answer as scripted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any
from unittest.mock import patch

from infra.bench.stack import stack
from infra.local.doubles.server import Doubles
from mxtrax.aws import clients, s3
from mxtrax.jobs import aggregate, alert, feedback, observe, plan, receive, send, sweep, watch
from mxtrax.model import (
    SECOND,
    AlarmWhen,
    Cause,
    Config,
    Customer,
    DomainHealth,
    Incident,
    Limits,
    MailDomain,
    MailTest,
    Millis,
    Stat,
    orders,
)
from mxtrax.rules.schedule import SHARDS
from mxtrax.rules.statistics import day_of
from mxtrax.runtime.environment import Settings
from mxtrax.store import customers, fleet, mailtests, mapping, stats
from mxtrax.store.config import load_config, save_config
from mxtrax.store.health import health_of
from tests.fake_aws import empty_aws

START: Millis = 1_795_341_600_000
"""2026-11-22 10:00:00 UTC."""

SENDER = "mxtrax@monitor.example.net"
WIKI = {
    "alarm_when": AlarmWhen.LIMITS,
    "limits": Limits(maxfailnumber=0, maxfailpercentage=0.0, maxlatenumber=0, maxlatepercentage=0.0),
}
"""The wiki's literal rule: the first late or lost test alarms. Tests of evidence say that they mean the other one."""

ALERTS = "ops@example.org"


@dataclass
class Sent:
    """A mail that went out by SES."""

    ses_id: str
    to: str
    raw: bytes
    tags: dict[str, str]

    @property
    def testid(self) -> str:
        """The test id in its Subject."""
        return str(message_from_bytes(self.raw)["Subject"])


@dataclass
class Stage:
    """All jobs on moto. `now` moves only when a test moves it."""

    settings: Settings
    now: Millis = START
    outbox: list[Sent] = field(default_factory=list)
    arrivals: int = 0

    def clock(self) -> Millis:
        """Tell the time."""
        return self.now

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += round(seconds * SECOND)

    # --- the fleet

    def configure(self, **changes: Any) -> Config:
        """Change settings."""
        return save_config(replace(load_config(self.settings.initial), **changes))

    def domain(self, name: str = "customer.example", **more: Any) -> MailDomain:
        """Add a domain."""
        customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
        (added,) = fleet.add([MailDomain(id=0, testuser="mxtrax", domainname=name, customer="acme", **more)])
        return added

    # --- the jobs

    def tick(self) -> list[Sent]:
        """Run plan, send and aggregate as a minute does, and give the tests that went out."""
        plan.run(self.now, self.settings)
        before = len(self.outbox)
        for batch in self.batches():
            send.run(batch, self.clock, self.settings)
        self.fold()
        return self.outbox[before:]

    def fold(self) -> None:
        """Run aggregate over all shards, as plan would order it."""
        self.take(self.settings.aggregate_queue)
        aggregate.run(orders.FoldOrder(shards=tuple(range(SHARDS))), self.now, self.settings, lambda: True)

    def observe(self, resolver: str) -> list[dict[str, int]]:
        """Run observe for all that has been ordered of it, with a resolver at HOST:PORT."""
        surroundings = replace(self.settings, resolver=resolver)
        orders_ = [orders.from_json(orders.ObserveOrder, text) for text in self.messages(self.settings.observe_queue)]
        return [observe.run(order, self.now, surroundings, lambda: True) for order in orders_]

    def sweep(self) -> dict[str, int]:
        """Run the sweep of the inbox."""
        return sweep.run(self.now, self.settings, lambda: True)

    def alert(self) -> list[Sent]:
        """Run alert, and give the mails that went out."""
        before = len(self.outbox)
        alert.run(self.now, self.settings)
        return self.outbox[before:]

    def watch(self) -> dict[str, int]:
        """Run the watch over the jobs."""
        return watch.run(self.now, self.settings)

    def batches(self) -> list[orders.SendBatch]:
        """Take what plan has ordered of send, delayed batches too."""
        return [orders.from_json(orders.SendBatch, text) for text in self.messages(self.settings.send_queue)]

    def take(self, queue: str) -> list[dict[str, Any]]:
        """Take all messages of a queue as JSON."""
        return [json.loads(text) for text in self.messages(queue)]

    def messages(self, queue: str) -> list[str]:
        """Take all messages of a queue, delayed ones too."""
        sqs, taken = clients.client("sqs"), list[str]()
        while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                taken.append(message["Body"])
        return taken

    # --- the customers

    def comes_back(self, sent: Sent, raw: bytes | None = None, **changes: Any) -> str:
        """Bring a mail into the inbox as SES does, by default the test as it went out, and run receive."""
        record = self.arrive(raw or sent.raw)
        return receive.run({**record, **changes}, self.now, self.settings)

    def arrive(self, raw: bytes, recipient: str = SENDER) -> dict[str, Any]:
        """Store a mail and give SES's record of it."""
        self.arrivals += 1
        number = f"arrival{self.arrivals:04}"
        clients.client("s3").put_object(Bucket=self.settings.bucket, Key=f"inbox/{number}", Body=raw)
        headers = [{"name": n, "value": str(v)} for n, v in message_from_bytes(raw).items()]
        return {
            "mail": {"messageId": number, "headers": headers, "headersTruncated": False, "timestamp": self.iso()},
            "receipt": {"timestamp": self.iso(), "recipients": [recipient]},
        }

    def ses_says(self, kind: str, sent: Sent, **detail: Any) -> str:
        """Run feedback for one event of SES."""
        name = {"DeliveryDelay": "deliveryDelay"}.get(kind, kind.lower())
        tags = {name: [value] for name, value in sent.tags.items()}
        mail = {"messageId": sent.ses_id, "timestamp": self.iso(), "source": SENDER, "tags": tags}
        return feedback.run({"eventType": kind, "mail": mail, name: {"timestamp": self.iso(), **detail}}, self.settings)

    def delivered(self, sent: Sent) -> str:
        """Let their server accept it."""
        return self.ses_says(
            "Delivery", sent, smtpResponse="250 2.0.0 queued", reportingMTA="a8-70.smtp-out.amazonses.com"
        )

    def refused(self, sent: Sent, status: str = "5.1.1", text: str = "smtp; 550 5.1.1 no such user here") -> str:
        """Let their server refuse it."""
        recipients = [{"emailAddress": sent.to, "status": status, "diagnosticCode": text, "action": "failed"}]
        return self.ses_says(
            "Bounce",
            sent,
            bounceType="Permanent",
            bounceSubType="General",
            bouncedRecipients=recipients,
            feedbackId="f1",
        )

    def moment(self) -> datetime:
        """Tell the time as moto notes it, in UTC and without a zone."""
        return datetime.fromtimestamp(self.now / SECOND, UTC).replace(tzinfo=None)

    def iso(self) -> str:
        """Tell the time as SES writes it."""
        return self.moment().isoformat(timespec="milliseconds") + "Z"

    # --- short plays

    def loses(self) -> tuple[MailDomain, Sent]:
        """Let a new domain lose its first test: delivered, and not back when maxreturntime is over."""
        domain = self.domain()
        (sent,) = self.tick()
        self.delivered(sent)
        self.wait(301)
        self.fold()
        return domain, sent

    def recovers(self) -> None:
        """Let the only domain send three retests in a row back."""
        for _ in range(3):
            self.wait(60)
            (sent,) = self.tick()
            self.wait(1)
            self.comes_back(sent)
            self.fold()

    # --- what is known

    def test(self, sent: Sent) -> MailTest:
        """Read a test that must be there."""
        found = mailtests.get(sent.testid)
        assert found is not None
        return found

    def stat(self, domain: MailDomain, at: Millis | None = None) -> Stat:
        """Read a domain's day."""
        key = (domain.key, day_of(self.now if at is None else at))
        return stats.of_days([key])[key]

    def health(self, domain: MailDomain) -> DomainHealth:
        """Read what is known of a domain."""
        return health_of(domain.key)

    def inbox(self, prefix: str = "inbox/") -> list[str]:
        """List the stored mails."""
        return [each.key for each in s3.stored_mails(self.settings.bucket, prefix)]


@contextmanager
def stage(**config: Any) -> Iterator[Stage]:
    """Set the stage: tables, queues, topic, bucket, and a SES that takes everything."""
    with empty_aws():
        outbox = _outbox()
        it = Stage(stack("t-", SENDER, clients.client, alert_user=ALERTS, send_rate=100.0), outbox=outbox)
        it.configure(**{**WIKI, "sendinguser": SENDER, "alertuser": (ALERTS,), "interval_minutes": 1, **config})
        with patch("moto.s3.models.utcnow", it.moment):
            yield it


def calls(it: Stage, services: Doubles, **settings: Any) -> None:
    """Let its channels call the doubles, by their clock the same moment."""
    it.settings = replace(it.settings, secrets="/mxtrax/t/channel", local_endpoints=services.endpoints, **settings)
    services.clock = it.now / 1_000


def _outbox() -> list[Sent]:
    """Record what SES accepts, which moto keeps without its tags; and let no message wait, since this clock is stopped."""
    outbox = list[Sent]()

    def at_once(params: dict[str, Any], **_: object) -> None:
        for entry in params["Entries"]:
            entry["DelaySeconds"] = 0

    def note(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        context["mxtrax"] = params

    def took(parsed: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        params = context["mxtrax"]
        if "MessageId" in parsed:
            tags = {tag["Name"]: tag["Value"] for tag in params.get("EmailTags", [])}
            to = params["Destination"]["ToAddresses"][0]
            outbox.append(Sent(parsed["MessageId"], to, params["Content"]["Raw"]["Data"], tags))

    events = clients._session().get_component("event_emitter")
    events.register("provide-client-params.sqs.SendMessageBatch", at_once)
    events.register("provide-client-params.sesv2.SendEmail", note)
    events.register("after-call.sesv2.SendEmail", took)
    return outbox


def opened(it: Stage, domain: MailDomain, number: str = "1-1", **more: Any) -> Incident:
    """Open an incident of a domain."""
    known: dict[str, Any] = {"cause": Cause.REFUSED, "evidence": "550 no", "opened": it.now, "due": it.now, **more}
    incident = Incident(id=number, maildomain=domain.key, customer=domain.customer, **known)
    mapping.incident_row(incident).save()
    return incident
