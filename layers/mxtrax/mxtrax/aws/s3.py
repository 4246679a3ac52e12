"""S3: the mails that came in."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from mxtrax.aws.clients import client
from mxtrax.frozen import dataclass
from mxtrax.model import SECOND, Millis

MAX_MAIL: Final = 40 * 1024 * 1024
"""Bytes of a mail that are read: what SES accepts at most, inbound."""

_GONE: Final = frozenset({"NoSuchKey", "404"})


@dataclass(frozen=True, slots=True)
class Stored:
    """An object in the inbox."""

    key: str
    at: Millis
    size: int = 0


def read_mail(bucket: str, key: str) -> bytes | None:
    """Read a stored mail; None if it is gone, which means that it has been accounted for."""
    found = _unless_gone("get_object", Bucket=bucket, Key=key)
    return bytes(found["Body"].read(MAX_MAIL)) if found else None


def read_head(bucket: str, key: str, size: int) -> tuple[bytes, dict[str, str]]:
    """Read the first bytes of a stored mail and what is noted of it; nothing if it is gone or empty."""
    found = _unless_gone("get_object", "InvalidRange", Bucket=bucket, Key=key, Range=f"bytes=0-{size - 1}")
    return (bytes(found["Body"].read(size)), found.get("Metadata", {})) if found else (b"", {})


def stored(bucket: str, key: str) -> Stored | None:
    """Look a mail up; None if it is gone."""
    found = _unless_gone("head_object", Bucket=bucket, Key=key)
    return Stored(key, _millis(found["LastModified"]), int(found["ContentLength"])) if found else None


def tags(bucket: str, key: str) -> dict[str, str]:
    """Read the tags of a stored mail; none where it is gone."""
    found = _unless_gone("get_object_tagging", Bucket=bucket, Key=key)
    return {each["Key"]: each["Value"] for each in found["TagSet"]} if found else {}


def tag(bucket: str, key: str, wanted: Mapping[str, str]) -> None:
    """Give a stored mail these tags and no others; do nothing if it is gone."""
    tag_set = [{"Key": name, "Value": value} for name, value in wanted.items()]
    _unless_gone("put_object_tagging", Bucket=bucket, Key=key, Tagging={"TagSet": tag_set})


def delete_mail(bucket: str, key: str) -> None:
    """Delete a stored mail; once it is gone, deleting it again changes nothing."""
    client("s3").delete_object(Bucket=bucket, Key=key)


def move_mail(bucket: str, key: str, target: str, noted: Mapping[str, str]) -> bool:
    """Move a stored mail and note something of it; False if it is gone.

    It is copied before it is deleted, so an interruption loses nothing. Its tags are not copied.
    """
    copied = _unless_gone(
        "copy_object",
        Bucket=bucket,
        Key=target,
        CopySource={"Bucket": bucket, "Key": key},
        Metadata=dict(noted),
        MetadataDirective="REPLACE",
        TaggingDirective="REPLACE",
    )
    if copied is None:
        return False
    delete_mail(bucket, key)
    return True


def move_head(bucket: str, key: str, target: str, noted: Mapping[str, str], size: int) -> bool:
    """Keep the first bytes of a stored mail elsewhere, note something of it, and delete it; False if it is gone."""
    head, _ = read_head(bucket, key, size)
    if not head:
        return False
    client("s3").put_object(Bucket=bucket, Key=target, Body=head, Metadata=dict(noted))
    delete_mail(bucket, key)
    return True


def stored_mails(bucket: str, prefix: str, most: int = 1_000) -> Iterator[Stored]:
    """List the stored mails under a prefix, by key, at most `most`, as far as one call can give them."""
    pages = client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=bucket, Prefix=prefix, PaginationConfig={"PageSize": min(most, 1_000)}):
        for each in page.get("Contents", ()):
            yield Stored(each["Key"], _millis(each["LastModified"]))


def _unless_gone(operation: str, *gone: str, **asked: object) -> dict[str, Any] | None:
    """Call S3; None if it says that the object is gone, or what else in `gone` means that there is nothing."""
    try:
        answer: dict[str, Any] = getattr(client("s3"), operation)(**asked)
    except ClientError as error:
        if error.response["Error"]["Code"] in {*_GONE, *gone}:
            return None
        raise
    return answer


def _millis(moment: datetime) -> Millis:
    return int(moment.timestamp() * SECOND)
