"""Moto's memory, to be kept, put back and read; and two of its longest ways made short, for want of time."""

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

import moto.backends
import moto.dynamodb.models as dynamodb
import pytest
from moto.core.responses import ActionContext, ActionResult
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from mxtrax.model import Millis
from tests.stack import ACCOUNT, REGION

BUCKET: Final = "inbox"


@contextmanager
def in_short() -> Iterator[None]:
    """Take the short ways."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ActionResult, "execute_result", _in_few_words)
        patch.setattr(dynamodb.DynamoDBBackend, "transact_write_items", _together)
        patch.setattr(dynamodb, "copy", SimpleNamespace(deepcopy=_but_tables))
        yield


def _in_few_words(result: ActionResult, context: ActionContext) -> Any:
    """Write DynamoDB's answers as they are: moto's general way, through botocore's model, takes half of all time."""
    if context.service_model.service_name != "dynamodb" or isinstance(result.result, Exception):
        return _AT_LENGTH(result, context)
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(result.result, default=_typed)


_AT_LENGTH: Final = ActionResult.execute_result


def _typed(value: Any) -> Any:
    return value.to_json()


def _together(backend: Any, items: list[dict[str, Any]]) -> None:
    """Take a transaction back by the items that it touches: moto would copy all tables before each."""
    before = [_before(backend, next(iter(item.values()))) for item in items]
    try:
        _WITH_COPIES(backend, items)
    except Exception:
        for shelf, key, item in before:
            if item is None:
                shelf.pop(key, None)
            else:
                shelf[key] = item
        raise


_WITH_COPIES: Final = dynamodb.DynamoDBBackend.transact_write_items


def _but_tables(value: Any) -> Any:
    return value if isinstance(value, Table) else copy.deepcopy(value)


def _before(backend: Any, part: dict[str, Any]) -> tuple[Any, DynamoType, Any]:
    """Give where an item stands, under which key, and a copy of it."""
    table = backend.tables[part["TableName"]]
    named = part.get("Key") or part["Item"]
    shelf, key = table.items, DynamoType(named[table.hash_key_attr])
    if table.range_key_attr is not None:
        shelf, key = shelf[key], DynamoType(named[table.range_key_attr])
    return shelf, key, copy.deepcopy(shelf.get(key))


# --- its memory


def tables() -> dict[str, Any]:
    """Give moto's tables by name."""
    found: dict[str, Any] = _backend("dynamodb", REGION).tables
    return found


def items(table: Any) -> Iterator[Any]:
    """Give the items of a table."""
    for each in table.items.values():
        yield from each.values() if table.range_key_attr is not None else (each,)


def put(name: str, value: bytes, at: Millis) -> None:
    """Store a mail as of a moment."""
    key = _backend("s3", "aws").put_object(BUCKET, name, value)
    key.last_modified = datetime.fromtimestamp(at / 1000, UTC)


def stored() -> dict[str, tuple[bytes, Millis]]:
    """Give all stored mails, and since when they are there."""
    keys = _backend("s3", "aws").buckets[BUCKET].keys
    return {name: (keys[name].value, round(keys[name].last_modified.timestamp() * 1000)) for name in sorted(keys)}


def keep() -> dict[str, Any]:
    """Keep what the tables and the bucket hold."""
    return {"tables": {name: copy.deepcopy(table.items) for name, table in tables().items()}, "bucket": stored()}


def put_back(kept: dict[str, Any]) -> None:
    """Let the tables and the bucket hold what they held."""
    for name, table in tables().items():
        table.items = copy.deepcopy(kept["tables"][name])
    _backend("s3", "aws").buckets[BUCKET].keys.clear()
    for name, (value, at) in kept["bucket"].items():
        put(name, value, at)
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
