"""Statistics by day."""

import csv
import io

import pytest

from tests.cli.operator import Operator


@pytest.mark.usefixtures("late")
def test_statistics_by_day(operator: Operator) -> None:
    """As a table, as JSON, as CSV with times in seconds."""
    (day,) = operator.reads("stats")
    assert (day["d"], day["late_num"], day["total_num"], day["all_done"]) == ("2026-11-22", 1, 1, False)
    assert operator.reads("stats", "customer.example") == [day]
    table = operator.says("stats")
    assert "6 min 42 s" in table.stdout
    assert "of 1 tests 100.00 % returned, 0.00 % on time" in table.stderr
    (row,) = csv.DictReader(io.StringIO(operator.does("stats", "--csv").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")))
    assert (row["maildomain"], row["customer"], row["max_delivery_time"]) == (
        "mxtrax@customer.example",
        "acme",
        "402.0",
    )
    assert not operator.reads("stats", "--to", "2026-11-21")


@pytest.mark.parametrize("words", [["--from", "yesterday"], ["--from", "2026-11-23"], ["--from", "0001-01-01"]])
def test_a_range_that_makes_no_sense_is_bad_use(operator: Operator, words: list[str]) -> None:
    """The sentence says what would be right."""
    result = operator.says("stats", *words)
    assert result.exit_code == 2
    assert "--from" in result.stderr
