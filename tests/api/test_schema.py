"""How values look in JSON."""

import pytest

from mxtrax.api.fields import Moment
from mxtrax.api.schema import moment
from mxtrax.model import Millis


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (1_763_812_800_000, "2025-11-22T12:00:00Z"),
        (1_763_812_800_007, "2025-11-22T12:00:00.007Z"),
        (1_763_812_800_990, "2025-11-22T12:00:00.990Z"),
        (999, "1970-01-01T00:00:00.999Z"),
    ],
)
def test_a_moment_keeps_its_milliseconds(at: Millis, shown: str) -> None:
    """What is shown can be given back in a query, and means the same moment."""
    assert moment(at) == shown
    assert Moment().read("from", shown) == at


def test_a_moment_that_never_was_is_null() -> None:
    """0 stands for never."""
    assert moment(0) is None
