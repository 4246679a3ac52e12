"""Generated lives: by a state machine, or for a while with random faults from a seed."""

from mxtrax.model import Verdict
from mxtrax.store import mailtests
from tests.faults.lives import surroundings
from tests.faults.machine import Lives, live, one_world
from tests.faults.soak import soak


def test_lives_that_a_machine_thinks_up() -> None:
    """Whatever fleet, clock, customers and faults do: figures and alarms are what a plain model says."""
    assert live(lives=2, steps=12) == ""


def test_a_domain_that_comes_later_is_in_the_maintenance_of_all() -> None:
    """A window for everybody, planned before it came, is its own as well: the plain model says so, as the jobs do."""
    with surroundings(), one_world():
        life = Lives()
        life.begin(ours=False)
        life.domain_comes(manner="slow", returns_bounce=False)
        life.maintenance_is_planned(number=0, first=1, length=20, everyone=True)
        life.domain_comes(manner="late", returns_bounce=False)
        for _ in range(2):
            life.minutes_pass(number=4)
        life.teardown()
        assert any(test.quiet for test in mailtests.of_domain("mxtrax@d1.example"))


def test_a_few_hours_of_a_small_fleet() -> None:
    """With random faults, the totals are what SES and the customers did."""
    day = soak(seed=7, domains=10, hours=3, trouble=0.08)
    assert day.wrong == []
    assert day.struck > 3
    assert day.true[Verdict.ONTIME] == day.found[Verdict.ONTIME] > 20
