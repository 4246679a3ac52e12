"""The AWS calls that code makes, from botocore's own events, and what IAM must allow for each of them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import product
from typing import Any
from urllib.parse import unquote

from infra.bench.ears import hearing
from infra.partiql.requests import requested
from tests.stack import ACCOUNT, REGION


@dataclass(frozen=True, order=True)
class Need:
    """What one call needs to be allowed: an action on a resource; in DynamoDB, the partition key that it touches."""

    action: str
    resource: str
    key: str = ""


@dataclass(frozen=True, order=True)
class Grant:
    """What a policy allows: one action on the resources of one pattern, on the partition keys of one or on all ("").

    For a mail, `key` is its From address.
    """

    action: str
    resource: str
    key: str = ""

    def allows(self, need: Need) -> bool:
        """Say whether this is enough for a need."""
        same_key = not self.key or fnmatchcase(need.key, self.key)
        return self.action == need.action and fnmatchcase(need.resource, self.resource) and same_key


@dataclass
class Calls:
    """All calls made while listening."""

    needs: set[Need] = field(default_factory=set)
    listening: bool = False

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Listen."""
        self.listening = True
        try:
            yield
        finally:
            self.listening = False


@contextmanager
def overheard() -> Iterator[Calls]:
    """Listen to every session opened within this context."""
    calls = Calls()

    def asked(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["overheard"] = params

    def answered(parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if calls.listening:
            service = model.service_model.service_name
            calls.needs.update(needs(service, model.name, context["overheard"], parsed))

    with hearing(("before-parameter-build", asked), ("after-call", answered)):
        yield calls


def grants(policies: list[dict[str, Any]]) -> set[Grant]:
    """Split a function's resolved policies into grants."""
    found = set[Grant]()
    for policy in policies:
        for statement in policy["Statement"]:
            assert statement["Effect"] == "Allow"
            keys = _keys(statement.get("Condition", {}))
            each = product(_listed(statement["Action"]), _listed(statement["Resource"]), keys)
            found.update(Grant(action, resource, key) for action, resource, key in each)
    return found


def _keys(condition: Mapping[str, Any]) -> list[str]:
    if not condition:
        return [""]
    ((how, what),) = condition.items()
    if how == "StringLike":
        assert what.keys() == {"ses:FromAddress"}
        return [what["ses:FromAddress"]]
    assert how in {"ForAllValues:StringEquals", "ForAllValues:StringLike"}
    keys: list[str] = what["dynamodb:LeadingKeys"]
    assert what == {"dynamodb:LeadingKeys": keys}
    assert how.endswith("Like") or not any("*" in key for key in keys)
    return keys


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def needs(service: str, operation: str, params: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[Need]:
    """Say what IAM has to allow for a call (Service Authorization Reference)."""
    match service:
        case "dynamodb":
            yield from _dynamodb(operation, params)
        case "s3":
            yield from _s3(operation, params, answer)
        case "sqs" if operation in {"SendMessage", "SendMessageBatch", "GetQueueAttributes"}:
            action = f"sqs:{operation.removesuffix('Batch')}"
            yield Need(action, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{params['QueueUrl'].rpartition('/')[2]}")
        case "sns" if operation == "Publish":
            yield Need("sns:Publish", params["TopicArn"])
        case "sesv2" if operation == "SendEmail":
            yield from _ses(params)
        case "ssm":
            yield Need(f"ssm:{operation}", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{params['Name']}")
        case "cognito-idp":
            pool = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{params['UserPoolId']}"
            yield Need(f"cognito-idp:{operation}", pool)
        case _:
            yield Need(f"{service}:{operation}", "*")


_PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
"""What a part of a transaction needs; the transaction itself needs nothing more."""

_STATEMENTS = {"PutItem": "PartiQLInsert", "UpdateItem": "PartiQLUpdate"}
"""What a statement needs, by the request that does the same; the batch itself needs nothing more."""

_HASH_KEYS = {
    "config": "id",
    "runtime": "id",
    "customer": "codename",
    "maildomain": "key",
    "mailserver": "address",
    "mailtest": "testid",
    "incident": "id",
    "window": "id",
    "audit": "log",
    "rollup": "group",
}


def _dynamodb(operation: str, params: Mapping[str, Any]) -> Iterator[Need]:
    match operation:
        case "TransactWriteItems":
            for each in params["TransactItems"]:
                ((part, of),) = each.items()
                yield Need(f"dynamodb:{_PARTS[part]}", _table(of), _leading(of))
        case "BatchExecuteStatement":
            for each in params["Statements"]:
                action, of = requested(each)
                yield Need(f"dynamodb:{_STATEMENTS[action]}", _table(of), _leading(of))
        case "BatchGetItem" | "BatchWriteItem":
            for name, of in params["RequestItems"].items():
                keys = of["Keys"] if operation == "BatchGetItem" else [{}]
                for each in keys:
                    params = {"TableName": name, "Key": each}
                    yield Need(f"dynamodb:{operation}", _table(params), _leading(params))
        case _:
            yield Need(f"dynamodb:{operation}", _table(params), _leading(params))


def _table(params: Mapping[str, Any]) -> str:
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{params['TableName']}"
    return f"{arn}/index/{params['IndexName']}" if "IndexName" in params else arn


def _leading(params: Mapping[str, Any]) -> str:
    """Give the partition key that a request names."""
    name = _HASH_KEYS.get(params["TableName"].rpartition("-")[2], "maildomain")
    if item := params.get("Key") or params.get("Item"):
        return str(next(iter(item[name].values())))
    if found := re.match(r"(?:\(*)#\w+ = (:\w+)", params.get("KeyConditionExpression", "")):
        return str(next(iter(params["ExpressionAttributeValues"][found[1]].values())))
    return ""


def _s3(operation: str, params: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[Need]:
    bucket = f"arn:aws:s3:::{params['Bucket']}"
    match operation:
        case "ListObjectsV2":
            yield Need("s3:ListBucket", bucket)
        case "HeadObject":
            yield Need("s3:GetObject", f"{bucket}/{params['Key']}")
        case "CopyObject":
            yield Need("s3:GetObject", f"arn:aws:s3:::{unquote(params['CopySource'])}")
            yield Need("s3:PutObject", f"{bucket}/{params['Key']}")
        case _:
            yield Need(f"s3:{operation}", f"{bucket}/{params['Key']}")
    if answer.get("Error", {}).get("Code") in {"NoSuchKey", "404"}:
        yield Need("s3:ListBucket", bucket)  # without it, S3 answers AccessDenied instead of NoSuchKey


def _ses(params: Mapping[str, Any]) -> Iterator[Need]:
    """Say what a SendEmail needs: on the identity and on the configuration set; a raw mail is SendRawEmail as well."""
    arn = f"arn:aws:ses:{REGION}:{ACCOUNT}"
    resources = [f"{arn}:identity/{params['FromEmailAddress'].rpartition('@')[2]}"]
    if "ConfigurationSetName" in params:
        resources.append(f"{arn}:configuration-set/{params['ConfigurationSetName']}")
    actions = ["ses:SendEmail", *(["ses:SendRawEmail"] if "Raw" in params["Content"] else [])]
    yield from (Need(action, resource, params["FromEmailAddress"]) for action, resource in product(actions, resources))
