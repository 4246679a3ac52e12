"""Moto instead of AWS, with its slowest paths shortened.

Left out is what is the same for every call: reading botocore's models, signing, naming the client, and for DynamoDB
parsing requests and building responses through HTTP. DynamoDB's behaviour is moto's own. The fault suite runs the same
lives both ways.
"""

import base64
import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final, cast

import botocore.session
import moto.dynamodb.models as dynamodb
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.loaders import create_loader
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from moto import mock_aws
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.common_models import BaseModel
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

from infra.partiql.on_moto import statements_understood
from mxtrax.runtime import memory
from tests.stack import ACCOUNT, REGION


@contextmanager
def empty_aws() -> Iterator[None]:
    """Replace AWS with an empty one, for workers without cached state."""
    with pytest.MonkeyPatch.context() as patch, in_short(), statements_understood(), mock_aws():
        patch.setattr(BaseModel, "__new__", staticmethod(_forgetful))
        patch.setattr(botocore.session, "create_loader", lambda *_: _LOADER)
        patch.setattr(CognitoIdpResponse, "admin_link_provider_for_user", _linked, raising=False)
        memory.reset()
        yield
        memory.reset()


def _forgetful(cls: type, *_: object, **__: object) -> object:
    """Make one of moto's records without noting it: it would keep each for ever."""
    return object.__new__(cls)


def _linked(asked: CognitoIdpResponse) -> ActionResult:
    """Link a user to an identity provider, which moto cannot: as Cognito shows it, in an attribute."""
    to, by = asked._get_param("DestinationUser"), asked._get_param("SourceUser")
    user = asked.backend.admin_get_user(asked._get_param("UserPoolId"), to["ProviderAttributeValue"])
    known = json.loads(next((it["Value"] for it in user.attributes if it["Name"] == "identities"), "[]"))
    known.append({"userId": by["ProviderAttributeValue"], "providerName": by["ProviderName"]})
    user.update_attributes([{"Name": "identities", "Value": json.dumps(known)}])
    return EmptyResult()


_LOADER: Final = create_loader()
"""What botocore's files say is read once in a process: to make a client is mostly to read what it can do."""


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
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).timestamp()  # Moto's times are UTC and do not say so.
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
    """Give an item's table and key, and a copy of it."""
    table = backend.tables[part["TableName"]]
    named = part.get("Key") or part["Item"]
    shelf, key = table.items, DynamoType(named[table.hash_key_attr])
    if table.range_key_attr is not None:
        shelf, key = shelf[key], DynamoType(named[table.range_key_attr])
    return shelf, key, copy.deepcopy(shelf.get(key))
