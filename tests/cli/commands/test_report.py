"""The report of all domains."""

import pytest

from tests.cli.operator import Operator


@pytest.mark.usefixtures("late")
def test_the_report_is_that_of_an_alert_mail(operator: Operator) -> None:
    """Every domain with its figures, worst first."""
    operator.it.domain("quiet.example")
    out = operator.does("report")
    assert out.index("mxtrax@customer.example") < out.index("mxtrax@quiet.example")
    assert "Failing: YES" in out
