"""S3: the mails that came in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from botocore.exceptions import ClientError

from mxtrax.aws.clients import client
from mxtrax.model import Millis

MAX_MAIL: Final = 40 * 1024 * 1024
"""Bytes of a mail that are read: what SES accepts at most, inbound."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object in the inbox."""

    key: str
    at: Millis


def read_mail(bucket: str, key: str) -> bytes | None:
    """Read a stored mail; None where it is gone, which means that it has been accounted for."""
    try:
        body = client("s3").get_object(Bucket=bucket, Key=key)["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
            return None
        raise
    return bytes(body.read(MAX_MAIL))


def read_head(bucket: str, key: str, size: int) -> bytes:
    """Read the first bytes of a stored mail; nothing where it is gone or empty."""
    try:
        body = client("s3").get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{size - 1}")["Body"]
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404", "InvalidRange"}:
            return b""
        raise
    return bytes(body.read(size))


def delete_mail(bucket: str, key: str) -> None:
    """Delete a stored mail; once it is gone, deleting it again changes nothing."""
    client("s3").delete_object(Bucket=bucket, Key=key)


def move_mail(bucket: str, key: str, target: str) -> bool:
    """Move a stored mail; False where it is gone. It is copied before it is deleted: being cut short loses nothing."""
    try:
        client("s3").copy_object(Bucket=bucket, Key=target, CopySource={"Bucket": bucket, "Key": key})
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
            raise
        return False
    delete_mail(bucket, key)
    return True


def stored_mails(bucket: str, prefix: str) -> Iterator[Stored]:
    """List the stored mails under a prefix."""
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for each in page.get("Contents", ()):
            yield Stored(each["Key"], int(each["LastModified"].timestamp() * 1000))
