"""`mxtrax quiet`: muting that begins now and ends by itself."""

import pytest

from mxtrax.model import Scope
from mxtrax.store import windows
from tests.cli.operator import Operator


@pytest.mark.parametrize(
    ("target", "scope", "whom"),
    [
        ("customer.example", Scope.DOMAIN, "mxtrax@customer.example"),
        ("acme", Scope.CUSTOMER, "acme"),
    ],
)
def test_a_domain_or_a_customer_is_quiet_from_now_on(operator: Operator, target: str, scope: Scope, whom: str) -> None:
    """For the given time; it can be ended earlier."""
    operator.it.domain()
    result = operator.says("quiet", target, "8h", "--note", "disks")
    assert result.exit_code == 0
    (window,) = windows.everything()
    assert (window.scope, window.target, window.note) == (scope, whom, "disks")
    assert (window.start, window.end) == ("2026-11-22T10:00", "2026-11-22T18:00")
    assert result.stdout.strip() == window.id
    operator.it.wait(3_600)
    assert operator.says("quiet", window.id, "--end").exit_code == 0
    assert windows.everything()[0].end == "2026-11-22T11:00"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nobody", "8h"), "There is no domain or customer 'nobody'."),
        (("customer.example", "soon"), "time: 'soon' should be a number with min, h or d, such as 8h."),
        (("customer.example", "90d"), "until: this should be in the future, at most 31 days ahead."),
    ],
)
def test_what_makes_no_sense_is_refused(operator: Operator, words: tuple[str, str], sentence: str) -> None:
    """With a sentence, and nothing is quiet."""
    operator.it.domain()
    result = operator.says("quiet", *words)
    assert result.exit_code != 0
    assert sentence in result.stderr
    assert windows.everything() == []
