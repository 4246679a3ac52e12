"""Messages in the queues between jobs: both sides read them alike, even while a new version is deployed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import orders
from mxtrax.model.orders import FoldOrder, SendBatch, from_json, to_json

TESTS = st.builds(
    orders.TestOrder,
    testid=st.text(),
    maildomain=st.text(),
    to=st.text(),
    name=st.text(),
    maxreturntime=st.integers(),
    max_sec_until_fail=st.integers(),
    returns_bounce=st.booleans(),
)
BATCHES = st.builds(
    SendBatch,
    sender=st.text(),
    keep_days=st.integers(),
    in_time=st.booleans(),
    tests=st.lists(TESTS, max_size=3).map(tuple),
)
FOLDS = st.builds(FoldOrder, shards=st.lists(st.integers(0, 15)).map(tuple))


@given(BATCHES)
def test_a_batch_is_read_as_it_was_written(batch: SendBatch) -> None:
    """With every test in it."""
    assert from_json(SendBatch, to_json(batch)) == batch


@given(FOLDS)
def test_an_order_to_fold_is_read_as_it_was_written(fold: FoldOrder) -> None:
    """With its shards."""
    assert from_json(FoldOrder, to_json(fold)) == fold


def test_a_newer_plan_may_say_more_and_an_older_one_less() -> None:
    """What is not known is passed over; what is missing has its default."""
    text = json.dumps({"shards": [3], "priority": "high"})
    assert from_json(FoldOrder, text) == FoldOrder(shards=(3,))


def test_what_is_no_order_is_refused() -> None:
    """It comes back, and ends among the dead letters, where people find it."""
    with pytest.raises(TypeError, match="shards"):
        from_json(FoldOrder, "{}")
