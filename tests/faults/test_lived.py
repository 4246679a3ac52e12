"""Lives that nobody wrote down: thought up by a machine, or lived for a while with trouble from a seed."""

from mxtrax.model import Verdict
from tests.faults.machine import live
from tests.faults.soak import soak


def test_lives_that_a_machine_thinks_up() -> None:
    """Whatever fleet, clock, customers and faults do: figures and alarms are what a plain model says."""
    assert live(lives=2, steps=12) == ""


def test_a_few_hours_of_a_small_fleet() -> None:
    """With random faults, the totals are what SES and the customers did."""
    day = soak(seed=7, domains=10, hours=3, trouble=0.08)
    assert day.wrong == []
    assert day.struck > 3
    assert day.true[Verdict.ONTIME] == day.found[Verdict.ONTIME] > 20
