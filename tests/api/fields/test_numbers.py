"""Numbers in a request, of any size."""

import json
import re
from typing import Any

import pytest

from mxtrax.api.fields import Fraction, Malformed, Whole
from tests.api.client import Client

HUGE = int("9" * 400)


@pytest.mark.parametrize("value", [HUGE, -HUGE, float("inf"), float("-inf"), float("nan"), 100.1, -1, True, "5", None])
@pytest.mark.parametrize("field", [Fraction(low=0, high=100), Whole(low=0, high=100)])
def test_a_number_that_is_out_of_range_is_refused(field: Fraction | Whole, value: Any) -> None:
    """However far out, or no number at all; the sentence says what would be right."""
    with pytest.raises(Malformed, match=r"^share: \S{1,40} should be a (whole )?number from 0 to 100\.$"):
        field.read("share", value)


@pytest.mark.parametrize("value", [0, 100, 3.0])
@pytest.mark.parametrize("field", [Fraction(low=0, high=100), Whole(low=0, high=100)])
def test_a_number_within_its_range_is_taken(field: Fraction | Whole, value: float) -> None:
    """Both ends of the range are in it, and JSON has 3.0 for 3."""
    assert field.read("share", value) == value


@pytest.mark.parametrize("name", ["maxfailpercentage", "maxlatepercentage", "maxfailnumber", "maxreturntime"])
def test_a_setting_of_400_digits_is_refused_in_a_sentence(client: Client, name: str) -> None:
    """It is the client's mistake, and answered like any other number that is out of range."""
    shown = client.get("/api/v3/config").json
    for body in ({**shown, name: HUGE}, {**shown, name: 1_000_001}):
        answer = client.ask("PUT", "/api/v3/config", json.dumps(body).encode())
        assert (answer.status, answer.json["field"]) == (400, name)
        assert re.match(rf"{name}: \S+ should be a (whole )?number from ", answer.json["detail"])
