"""A stack on moto for measuring: tables, queues, a bucket, and a fleet whose tests are all back after four seconds."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import format_datetime
from typing import Any, ClassVar, Final
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.core.common_models import BaseModel
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from pynamodb.models import Model

from infra.bench.ears import Heard
from infra.bench.stack import REGION, stack
from infra.partiql.on_moto import statements_understood
from mxtrax.jobs import aggregate, alert, feedback, plan, receive, send
from mxtrax.model import SECOND, Config, Customer, MailDomain, Millis
from mxtrax.model.orders import FoldOrder, SendBatch, from_json
from mxtrax.rules.schedule import workers
from mxtrax.rules.status import listing_of_new
from mxtrax.runtime import memory
from mxtrax.runtime.environment import Settings
from mxtrax.store import customers, mapping
from mxtrax.store.config import save_config

START: Final[Millis] = 1_795_341_600_000
"""2026-11-22 10:00:00 UTC."""

SENDER: Final = "mxtrax@monitor.example.net"

ACCEPTED: Final = (
    "250 2.6.0 <0102019b0c1d2e3f-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-000000@eu-west-1.amazonses.com> "
    "[InternalId=68719476736001, Hostname=AM0PR05MB1234.eurprd05.prod.outlook.com] 13579 bytes in 0.123, 107.812 KB/sec "
    "Queued mail for delivery"
)
"""A large provider's reply, of the greatest usual length."""

HOPS: Final = (
    (
        "from EUR05-AM6-obe.outbound.protection.outlook.com "
        "(mail-am6eur05on2045.outbound.protection.outlook.com [192.0.2.45]) "
        "by inbound-smtp.eu-west-1.amazonaws.com with SMTP id q7r8s9 for mxtrax@monitor.example.net; {}"
    ),
    (
        "from AM0PR05MB1234.eurprd05.prod.outlook.com (2001:db8::1) "
        "by DB7PR05MB5678.eurprd05.prod.outlook.com (2001:db8::2) "
        "with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.1.1; {}"
    ),
    (
        "from DB5EUR03FT012.eop-EUR03.prod.protection.outlook.com (192.0.2.12) by AM0PR05MB1234.outlook.office365.com "
        "with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.1.2; {}"
    ),
    (
        "from a4-7.smtp-out.eu-west-1.amazonses.com (192.0.2.7) by DB5EUR03FT012.mail.protection.outlook.com (192.0.2.13) "
        "with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.1.3; {}"
    ),
)
"""The Received fields of the way back through such a provider, the newest first."""


@dataclass
class World:
    """The jobs on moto; `heard` records their calls."""

    settings: Settings
    heard: Heard
    now: Millis = START
    config: ClassVar[Config] = Config(sendinguser=SENDER, alertuser=("ops@example.org",))

    def populate(self, domains: int) -> None:
        """Add the domains to the fleet."""
        customers.add(Customer(codename="acme", friendlyname="Acme Ltd"))
        seed(mapping.maildomain_row(domain(number), listing_of_new()) for number in range(domains))

    def tick(self, domains: int, took: Millis = 4 * SECOND) -> int:
        """Run a minute for the whole fleet, with all tests on time, and give how many tests went out."""
        plan.run(self.now, self.settings)
        for batch in self._planned():
            send.run(batch, lambda: self.now, self.settings)
        sent = [(str(answer["MessageId"]), asked) for asked, answer in self.heard.asked["SendEmail"]]
        for ses_id, asked in sent:
            self._delivered(ses_id, asked)
        self.now += took
        for ses_id, asked in sent:
            receive.run(self._inbound(ses_id, asked), self.now, self.settings)
        self.fold(domains)
        alert.run(self.now, self.settings)
        return len(sent)

    def fold(self, domains: int) -> None:
        """Run as many workers as a fleet of this size has."""
        for shards in workers(domains):
            aggregate.run(FoldOrder(shards=shards), self.now, self.settings, lambda: True)

    def _planned(self) -> list[SendBatch]:
        """Give the messages in the send queue, delayed or not."""
        asked = [
            asked for asked, _ in self.heard.asked["SendMessageBatch"] if asked["QueueUrl"] == self.settings.send_queue
        ]
        return [from_json(SendBatch, entry["MessageBody"]) for each in asked for entry in each["Entries"]]

    def _delivered(self, ses_id: str, asked: dict[str, Any]) -> None:
        tags = {tag["Name"]: [tag["Value"]] for tag in asked["EmailTags"]}
        delivery = {
            "timestamp": self._iso(),
            "smtpResponse": ACCEPTED,
            "reportingMTA": "a8-31.amazonses.com",
        }
        mail = {"messageId": ses_id, "timestamp": self._iso(), "tags": tags}
        feedback.run({"eventType": "Delivery", "mail": mail, "delivery": delivery}, self.settings)

    def _inbound(self, ses_id: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Make SES's record of a test that was redirected."""
        mail = message_from_bytes(asked["Content"]["Raw"]["Data"])
        headers = [{"name": "Received", "value": hop.format(self._rfc())} for hop in HOPS]
        headers += [{"name": name, "value": str(value)} for name, value in mail.items()]
        return {
            "mail": {
                "messageId": f"in-{ses_id}",
                "headers": headers,
                "headersTruncated": False,
                "timestamp": self._iso(),
            },
            "receipt": {"timestamp": self._iso(), "recipients": [SENDER]},
        }

    def _rfc(self) -> str:
        return format_datetime(datetime.fromtimestamp(self.now // SECOND, UTC))

    def _iso(self) -> str:
        return datetime.fromtimestamp(self.now / SECOND, UTC).isoformat()


def domain(number: int) -> MailDomain:
    """Make the domain of a number."""
    return MailDomain(id=number + 1, testuser="mxtrax", domainname=f"customer{number}.example", customer="acme")


def seed(rows: Iterable[Model]) -> None:
    """Put rows directly into moto's storage; through its API it would take minutes."""
    tables = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables
    for row in rows:
        tables[row.Meta.table_name].put_item(row.serialize())


@contextmanager
def world(heard: Heard, send_rate: float) -> Iterator[World]:
    """Set up an empty world."""
    with _unburdened(), statements_understood(), mock_aws():
        memory.reset()
        it = World(stack("bench-", SENDER, boto3.client, send_rate=send_rate), heard)
        save_config(World.config)
        yield it
        memory.reset()


@contextmanager
def _unburdened() -> Iterator[None]:
    """Stop moto from keeping every object for ever, and from copying whole tables before each transaction.

    So no transaction can be rolled back. None fails here: a lost one would show as a test that was not folded.
    """

    def made(cls: type, *_: object, **__: object) -> object:
        return object.__new__(cls)

    with (
        patch.object(BaseModel, "__new__", staticmethod(made)),
        patch.object(Table, "__deepcopy__", lambda self, _: self, create=True),
    ):
        yield
