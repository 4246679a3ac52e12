"""Let moto's DynamoDB run the store's statements, which its own parser cannot read, by its PutItem and UpdateItem."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.dynamodb.exceptions import DynamodbException
from moto.dynamodb.models import DynamoDBBackend

from infra.partiql.requests import Refused, Request, Statement, answers


@contextmanager
def statements_understood() -> Iterator[None]:
    """Answer BatchExecuteStatement within this context."""
    with patch.object(DynamoDBBackend, "batch_execute_statement", _batch):
        yield


def _batch(backend: DynamoDBBackend, statements: Sequence[Statement]) -> list[dict[str, Any]]:
    def do(operation: str, asked: Request) -> None:
        condition = {
            "condition_expression": asked["ConditionExpression"],
            "expression_attribute_names": asked["ExpressionAttributeNames"],
            "expression_attribute_values": asked.get("ExpressionAttributeValues", {}),
        }
        try:
            if operation == "PutItem":
                backend.put_item(asked["TableName"], asked["Item"], **condition)
            else:
                backend.update_item(asked["TableName"], asked["Key"], asked["UpdateExpression"], **condition)
        except DynamodbException as error:
            raise Refused(error.relative_error_type) from error

    return answers(statements, lambda table: backend.get_table(table).hash_key_attr, do)
