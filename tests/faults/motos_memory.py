"""Save, restore and read moto's memory."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import moto.backends

from mxtrax.model import Millis
from tests.stack import ACCOUNT, REGION

BUCKET: Final = "inbox"


def tables() -> dict[str, Any]:
    """Give moto's tables by name."""
    found: dict[str, Any] = _backend("dynamodb", REGION).tables
    return found


def items(table: Any) -> Iterator[Any]:
    """Give the items of a table."""
    for each in table.items.values():
        yield from each.values() if table.range_key_attr is not None else (each,)


def put(name: str, value: bytes, at: Millis, tags: dict[str, str] | None = None) -> None:
    """Store a mail as of a moment."""
    bucket = _backend("s3", "aws")
    key = bucket.put_object(BUCKET, name, value)
    bucket.put_object_tagging(key, tags or {})
    key.last_modified = datetime.fromtimestamp(at / 1000, UTC)


def stored() -> dict[str, tuple[bytes, Millis, dict[str, str]]]:
    """Give all stored mails, since when they are there, and their tags."""
    bucket = _backend("s3", "aws")
    keys = bucket.buckets[BUCKET].keys
    return {
        name: (
            keys[name].value,
            round(keys[name].last_modified.timestamp() * 1000),
            bucket.tagger.get_tag_dict_for_resource(keys[name].arn),
        )
        for name in sorted(keys)
    }


def keep() -> dict[str, Any]:
    """Keep what the tables and the bucket hold."""
    return {"tables": {name: copy.deepcopy(table.items) for name, table in tables().items()}, "bucket": stored()}


def put_back(kept: dict[str, Any]) -> None:
    """Let the tables and the bucket hold what they held."""
    for name, table in tables().items():
        table.items = copy.deepcopy(kept["tables"][name])
    _backend("s3", "aws").buckets[BUCKET].keys.clear()
    for name, (value, at, tags) in kept["bucket"].items():
        put(name, value, at, tags)
    forget()


def forget() -> None:
    """Drop what moto keeps of messages: the world delivers them itself."""
    for queue in _backend("sqs", REGION).queues.values():
        queue._messages = []
        queue.deleted_messages = set()
    for topic in _backend("sns", REGION).topics.values():
        topic.sent_notifications = []


def _backend(service: Any, region: str) -> Any:
    return moto.backends.get_backend(service)[ACCOUNT][region]
