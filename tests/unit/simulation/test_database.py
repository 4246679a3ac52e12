"""The fast DynamoDB answers the store's requests from PynamoDB as DynamoDB does."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from moto import mock_aws
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, DoesNotExist, PutError, TransactWriteError, UpdateError
from pynamodb.indexes import AllProjection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from infra.partiql.on_moto import statements_understood
from infra.simulation.database import answering
from mxtrax.store import statements
from mxtrax.store.tables.row import Index


class ByPlace(Index["Row"], name="by-place", projection=AllProjection()):
    """Those that have a place, in the order of their due."""

    place = UnicodeAttribute(hash_key=True)
    due = NumberAttribute(range_key=True)


class Row(Model):
    """A row with all that the store uses."""

    class Meta:
        """What PynamoDB asks for."""

        table_name = "row"
        region = "eu-west-1"
        billing_mode = "PAY_PER_REQUEST"

    id = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(null=True)
    due = NumberAttribute(null=True)
    tags = UnicodeSetAttribute(null=True)
    by_place = ByPlace()


@pytest.fixture(params=["the quick one", "moto"])
def _table(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make the table, in either database: what holds for the one has to hold for the other."""
    Row._connection = None
    moto = request.param == "moto"
    with mock_aws() if moto else answering(), statements_understood() if moto else nullcontext():
        Row.create_table(wait=True)
        yield
    Row._connection = None


pytestmark = pytest.mark.usefixtures("_table")


def test_what_is_saved_is_found() -> None:
    """By its key, in a batch, in a scan; what is not there is not."""
    Row("a", due=7, tags={"x", "y"}).save()
    assert Row.get("a").tags == {"x", "y"}
    assert [row.due for row in Row.batch_get(["a", "b"])] == [7]
    assert [row.id for row in Row.scan(Row.due.exists())] == ["a"]
    with pytest.raises(DoesNotExist):
        Row.get("b")


def test_a_write_is_lost_where_its_condition_does_not_hold() -> None:
    """A new row, a change and a deletion."""
    Row("a", due=7).save(condition=Row.id.does_not_exist())
    with pytest.raises(PutError) as put:
        Row("a", due=8).save(condition=Row.id.does_not_exist())
    with pytest.raises(UpdateError) as updated:
        Row("a").update([Row.due.set(9)], condition=(Row.due < 7) | Row.due.does_not_exist())
    with pytest.raises(DeleteError) as deleted:
        Row("a").delete(condition=Row.due > 7)
    codes = {error.value.cause_response_code for error in (put, updated, deleted)}
    assert codes == {"ConditionalCheckFailedException"}
    assert Row.get("a").due == 7


def test_an_update_sets_adds_and_removes() -> None:
    """Numbers count from nothing, sets grow and shrink, an empty one is gone."""
    row = Row("a")
    row.update([Row.due.add(3), Row.tags.add({"x", "y"})])
    row.update([Row.due.add(4), Row.tags.delete({"x"}), Row.place.set("here")])
    assert (row.due, row.tags, row.place) == (7, {"y"}, "here")
    row.update([Row.tags.delete({"y"}), Row.place.remove(), Row.due.set(Row.due | 1)])
    assert row.due == 7
    assert row.tags is None
    assert row.place is None


def test_a_query_is_in_order_and_in_pages() -> None:
    """By a range, backwards, and on from where the last page ended; what has no place is in no place."""
    for number in (5, 1, 4, 2, 3):
        Row(str(number), place="here", due=number).save()
    Row("elsewhere", place="there", due=1).save()
    Row("nowhere", due=1).save()
    assert [row.due for row in Row.by_place.query("here", Row.due <= 3)] == [1, 2, 3]
    assert [row.due for row in Row.by_place.query("here", Row.due.between(2, 4))] == [2, 3, 4]
    assert [row.due for row in Row.by_place.query("here", scan_index_forward=False)] == [5, 4, 3, 2, 1]
    assert [row.due for row in Row.by_place.query("here", page_size=2)] == [1, 2, 3, 4, 5]
    assert [row.due for row in Row.by_place.query("here", filter_condition=Row.due.is_in(1, 5))] == [1, 5]
    first = Row.by_place.query("here", limit=2)
    assert [row.due for row in first] == [1, 2]
    rest = Row.by_place.query("here", last_evaluated_key=first.last_evaluated_key)
    assert [row.due for row in rest] == [3, 4, 5]


def test_a_transaction_is_written_whole_or_not_at_all() -> None:
    """Whose condition did not hold is said for each of its parts."""
    Row("a", due=1).save()
    connection = Connection("eu-west-1")
    connection.add_meta_table(Row._get_connection().get_meta_table())
    with TransactWrite(connection=connection) as together:
        together.save(Row("b", due=2))
        together.update(Row("a"), [Row.due.add(1)], condition=Row.due == 1)
    beaten = TransactWrite(connection=connection)
    beaten.delete(Row("b"))
    beaten.update(Row("a"), [Row.due.add(1)], condition=Row.due == 1)
    with pytest.raises(TransactWriteError) as lost:
        beaten._commit()
    codes = [reason.code if reason else None for reason in lost.value.cancellation_reasons]
    assert codes == [None, "ConditionalCheckFailed"]
    assert (Row.get("a").due, Row.get("b").due) == (2, 2)


def test_statements_are_done_each_by_itself() -> None:
    """A record that is there is not written again, one that is missing is not updated, and the others are."""
    Row("a", due=1).save()
    asked = [
        statements.insert(Row("a", due=9)),
        statements.insert(Row("b", place="here", due=5)),
        statements.update(Row, (Row.id, "a"), [(Row.place, "here")], Row.due),
        statements.update(Row, (Row.id, "c"), [(Row.place, "here")], Row.due),
    ]
    answer = Connection("eu-west-1").dispatch(
        "BatchExecuteStatement", {"Statements": [{"Statement": it.text, "Parameters": it.parameters} for it in asked]}
    )
    codes = [each.get("Error", {}).get("Code") for each in answer["Responses"]]
    assert codes == ["DuplicateItem", None, None, "ConditionalCheckFailed"]
    assert sorted((row.id, row.place, row.due) for row in Row.scan()) == [("a", "here", 2), ("b", "here", 5)]
    assert [row.id for row in Row.by_place.query("here")] == ["a", "b"]
