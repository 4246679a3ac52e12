"""The day's budget: retests stretch first, then are shed; the nominal round and alerts have their share in any case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import Config, MailDomain, Millis
from mxtrax.rules import budget

NOW: Millis = 1_795_341_600_000
HOUR_NOW = budget.hour_of(NOW)
FULL_DAY = {HOUR_NOW - back: 1_000 for back in range(24)}


def test_without_a_quota_nobody_counts() -> None:
    """The world on one machine has none."""
    assert budget.every(FULL_DAY, 1e9, 0, NOW) == 1


@pytest.mark.parametrize(
    ("extra", "pace"),
    [(0, 1), (11_000, 1), (12_000, 2), (17_000, 2), (19_000, 4), (22_000, 8), (23_600, 0), (90_000, 0)],
)
def test_retests_stretch_as_their_share_is_used_up(extra: int, pace: int) -> None:
    """24,000 a day are nominal, of 50,000; 2,500 are kept for alerts: 23,500 are left for retests."""
    spent = {**FULL_DAY, HOUR_NOW: 1_000 + extra}
    assert budget.every(spent, 24_000, 50_000, NOW) == pace


def test_where_the_fleet_alone_needs_the_quota_nothing_is_retested() -> None:
    """From the first minute on."""
    assert budget.every({}, 48_000, 50_000, NOW) == 0


def test_a_new_stack_has_not_saved_up_for_an_outage() -> None:
    """Its first hour has an hour's share of the nominal round, not a day's: otherwise retests would use up the rest."""
    spent = {HOUR_NOW: 2_000 + 30_000}
    assert budget.every(spent, 48_000, 80_000, NOW) == 0


def test_what_is_older_than_a_day_is_forgotten() -> None:
    """SES counts the 24 hours that have just gone by."""
    old = {HOUR_NOW - 24: 7, HOUR_NOW - 23: 5}
    assert budget.spent(old, NOW) == (5, 24)
    assert budget.with_spent(old, 3, NOW) == {HOUR_NOW - 23: 5, HOUR_NOW: 3}
    assert budget.with_spent({HOUR_NOW: 1}, 3, NOW) == {HOUR_NOW: 4}


@given(st.dictionaries(st.text(max_size=5), st.integers(), max_size=30), st.integers(0, 10_000))
def test_in_as_many_slots_as_the_pace_each_domain_has_one_turn(wanted: dict[str, int], start: int) -> None:
    """Nobody is retested twice, and nobody is left out."""
    for pace in (1, 2, 4, 8):
        turns = [key for slot in range(start, start + pace) for key in budget.afforded(wanted, pace, slot)]
        assert sorted(turns) == sorted(wanted)
    assert budget.afforded(wanted, 0, start) == {}


def test_the_nominal_round_goes_by_the_intervals() -> None:
    """By a domain's own, or everybody's; a pause sends nothing, and a short minute makes a day of more of them."""
    fleet = [
        MailDomain(id=1, testuser="mx", domainname="a.example"),
        MailDomain(id=2, testuser="mx", domainname="b.example", interval_minutes=60),
        MailDomain(id=3, testuser="mx", domainname="c.example", maintmode=True),
    ]
    assert budget.nominal(fleet, Config(interval_minutes=15), 60) == 96 + 24
    assert budget.nominal(fleet, Config(interval_minutes=15), 30) == 2 * (96 + 24)
