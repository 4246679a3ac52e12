"""The summed delivery time of window counts: what "average delivery time for all on-time and late tests" is made of."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import HOUR, SECOND, DomainHealth, MailTest, Verdict, WindowCounts
from mxtrax.rules.cause import Why
from mxtrax.rules.statistics import add_to_health, total, trim
from mxtrax.store import mapping

NOW = 500_000 * HOUR


def _folded(*steps: tuple[MailTest, Verdict], window_hours: int = 24) -> WindowCounts:
    health = DomainHealth(maildomain="user1@domain1.com")
    for test, verdict in steps:
        health = add_to_health(health, test, verdict, Why(), window_hours, NOW)
    return total(health.window_counts)


def _test(sent: int, took: int | None) -> MailTest:
    return MailTest(
        testid="t",
        maildomain="user1@domain1.com",
        sendtime=NOW - sent,
        maxreturntime=300,
        max_sec_until_fail=86_400,
        receivetime=None if took is None else NOW - sent + took,
    )


def test_on_time_and_late_tests_add_their_time() -> None:
    """The times of on-time and late tests are added up."""
    counts = _folded((_test(3_000, 400), Verdict.ONTIME), (_test(2_000, 600 * SECOND), Verdict.LATE))
    assert counts == WindowCounts(ontime=1, late=1, took=600_400)


def test_a_test_that_did_not_return_adds_no_time() -> None:
    """Neither a test that is gone nor one that came back too late to count adds to the time."""
    counts = _folded((_test(3_000, None), Verdict.OVERDUE), (_test(2_000, 90_000 * SECOND), Verdict.FAILED))
    assert counts == WindowCounts(missed=2)


def test_an_overdue_test_that_turns_late_adds_its_time_once() -> None:
    """A test that was counted as missed gives back the miss and adds its time."""
    missed = _test(3_000, None)
    back = replace(_test(3_000, 400 * SECOND), counted=Verdict.OVERDUE)
    assert _folded((missed, Verdict.OVERDUE), (back, Verdict.LATE)) == WindowCounts(late=1, took=400_000)


def test_a_clock_that_runs_behind_adds_nothing_negative() -> None:
    """A return that seems to be older than its test took no time at all."""
    assert _folded((_test(3_000, -50), Verdict.ONTIME)) == WindowCounts(ontime=1)


@given(
    st.lists(st.tuples(st.integers(0, 23 * HOUR), st.integers(0, 300 * SECOND)), max_size=30), st.sampled_from([0, 24])
)
def test_the_sum_is_that_of_the_tests(times: list[tuple[int, int]], window_hours: int) -> None:
    """However the tests are spread over the window, the window counts' time is the sum of theirs."""
    counts = _folded(*((_test(sent, took), Verdict.ONTIME) for sent, took in times), window_hours=window_hours)
    assert counts.took == sum(took for _, took in times)


def test_the_time_leaves_the_window_with_its_hour() -> None:
    """An hour that has left the window takes its time with it."""
    hour = NOW // HOUR
    window_counts = {hour - 30: WindowCounts(1, 0, 0, 500), hour: WindowCounts(1, 1, 0, 700)}
    assert total(trim(window_counts, 24, NOW)) == WindowCounts(1, 1, 0, 700)


def test_a_standing_keeps_its_time_in_the_table() -> None:
    """The sum survives being written and read."""
    health = DomainHealth(maildomain="user1@domain1.com", window_counts={7: WindowCounts(1, 2, 3, 4_500)}, since=1)
    assert mapping.health(mapping.health_row(health)) == health
