"""A channel whose service hangs, lies or fails for ten minutes: it is notified once, and the others at once."""

import pytest

from tests.faults.services import MUTANTS, TROUBLES, Mutant, lived


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_service_in_trouble_is_told_once_and_the_others_at_once(trouble: str) -> None:
    """Two incidents open meanwhile, one ends; minute by minute, and none is lost, repeated, or late elsewhere."""
    assert lived(trouble) == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda it: it.wrong)
def test_a_safeguard_that_is_taken_away_is_missed(mutant: Mutant) -> None:
    """These tests can fail."""
    assert lived(mutant.trouble, mutant.make)
