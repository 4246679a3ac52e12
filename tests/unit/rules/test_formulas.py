"""No cell of a CSV file runs in a spreadsheet, and each is read back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.rules.formulas import guarded, unguarded


@given(st.text())
def test_no_cell_begins_as_a_formula_and_each_is_read_back(cell: str) -> None:
    """Whatever it is, with any number of apostrophes before it."""
    assert guarded(cell)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "a=b", "'s-Gravenhage", "1-2"])
def test_a_cell_that_is_no_formula_stays_as_it_is(cell: str) -> None:
    """Also one that begins with an apostrophe."""
    assert guarded(cell) == unguarded(cell) == cell
