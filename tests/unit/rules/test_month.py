"""A customer's month: what counts, what is down, what is left out."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import DAY, HOUR, MINUTE, Cause, Incident, Millis, Stat
from mxtrax.rules.month import LeftOut, Minutes, Stretch, is_slow, minutes_of, month_at, period_of

START: Millis = 1_761_955_200_000
"""2025-11-01 00:00 UTC."""
PERIOD = Stretch(START, START + 10 * DAY)
MEASURED = [Stat(maildomain="a", d=f"2025-11-{day:02}", total_num=96) for day in range(1, 11)]


def down(begin: Millis, end: Millis | None, **more: Any) -> Incident:
    """Make an incident between two moments of the period."""
    closed = None if end is None else START + end
    values: dict[str, Any] = {"cause": Cause.REFUSED} | more
    return Incident(id="i", maildomain="a", opened=START + begin, closed=closed, **values)


def test_each_minute_in_an_incident_counts_once() -> None:
    """Even if two overlap; one that began before the month or lasts beyond it counts for its part within."""
    them = [down(-HOUR, HOUR), down(30 * MINUTE, 2 * HOUR), down(9 * DAY + 23 * HOUR, None)]
    found = minutes_of(PERIOD, them, [], MEASURED)
    assert found == Minutes(counted=10 * DAY, down=3 * HOUR)
    assert round(found.availability or 0, 4) == 98.75
    assert found.allowed(99.9) == round(10 * DAY * 0.001)


def test_maintenance_and_our_own_faults_are_left_out() -> None:
    """Neither counts, and what was down in them was not down."""
    out = [LeftOut(START, START + 2 * HOUR, ours=False), LeftOut(START + HOUR, START + 4 * HOUR, ours=True)]
    found = minutes_of(PERIOD, [down(0, 5 * HOUR)], out, MEASURED)
    assert found == Minutes(counted=10 * DAY - 4 * HOUR, down=HOUR, left_out=4 * HOUR)


def test_slow_is_available_and_said_beside_it() -> None:
    """If another incident was down at the same time, it was down."""
    slow = down(0, 4 * HOUR, cause=Cause.SLOW_INSIDE)
    found = minutes_of(PERIOD, [slow, down(3 * HOUR, 5 * HOUR)], [], MEASURED)
    assert (found.down, found.slow) == (2 * HOUR, 3 * HOUR)


def test_days_that_nobody_measured_do_not_count() -> None:
    """Of a domain that came later, or was paused: it is neither available nor down in them."""
    found = minutes_of(PERIOD, [down(0, DAY + HOUR)], [], MEASURED[1:])
    assert found == Minutes(counted=9 * DAY, down=HOUR, unmeasured=DAY)
    nothing = minutes_of(PERIOD, [], [], [])
    assert (nothing.availability, nothing.unmeasured) == (None, 10 * DAY)


def test_what_was_our_fault_is_no_incident_of_theirs() -> None:
    """It ended with nobody notified."""
    assert minutes_of(PERIOD, [down(0, HOUR, dropped=START + HOUR)], [], MEASURED).down == 0


def test_an_incident_is_slow_by_its_cause_or_by_its_limits() -> None:
    """One that lost mail as well is not slow."""
    assert is_slow(down(0, 1, cause=Cause.SLOW_RETURN))
    assert is_slow(down(0, 1, cause=Cause.DEFERRED, exceeded=("maxlatenumber", "maxlatepercentage")))
    assert not is_slow(down(0, 1, cause=Cause.DEFERRED, exceeded=("maxlatenumber", "maxfailnumber")))
    assert not is_slow(down(0, 1, cause=Cause.DEFERRED))


def test_a_month_is_that_of_the_clock_on_the_wall() -> None:
    """In Berlin it begins an hour before midnight in UTC, and is an hour longer where summer time ends in it."""
    late = START + 400 * DAY
    berlin = period_of("2025-10", "Europe/Berlin", late)
    assert berlin.end == START - HOUR
    assert berlin.end - berlin.start == 31 * DAY + HOUR
    assert month_at(START - 30 * MINUTE, "Europe/Berlin") == "2025-11"
    assert period_of("2025-11", "UTC", START + HOUR) == Stretch(START, START + HOUR)


stretches = st.lists(st.tuples(st.integers(-DAY, 11 * DAY), st.integers(1, 3 * DAY)), max_size=6)


@given(stretches, stretches, st.sets(st.integers(0, 9)))
def test_the_parts_of_a_month_are_the_month(
    bad: list[tuple[int, int]], out: list[tuple[int, int]], days: set[int]
) -> None:
    """Counted, left out and unmeasured add up to it, and no part is below 0 or above what holds it."""
    found = minutes_of(
        PERIOD,
        [down(begin, begin + lasted) for begin, lasted in bad],
        [LeftOut(START + begin, START + begin + lasted, ours=False) for begin, lasted in out],
        [MEASURED[day] for day in days],
    )
    assert found.counted + found.left_out + found.unmeasured == PERIOD.end - PERIOD.start
    assert 0 <= found.down + found.slow <= found.counted
