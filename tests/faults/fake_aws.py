"""Moto's memory, to be kept, put back and read; and the longest ways to it made short, for want of time.

The short ways leave out what is the same for every call: signing, naming the client, taking a request of DynamoDB's apart
and putting its answer together by way of HTTP. What DynamoDB does is moto's own work. A test plays the same lives by both.
"""

import base64
import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final, cast

import moto.backends
import moto.dynamodb.models as dynamodb
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.exceptions import ServiceException
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

from mxtrax.model import Millis
from tests.stack import ACCOUNT, REGION

BUCKET: Final = "inbox"


@contextmanager
def in_short() -> Iterator[None]:
    """Take the short ways."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "process_request", _answered)
        patch.setattr(RequestSigner, "sign", _signed)
        patch.setattr(UserAgentString, "to_string", lambda _: "tests")
        patch.setattr(dynamodb.DynamoDBBackend, "transact_write_items", _together)
        patch.setattr(dynamodb, "copy", SimpleNamespace(deepcopy=_but_tables))
        yield


def _answered(stubber: BotocoreStubber, request: AWSPreparedRequest) -> Any:
    """Let moto's DynamoDB answer in person. What it turns down, which changes nothing, it turns down again at length."""
    service, _, operation = _target(request).partition(".")
    if not service.startswith("DynamoDB"):
        return _AT_LENGTH(stubber, request)
    handler = DynamoHandler()
    handler.params = handler.body = json.loads(cast("bytes", request.body))
    handler.region, handler.current_account = REGION, ACCOUNT
    try:
        answer = getattr(handler, camelcase_to_underscores(operation))()
    except (ServiceException, HTTPException):
        return _AT_LENGTH(stubber, request)
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(answer.result, default=_typed)


_AT_LENGTH: Final = BotocoreStubber.process_request


def _signed(signer: RequestSigner, operation: str, request: Any, *more: Any, **named: Any) -> None:
    """Sign a request, unless it is for DynamoDB: there nobody reads the signature."""
    if not _target(request).startswith("DynamoDB"):
        _SIGN(signer, operation, request, *more, **named)


_SIGN: Final = RequestSigner.sign


def _target(request: AWSPreparedRequest) -> str:
    """Name the service and operation of DynamoDB that a request is for; nothing for any other service."""
    named = request.headers.get("X-Amz-Target", "")
    return named.decode() if isinstance(named, bytes) else str(named)


def _typed(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value.to_json()


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
