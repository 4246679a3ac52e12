"""What the store uses of PynamoDB's internals: its version is pinned, and each of these is tested here."""

import tomllib
from pathlib import Path
from typing import Any

import pynamodb
import pytest
from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.pagination import ResultIterator
from pynamodb.transactions import TransactWrite

from mxtrax.model import DomainHealth
from mxtrax.rules.status import listing_of_new
from mxtrax.store import audit, mapping, tables
from mxtrax.store.tables import HealthRow, IncidentRow, MailDomainRow, connection
from mxtrax.store.tables.row import Row, Shared
from tests.stage import Stage

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_its_version_is_pinned_to_the_minor() -> None:
    """A newer one may do any of these in another way; these tests must run with it first."""
    minor = ".".join(pynamodb.__version__.split(".")[:2])
    wanted = tomllib.loads(PROJECT.read_text())["project"]["dependencies"]
    assert f"pynamodb=={minor}.*" in [each.replace(" ", "") for each in wanted]


def test_all_tables_share_one_client(it: Stage) -> None:
    """`Model._get_connection`, `TableConnection.connection` and `Connection.add_meta_table` let them."""
    shared = connection()
    assert isinstance(shared, Connection)
    for table in tables.TABLES:
        own = table._get_connection()
        assert own.connection is shared
        assert own.connection.client is shared.client
        assert shared.get_meta_table(own.table_name).table_name == table.Meta.table_name == own.table_name


def test_tables_can_be_meant_before_and_after_they_are_imported(it: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row whose file comes later has the prefix already; without one, nothing is opened."""
    assert MailDomainRow.Meta.table_name == Row.prefix + "maildomain"

    class LaterRow(Row):
        class Meta(Shared):
            table_name = "later"

        id = UnicodeAttribute(hash_key=True)

    assert LaterRow.Meta.table_name == Row.prefix + "later"
    assert LaterRow._get_connection().connection is connection()
    monkeypatch.setattr(Row, "client", None)
    with pytest.raises(RuntimeError, match="connect"):
        connection()


def test_a_model_tells_its_attributes_and_its_indexes_theirs() -> None:
    """`Model.get_attributes` and `Index.Meta.attributes`, by which cursors and the template are held to the tables."""
    assert MailDomainRow.get_attributes()["key"].is_hash_key
    index: Any = MailDomainRow.by_name
    keys = index.Meta.attributes.values()
    assert {it.attr_name: it.is_hash_key for it in keys} == {"fleet": True, "domainname": False}


def test_pages_are_read_as_dynamodb_gives_them(it: Stage) -> None:
    """`ResultIterator.page_iter` and its `last_evaluated_key`; `Model.from_raw_data` makes rows of them."""
    for name in ("one", "two", "three"):
        it.domain(f"{name}.example")
    result = MailDomainRow.in_order.query(tables.FLEET, page_size=2)
    assert isinstance(result, ResultIterator)
    first = next(result.page_iter)
    assert (first["ScannedCount"], len(first["Items"])) == (2, 2)
    assert result.page_iter.last_evaluated_key
    assert MailDomainRow.from_raw_data(first["Items"][0]).domainname == "one.example"


def test_a_transaction_sorts_what_it_does(it: Stage) -> None:
    """Checks come before deletions, writes and updates: so the first reason of a refusal is the check's (fleet.save)."""
    asked = []
    connection().client.meta.events.register(
        "provide-client-params.dynamodb.TransactWriteItems", lambda params, **_: asked.append(params["TransactItems"])
    )
    mapping.maildomain_row(it.domain("one.example"), listing_of_new()).save()
    mapping.health_row(DomainHealth(maildomain="x", version=1)).save()
    with TransactWrite(connection=connection()) as together:
        together.update(MailDomainRow("mxtrax@one.example"), actions=[MailDomainRow.version.set(1)])
        together.save(IncidentRow("1", maildomain="x", opened=1))
        together.delete(HealthRow("y"))
        together.condition_check(HealthRow, "x", condition=HealthRow.version == 1)
        audit.add(together, None)
    assert [next(iter(each)) for each in asked[-1]] == ["ConditionCheck", "Delete", "Put", "Update"]


def test_an_item_is_written_as_it_is_sent() -> None:
    """`Model.serialize`, by which sizes are measured."""
    row = mapping.health_row(DomainHealth(maildomain="x", streak=3))
    assert row.serialize()["streak"] == {"N": "3"}
