"""A stand-in and its customers over real sockets, with a local AWS that only records calls."""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import boto3
import pytest

from infra.local.aws import Aws
from infra.local.customers import TABLE, Customers
from infra.local.ses import Account, StandIn
from infra.local.ses.relay import Patience, Routes
from mxtrax.mail.compose import compose
from mxtrax.rules.testid import mint

INBOX = "mxtrax@monitor.example.net"
UNIT = 0.5
"""Seconds within which a test must be back."""


@dataclass
class FakeAws:
    """Remembers what was stored, called and published."""

    objects: dict[str, bytes] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    published: list[dict[str, Any]] = field(default_factory=list)

    def client(self) -> Aws:
        """Give it as the clients that the stand-in uses."""
        s3 = SimpleNamespace(put_object=self._put_object)
        functions = SimpleNamespace(invoke=self._invoke)
        events = SimpleNamespace(put_events=self._put_events)
        return cast("Aws", SimpleNamespace(s3=s3, functions=functions, events=events))

    def of(self, kind: str, recipient: str = "") -> list[dict[str, Any]]:
        """Give the published events of a kind, of mails to a recipient."""
        details = [json.loads(entry["Detail"]) for entry in list(self.published)]
        mine = [detail for detail in details if detail["eventType"] == kind]
        return [detail for detail in mine if not recipient or recipient in detail["mail"]["destination"]]

    def _put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: ARG002, N803 -- boto3's names
        self.objects[Key] = Body

    def _invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: ARG002, N803
        self.calls.append(json.loads(Payload)["Records"][0]["ses"])
        return {}

    def _put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.published += Entries
        return {"Entries": [{} for _ in Entries]}


@dataclass
class Post:
    """The stand-in, its customers, and their calls to the local AWS."""

    aws: FakeAws
    standin: StandIn
    customers: Customers
    ses: Any

    def send(self, recipient: str) -> tuple[str, str]:
        """Send a test mail; give its test id and the id SES gave it."""
        testid = mint(bytes(32), recipient, uuid.uuid4().hex)
        raw = compose(testid, INBOX, recipient, "", int(time.time() * 1000))
        answer = self.ses.send_email(
            FromEmailAddress=INBOX,
            Destination={"ToAddresses": [recipient]},
            Content={"Raw": {"Data": raw}},
            ConfigurationSetName="mxtrax",
            EmailTags=[{"Name": "testid", "Value": testid}],
        )
        return testid, answer["MessageId"]

    def arrived(self, word: str) -> list[dict[str, Any]]:
        """Give the inbound events of mails that hold a word."""
        keys = [key for key, body in list(self.aws.objects.items()) if word.encode() in body]
        return [call for call in list(self.aws.calls) if "inbox/" + call["mail"]["messageId"] in keys]


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """Start the stand-in and its customers, with times of half a second."""
    aws = FakeAws()
    folder: Path = tmp_path_factory.mktemp("mail")
    routes = dict[str, Any]()
    account = Account(INBOX, folder, frozenset({"operations.test"}), max_send_rate=100)
    patience = Patience(pauses=(UNIT / 2, 1.4 * UNIT, UNIT / 2))
    standin = StandIn(aws.client(), account, Routes(routes, ours=account.identity), patience)
    standin.start()
    standin.deliver_to("bucket", "inbox/", "receive")
    customers = Customers(TABLE, INBOX, standin.smtp, UNIT)
    customers.start()
    routes.update(customers.routes() | {account.identity: standin.smtp})
    ses = boto3.client(
        "sesv2",
        endpoint_url=standin.url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 -- opens nothing
    )
    yield Post(aws, standin, customers, ses)
    customers.stop()
    standin.stop()
