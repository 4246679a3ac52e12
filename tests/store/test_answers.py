"""DynamoDB's answers are read in a short way, and mean the same."""

from typing import Any

import pytest
from botocore.parsers import ResponseParserFactory

from mxtrax.store import answers
from mxtrax.store.tables import connection
from tests.stage import Stage

ITEM: dict[str, Any] = {
    "id": {"S": "grün"},
    "n": {"N": "-12.5"},
    "yes": {"BOOL": True},
    "nothing": {"NULL": True},
    "packed": {"B": b"\x00\xff"},
    "some": {"SS": ["a", "b"]},
    "deep": {"M": {"B": {"S": "no bytes"}, "list": {"L": [{"B": b"x"}, {"N": "1"}]}}},
    "B": {"S": "a name like any other"},
}


def test_the_clients_that_all_tables_share_reads_plainly(it: Stage) -> None:
    """Botocore makes its parsers where we say: a newer botocore that does it elsewhere is noticed here."""
    domain = it.domain()
    client: Any = connection().client
    assert isinstance(client._endpoint._response_parser_factory, answers._Parsers)
    assert it.health(domain).maildomain == domain.key


def test_the_short_way_and_the_long_way_come_to_the_same(monkeypatch: pytest.MonkeyPatch, it: Stage) -> None:
    """Whatever an item holds; whether there is an item or none; and of a whole batch."""
    client: Any = connection().client
    client.create_table(
        TableName="odd",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client.put_item(TableName="odd", Item=ITEM)

    def read() -> list[Any]:
        key = {"id": ITEM["id"]}
        found = [
            client.get_item(TableName="odd", Key=key),
            client.get_item(TableName="odd", Key={"id": {"S": "gone"}}),
            client.scan(TableName="odd"),
            client.batch_get_item(RequestItems={"odd": {"Keys": [key]}}),
            client.update_item(
                TableName="odd",
                Key=key,
                ReturnValues="ALL_NEW",
                UpdateExpression="SET n = :n",
                ExpressionAttributeValues={":n": {"N": "1"}},
            ),
        ]
        for each in found:
            assert each.pop("ResponseMetadata")["HTTPStatusCode"] == 200
        return found

    shortly = read()
    client.put_item(TableName="odd", Item=ITEM)
    monkeypatch.setattr(client._endpoint, "_response_parser_factory", ResponseParserFactory())
    assert shortly == read()
    assert shortly[0]["Item"] == ITEM
    assert shortly[1] == {}
