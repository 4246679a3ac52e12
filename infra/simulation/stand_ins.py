"""AWS in this process: those parts of SES, SQS, SNS and S3 that the jobs call."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, Self

from botocore.exceptions import ClientError

from infra.simulation.model import SECOND, Millis
from infra.simulation.returning import Headers

type Answer = dict[str, Any]


class Drive(Protocol):
    """The simulation behind these stand-ins."""

    now: Millis
    inbox: dict[str, tuple[Headers, bytes, Millis]]
    """By object: fields, body, and when it was stored."""

    def fails(self) -> str:
        """Give SES's error code if it accepts no mail at this moment."""
        ...

    def sent(self, to: str, test: str, raw: bytes) -> str:
        """Accept a mail, with a test if there is one; give SES's id for it."""
        ...

    def queued(self, queue: str, delay: Millis, message: str) -> None:
        """Accept a message for a queue."""
        ...

    def published(self, message: Mapping[str, Any]) -> None:
        """Take a message of the topic."""
        ...

    def unmatched(self) -> None:
        """Record that a mail was set aside."""
        ...


class Ses:
    """The sending half of SES."""

    def __init__(self, drive: Drive) -> None:
        self.drive = drive

    def send_email(self, **asked: Any) -> Answer:  # noqa: ANN401 -- botocore's
        """Accept a mail, or fail as SES does."""
        if code := self.drive.fails():
            raise ClientError({"Error": {"Code": code, "Message": code}}, "SendEmail")
        (to,) = asked["Destination"]["ToAddresses"]
        tags = {tag["Name"]: tag["Value"] for tag in asked["EmailTags"]}
        raw = asked["Content"]["Raw"]["Data"]
        return {"MessageId": self.drive.sent(to.lower(), tags.get("mxtrax-test", ""), raw)}


class Sqs:
    """All queues."""

    def __init__(self, drive: Drive) -> None:
        self.drive = drive

    def send_message_batch(self, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> Answer:  # noqa: N803 -- botocore's
        """Accept messages."""
        for entry in Entries:
            self.drive.queued(QueueUrl, entry["DelaySeconds"] * SECOND, entry["MessageBody"])
        return {"Successful": [], "Failed": []}


class Sns:
    """The topic."""

    def __init__(self, drive: Drive) -> None:
        self.drive = drive

    def publish(self, **asked: Any) -> Answer:  # noqa: ANN401 -- botocore's
        """Take a message."""
        self.drive.published(json.loads(asked["Message"]))
        return {"MessageId": "1"}


class S3:
    """The inbox."""

    def __init__(self, drive: Drive) -> None:
        self.drive = drive
        self.tags = dict[str, dict[str, str]]()

    def get_object(self, **asked: Any) -> Answer:  # noqa: ANN401 -- botocore's
        """Give a mail."""
        if asked["Key"] not in self.drive.inbox:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        fields, body, _ = self.drive.inbox[asked["Key"]]
        raw = "".join(f"{name}: {value}\r\n" for name, value in fields).encode() + b"\r\n" + body
        return {"Body": io.BytesIO(raw)}

    def delete_object(self, **asked: Any) -> Answer:  # noqa: ANN401 -- botocore's
        """Delete a mail."""
        self.drive.inbox.pop(asked["Key"], None)
        return {}

    def head_object(self, **asked: Any) -> Answer:  # noqa: ANN401 -- botocore's
        """Give when a mail was stored."""
        if asked["Key"] not in self.drive.inbox:
            raise ClientError({"Error": {"Code": "404"}}, "HeadObject")
        return {"LastModified": datetime.fromtimestamp(self.drive.inbox[asked["Key"]][2] / SECOND, UTC)}

    def get_object_tagging(self, **asked: Any) -> Answer:  # noqa: ANN401 -- botocore's
        """Give the tags of a mail."""
        tags = self.tags.get(asked["Key"], {}) if asked["Key"] in self.drive.inbox else {}
        return {"TagSet": [{"Key": name, "Value": value} for name, value in tags.items()]}

    def put_object_tagging(self, **asked: Any) -> Answer:  # noqa: ANN401 -- botocore's
        """Tag a mail."""
        self.tags[asked["Key"]] = {it["Key"]: it["Value"] for it in asked["Tagging"]["TagSet"]}
        return {}

    def copy_object(self, **asked: Any) -> Answer:  # noqa: ANN401 -- botocore's
        """Set a mail aside."""
        if asked["CopySource"]["Key"] not in self.drive.inbox:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "CopyObject")
        self.drive.unmatched()
        return {}

    def get_paginator(self, _: str) -> Self:
        """Give the paginator."""
        return self

    def paginate(self, **asked: Any) -> Iterator[Answer]:  # noqa: ANN401 -- botocore's
        """List the mails."""
        there = [(key, at) for key, (_, _, at) in self.drive.inbox.items() if key.startswith(asked["Prefix"])]
        yield {
            "Contents": [{"Key": key, "LastModified": datetime.fromtimestamp(at / SECOND, UTC)} for key, at in there]
        }


def clients(drive: Drive) -> Mapping[str, Any]:
    """Give the client of each service."""
    return {"sesv2": Ses(drive), "sqs": Sqs(drive), "sns": Sns(drive), "s3": S3(drive)}
