"""DynamoDB's units, and that a test on time costs no more of them than the layout promises."""

from typing import Any

import pytest

from infra.bench.item_size import Index, Item, index_units, size_of, units
from infra.bench.write_units import measured

SPARSE = Index("due", ("shard", "due"), frozenset({"id", "shard", "due"}))
WHOLE = Index("all", ("shard",), None)


def _item(**values: Any) -> Item:
    kinds = {str: "S", int: "N", bytes: "B", bool: "BOOL"}
    return {name: {kinds[type(it)]: str(it) if type(it) is int else it} for name, it in values.items()}


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"name": {"S": "grün"}}, 4 + 5),
        ({"n": {"N": "0"}}, 1 + 2),
        ({"n": {"N": "1795341600000"}}, 1 + 5),
        ({"n": {"N": "-12.5"}}, 1 + 4),
        ({"b": {"B": b"abc"}}, 1 + 3),
        ({"b": {"BOOL": False}}, 1 + 1),
        ({"s": {"SS": ["ab", "c"]}}, 1 + 3),
        ({"m": {"M": {"at": {"N": "10"}, "l": {"L": [{"NULL": True}]}}}}, 1 + 3 + (1 + 2 + 2) + (1 + 1 + 3 + 1 + 1)),
    ],
)
def test_an_item_is_as_large_as_dynamodb_says(item: Item, size: int) -> None:
    """Names and values count, by their kinds."""
    assert size_of(item) == size


def test_a_write_counts_the_larger_of_what_was_and_what_is() -> None:
    """By started KB."""
    small, large = _item(id="a"), _item(id="a", text="x" * 1_024)
    assert (units(None, small), units(small, large), units(large, small), units(large, None)) == (1, 2, 2, 2)


def test_an_index_counts_what_changes_in_it() -> None:
    """Nothing if its entry stays; one write to add or remove it; both if a key changes; none without an entry."""
    out, due, later = _item(id="a", text="x"), _item(id="a", shard=1, due=5), _item(id="a", shard=1, due=6)
    assert index_units(None, out, SPARSE) == 0
    assert index_units(None, due, SPARSE) == index_units(due, out, SPARSE) == 1
    assert index_units(due, later, SPARSE) == 2
    assert index_units(due, {**due, **_item(text="y")}, SPARSE) == 0
    assert index_units(due, {**due, **_item(text="y")}, WHOLE) == 1


def test_a_test_on_time_costs_14_write_units() -> None:
    """Five writes of the test, the last in the fold's transaction; its day and its domain's health with it."""
    spent, tests, *_ = measured(3)
    assert tests == 12
    del spent["runtime", ""]
    first_of_the_day = spent.pop(("stat", "by-day"))
    assert first_of_the_day == 4
    assert {where: number / tests for where, number in spent.items()} == {
        ("mailtest", ""): 6,
        ("mailtest", "due"): 2,
        ("mailtest", "by-domain"): 1,
        ("mailtest", "by-ses-id"): 1,
        ("stat", ""): 2,
        ("health", ""): 2,
    }
