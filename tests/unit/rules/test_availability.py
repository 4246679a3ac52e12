"""Availability over any days, without what fell into maintenance."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import Stat, Verdict
from mxtrax.rules.statistics import Availability, add_to_stat, all_done, availability
from tests.unit.rules.made import DOMAIN, a_test, back

DAY = Stat(maildomain=DOMAIN, d="2026-11-22", ontime_num=90, late_num=5, fail_num=3, total_num=100, quiet_total_num=100)


def test_availability_counts_what_came_back_on_time_and_at_all() -> None:
    """What is still overdue has not come back; unsent tests are nobody's."""
    assert availability([replace(DAY, unsent_num=50)]) == Availability(90.0, 95.0, 100)


def test_maintenance_counts_for_nothing() -> None:
    """A hundred tests that were lost in a window do not show in the figures."""
    assert availability([DAY, DAY]) == Availability(90.0, 95.0, 200)


def test_of_nothing_there_is_none() -> None:
    """No tests are not an outage."""
    assert availability([]) is None
    assert availability([Stat(maildomain=DOMAIN, d="2026-11-22", unsent_num=7)]) is None


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["ontime", "late", "lost", "unsent"])), max_size=40))
def test_every_test_is_in_exactly_one_counter(tests: list[tuple[bool, str]]) -> None:
    """Quiet or not: each test ends in one counter of one kind, even if it was overdue first and folded in two steps."""
    stat = Stat(maildomain=DOMAIN, d="2026-11-22")
    ends = {"ontime": Verdict.ONTIME, "late": Verdict.LATE, "lost": Verdict.FAILED, "unsent": Verdict.UNSENT}
    for quiet, end in tests:
        test = (
            back(4, quiet=quiet)
            if end == "ontime"
            else back(400, quiet=quiet)
            if end == "late"
            else a_test(quiet=quiet)
        )
        if end != "ontime":
            stat = add_to_stat(stat, test, Verdict.OVERDUE)
            test = replace(test, counted=Verdict.OVERDUE)
        stat = add_to_stat(stat, test, ends[end])
    kept_apart = stat.quiet_ontime_num + stat.quiet_late_num + stat.quiet_fail_num
    loud = stat.ontime_num + stat.late_num + stat.fail_num
    assert (kept_apart, loud) == (stat.quiet_total_num, stat.total_num)
    assert kept_apart + loud + stat.unsent_num == len(tests)
    assert sum(stat.histogram.values()) == stat.ontime_num + stat.late_num
    assert all_done(stat, date(2026, 11, 23))
