"""The report of all domains, and that of a customer's month."""

import csv
import io

import pytest

from tests.cli.operator import Operator


@pytest.mark.usefixtures("late")
def test_the_report_is_that_of_an_alert_mail(operator: Operator) -> None:
    """Every domain with its figures, worst first."""
    operator.it.domain("quiet.example")
    out = operator.does("report")
    assert out.index("mxtrax@customer.example") < out.index("mxtrax@quiet.example")
    assert "Failing: YES" in out


@pytest.mark.usefixtures("late")
def test_a_month_is_reported_by_domain(operator: Operator) -> None:
    """As a table with what was used of what is allowed, as JSON, and as the CSV file that the console gives."""
    (row,) = operator.reads("report", "month", "acme")
    assert (row["domain"], row["down"]) == ("mxtrax@customer.example", 0)
    assert row["counted"] + row["unmeasured"] > 0
    said = operator.says("report", "month", "acme", "2026-11")
    assert "100.000 %" in said.stdout
    assert "99.9 % is the target" in said.stderr
    rows = list(csv.DictReader(io.StringIO(operator.does("report", "month", "acme", "--csv").removeprefix("\ufeff"))))
    assert [it["domain"] for it in rows] == ["mxtrax@customer.example", "all"]
    assert len({it["customer"] for it in rows}) == 1
    assert operator.says("report", "month", "acme", "2026-13").exit_code == 2
    assert operator.says("report", "month", "nobody").exit_code == 1
