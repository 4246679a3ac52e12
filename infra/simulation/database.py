"""A fast DynamoDB in this process: it answers PynamoDB instead of botocore, so the real store code runs on it.

Items are kept as DynamoDB's typed JSON and are never changed in place, so items already read do not change.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

from pynamodb.connection import base
from pynamodb.exceptions import CancellationReason, VerboseClientError
from pynamodb.models import Model

from infra.partiql import requests
from infra.simulation.expressions import Value, condition, plain, update
from infra.simulation.tables import Item, Key, Table

type Request = Mapping[str, Any]
type Answer = dict[str, Any]

_UNTIL: Final = re.compile(r"\(#\w+ = :\w+ AND (#\w+) <= (:\w+)\)")
"""The jobs' query of each minute: everything due by a moment."""


class _Failed(Exception):
    """An error response of DynamoDB; `reasons` are those of a transaction's parts."""

    def __init__(self, code: str, reasons: Iterable[str] = ()) -> None:
        super().__init__(code)
        self.code, self.reasons = code, tuple(reasons)


class Database:
    """All tables; answers PynamoDB's calls by name."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self._operations: Mapping[str, Callable[[Request], Answer]] = {
            "CreateTable": self._create_table,
            "DescribeTable": self._describe_table,
            "GetItem": self._get_item,
            "BatchGetItem": self._batch_get_item,
            "PutItem": self._put_item,
            "DeleteItem": self._delete_item,
            "UpdateItem": self._update_item,
            "Query": self._query,
            "Scan": self._scan,
            "TransactWriteItems": self._transact_write_items,
            "BatchExecuteStatement": self._batch_execute_statement,
        }

    def call(self, operation: str, asked: Request) -> Answer:
        """Answer one call. Raises PynamoDB's exceptions for DynamoDB's errors."""
        try:
            return self._operations[operation](asked)
        except _Failed as error:
            raise VerboseClientError(
                {"Error": {"Code": error.code, "Message": error.code}},
                operation,
                {"request_id": "", "table_name": asked.get("TableName", "")},
                cancellation_reasons=(
                    CancellationReason(code=code, message=code, raw_item=None) if code else None
                    for code in error.reasons
                ),
            ) from error

    def _create_table(self, asked: Request) -> Answer:
        def names(schema: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
            return tuple(key["AttributeName"] for key in sorted(schema, key=lambda key: key["KeyType"]))

        indexes = {it["IndexName"]: names(it["KeySchema"]) for it in asked.get("GlobalSecondaryIndexes", ())}
        self.tables[asked["TableName"]] = Table(names(asked["KeySchema"]), indexes)
        return {"TableDescription": {"TableName": asked["TableName"], "TableStatus": "ACTIVE"}}

    def _describe_table(self, asked: Request) -> Answer:
        if asked["TableName"] not in self.tables:
            raise _Failed("ResourceNotFoundException")
        return {"Table": {"TableName": asked["TableName"], "TableStatus": "ACTIVE"}}

    def _get_item(self, asked: Request) -> Answer:
        table = self.tables[asked["TableName"]]
        item = table.items.get(table.key(asked["Key"]))
        return {} if item is None else {"Item": item}

    def _batch_get_item(self, asked: Request) -> Answer:
        found = {}
        for name, wanted in asked["RequestItems"].items():
            table = self.tables[name]
            items = [table.items.get(table.key(key)) for key in wanted["Keys"]]
            found[name] = [item for item in items if item is not None]
        return {"Responses": found, "UnprocessedKeys": {}}

    def _put_item(self, asked: Request) -> Answer:
        self._check(asked)
        self.tables[asked["TableName"]].put(asked["Item"])
        return {}

    def _delete_item(self, asked: Request) -> Answer:
        self._check(asked)
        table = self.tables[asked["TableName"]]
        table.drop(table.key(asked["Key"]))
        return {}

    def _update_item(self, asked: Request) -> Answer:
        self._check(asked)
        return {"Attributes": self._update(asked)}

    def _scan(self, asked: Request) -> Answer:
        return _page(_filtered(self.tables[asked["TableName"]].items.values(), asked))

    def _query(self, asked: Request) -> Answer:
        table, index = self.tables[asked["TableName"]], asked.get("IndexName")
        keys = table.keys[index]
        found = _matching(table.index(index), keys[0], asked)
        if len(keys) > 1 and len(found) > 1:
            found.sort(key=_by(keys[1]))
        if not asked.get("ScanIndexForward", True):
            found.reverse()
        if start := asked.get("ExclusiveStartKey"):
            after = table.key(start)
            before = next((n for n, item in enumerate(found) if table.key(item) == after), -1)
            found = found[before + 1 :]
        last, limit = None, asked.get("Limit")
        if limit is not None and len(found) > limit:
            found = found[:limit]
            last = {name: found[-1][name] for name in (*table.keys[None], *keys)}
        answer = _page(_filtered(found, asked))
        return {**answer, "LastEvaluatedKey": last} if last else answer

    def _transact_write_items(self, asked: Request) -> Answer:
        parts = [next(iter(part.items())) for part in asked["TransactItems"]]
        reasons = ["" if self._holds(part) else "ConditionalCheckFailed" for _, part in parts]
        if any(reasons):
            raise _Failed("TransactionCanceledException", reasons)
        for kind, part in parts:
            table = self.tables[part["TableName"]]
            match kind:
                case "Put":
                    table.put(part["Item"])
                case "Delete":
                    table.drop(table.key(part["Key"]))
                case "Update":
                    self._update(part)
        return {}

    def _batch_execute_statement(self, asked: Request) -> Answer:
        def do(operation: str, request: Request) -> None:
            try:
                self._operations[operation](request)
            except _Failed as failed:
                raise requests.Refused(failed.code) from failed

        statements = asked["Statements"]
        return {"Responses": requests.answers(statements, lambda name: self.tables[name].keys[None][0], do)}

    def _check(self, asked: Request) -> None:
        if not self._holds(asked):
            raise _Failed("ConditionalCheckFailedException")

    def _holds(self, asked: Request) -> bool:
        if not (text := asked.get("ConditionExpression")):
            return True
        table = self.tables[asked["TableName"]]
        item: Mapping[str, Value] = table.items.get(table.key(asked.get("Key") or asked["Item"]), {})
        return condition(text)(item, *_placeholders(asked))

    def _update(self, asked: Request) -> Item:
        table, (names, values) = self.tables[asked["TableName"]], _placeholders(asked)
        before: Mapping[str, Value] = table.items.get(table.key(asked["Key"]), {})
        after = dict(before or asked["Key"])
        for verb, placeholder, operand in update(asked["UpdateExpression"]):
            name = names.get(placeholder, placeholder)
            value = operand(before, names, values)
            if verb == "ADD" and value is not None:
                value = _added(value, after.get(name))
            elif verb == "DELETE" and value is not None:
                value = _taken_out(value, after.get(name))
            if value is None:
                after.pop(name, None)
            else:
                after[name] = value
        return table.put(after)


def _placeholders(asked: Request) -> tuple[Mapping[str, str], Mapping[str, Value]]:
    return asked.get("ExpressionAttributeNames", {}), asked.get("ExpressionAttributeValues", {})


def _matching(parts: Mapping[Any, dict[Key, Item]], partition: str, asked: Request) -> list[Item]:
    """Give the items in a query's partition that meet its condition."""
    text, (names, values) = asked["KeyConditionExpression"], _placeholders(asked)
    placeholder = next(it for it, name in names.items() if name == partition)
    wanted = re.search(re.escape(placeholder) + r" = (:\w+)", text)
    if wanted is None:
        raise ValueError(f"a query without its partition: {text}")
    items = parts.get(plain(values[wanted[1]]), {}).values()
    if quick := _UNTIL.fullmatch(text):
        name, most = names[quick[1]], values[quick[2]].get("N")
        if most is not None:
            return [item for item in items if int(item[name]["N"]) <= int(most)]
    matches = condition(text)
    return [item for item in items if matches(item, names, values)]


def _by(name: str) -> Callable[[Item], Any]:
    return lambda item: plain(item[name])


def _filtered(found: Iterable[Item], asked: Request) -> list[Item]:
    if "FilterExpression" not in asked:
        return list(found)
    wanted, placeholders = condition(asked["FilterExpression"]), _placeholders(asked)
    return [item for item in found if wanted(item, *placeholders)]


def _page(found: list[Item]) -> Answer:
    return {"Items": found, "Count": len(found), "ScannedCount": len(found)}


def _added(more: Value, old: Value | None) -> Value:
    ((kind, it),) = more.items()
    if kind == "N":
        return {"N": str(plain(more) + (plain(old) if old else 0))}
    return {kind: sorted({*it, *(old[kind] if old else ())})}


def _taken_out(less: Value, old: Value | None) -> Value | None:
    ((kind, it),) = less.items()
    left = sorted(set(old[kind] if old else ()) - set(it))
    return {kind: left} if left else None


_from_raw: Final = vars(Model)["from_raw_data"].__func__


def _remembered(cls: type[Model], data: Item) -> Model:
    """Make an item's row only once: items never change."""
    row: Model | None = getattr(data, "row", None)
    if row is None or type(row) is not cls:
        row = _from_raw(cls, data)
        if type(data) is Item:
            data.row = row
    return row


@contextmanager
def answering() -> Iterator[Database]:
    """Answer all of PynamoDB's calls within this context; give the database."""
    database = Database()

    def call(_: base.Connection, operation: str, asked: Request) -> Answer:
        return database.call(operation, asked)

    with (
        patch.object(base.Connection, "_make_api_call", call),
        patch.object(Model, "from_raw_data", classmethod(_remembered)),
    ):
        yield database
