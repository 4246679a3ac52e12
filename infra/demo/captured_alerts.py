"""What people and machines were notified of: the alert mails in their mailbox, and the topic's messages in a queue."""

import json
import mailbox
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Final, Self

from infra.local.world import World
from mxtrax.model import MONITOR

OPENED: Final = "opened"
CHANGED: Final = "changed"
CLOSED: Final = "closed"
_LISTENER: Final = "mxtrax-demo"
_FIGURES: Final = "ALL DOMAINS"
"""The heading in an alert mail that ends the news."""


@dataclass(frozen=True, slots=True)
class Story:
    """One story of an alert mail: its heading, its first line, its whole text, the domains it lists."""

    heading: str
    title: str
    text: str
    members: tuple[str, ...] = ()

    def is_about(self, mailbox: str) -> bool:
        """Say whether it is about a domain, or lists it."""
        return any(line.split(",")[0] == mailbox for line in (self.title, *self.members))


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert mail, and its news."""

    to: str
    subject: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the topic for machines, and the attributes by which subscriptions filter."""

    incident: str
    notice: str
    maildomain: str
    customer: str
    cause: str
    attributes: dict[str, str]

    @property
    def ours(self) -> bool:
        """True if it is about the monitor itself."""
        return self.maildomain == MONITOR


@dataclass
class CapturedAlerts:
    """A subscription to the topic and a view of the mailbox. Alerts are kept in the order in which they came."""

    world: World
    queue: str
    alerts: list[Alert] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    _read: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, world: World) -> Self:
        """Subscribe to a world's topic."""
        queue = world.aws.sqs.create_queue(QueueName=_LISTENER)["QueueUrl"]
        arn = world.aws.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        world.aws.sns.subscribe(
            TopicArn=world.outputs["AlertTopic"],
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"RawMessageDelivery": "true"},
        )
        return cls(world, queue)

    def listen(self) -> None:
        """Read the alerts since the last call."""
        sqs = self.world.aws.sqs
        while batch := sqs.receive_message(
            QueueUrl=self.queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for each in batch:
                self.messages.append(message(each["Body"], each.get("MessageAttributes", {})))
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=each["ReceiptHandle"])
        self.alerts += self._mails(self.world.mailbox)

    def _mails(self, folder: Path) -> Iterator[Alert]:
        if not folder.exists():
            return
        box = mailbox.Maildir(folder, create=False)
        for key in sorted(set(box.keys()) - self._read):  # their names begin with the time
            self._read.add(key)
            yield alert(box.get_bytes(key))

    @property
    def stories(self) -> list[Story]:
        """All stories of all mails."""
        return [story for it in self.alerts for story in it.stories]


def message(body: str, attributes: Any) -> Message:  # noqa: ANN401 -- boto3's
    """Read a message of the topic."""
    said = json.loads(body)
    return Message(
        incident=said["incident"],
        notice=said["notice"],
        maildomain=said["maildomain"],
        customer=said["customer_name"],
        cause=said["cause"] or "",
        attributes={name: str(value.get("StringValue", "")) for name, value in attributes.items()},
    )


def alert(raw: bytes) -> Alert:
    """Read an alert mail: its news, above the report of the whole fleet."""
    mail: EmailMessage = message_from_bytes(raw, policy=default)
    body = mail.get_body(("plain",))
    text = "\n".join(str(body.get_content()).splitlines()) if body else ""
    news = text.partition(f"\n{_FIGURES}\n")[0]
    return Alert(str(mail["To"]), str(mail["Subject"]), tuple(_stories(news)))


def _stories(news: str) -> Iterator[Story]:
    """Split the text below each underlined heading at empty lines."""
    heading = ""
    for block in news.split("\n\n"):
        lines = block.strip("\n").splitlines()
        if len(lines) == 2 and lines[1] == "-" * len(lines[0]):
            heading = lines[0]
        elif heading and len(lines) > 1:
            yield _story(heading, lines)


def _story(heading: str, lines: Sequence[str]) -> Story:
    members = tuple(line.strip()[2:] for line in lines if line.startswith("  - "))
    return Story(heading, lines[0], " ".join(" ".join(lines).split()), members)
