"""Incidents, open and past."""

import pytest

from tests.cli.operator import Operator


@pytest.mark.usefixtures("late")
def test_incidents_open_and_past(operator: Operator) -> None:
    """Open ones of the fleet; all of a domain."""
    (incident,) = operator.reads("incidents")
    assert (incident["maildomain"], incident["closed"]) == ("mxtrax@customer.example", None)
    assert operator.reads("incidents", "customer.example") == [incident]
    assert "6 min 42 s" in operator.does("incidents")
    operator.it.domain("other.example")
    result = operator.says("incidents", "other.example")
    assert (result.exit_code, result.stderr) == (0, "It never had an incident.\n")
