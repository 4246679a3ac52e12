"""A day as stored in DynamoDB: it is read as written, and stays small."""

import math
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from infra.bench.item_size import size_of
from mxtrax.model import DAY, SECOND, HourOfDay, MailTest, Millis, Stat, Verdict
from mxtrax.rules.statistics import add_to_stat, day_of
from mxtrax.store import mapping
from mxtrax.store.tables import RollupRow, StatRow

MIDNIGHT: Millis = 1_763_769_600_000
COUNTERS = st.integers(0, 1_000)
HOURS = st.dictionaries(
    st.integers(0, 23), st.builds(HourOfDay, *[COUNTERS] * 5).filter(lambda it: it.total or it.unsent or it.quiet)
)
DAYS = st.builds(
    Stat,
    maildomain=st.just("mx@a.example"),
    d=st.just("2025-11-22"),
    min_delivery_time=st.none() | COUNTERS,
    ontime_num=COUNTERS,
    total_num=COUNTERS,
    quiet_total_num=COUNTERS,
    histogram=st.dictionaries(st.integers(0, 500), COUNTERS),
    hours=HOURS,
    version=COUNTERS,
)


@given(DAYS)
def test_a_day_is_read_as_it_was_written(day: Stat) -> None:
    """Even if counters are 0 and left out, and hours have trailing zeros."""
    assert mapping.stat(StatRow.from_raw_data(mapping.stat_row(day).serialize())) == day


@given(DAYS)
def test_a_sum_of_days_is_read_as_it_was_written(day: Stat) -> None:
    """Including the hours."""
    assert mapping.rollup(RollupRow.from_raw_data(mapping.rollup_row(day).serialize())) == day


def test_a_sum_from_before_there_were_hours_is_read() -> None:
    """It has none."""
    row = mapping.rollup_row(Stat(maildomain="fleet", d="2025-11-22", ontime_num=3))
    del row.figures["hours"]
    assert mapping.rollup(row).hours == {}


def test_hours_are_written_in_few_letters() -> None:
    """One after the other from midnight, without the zeros at their end."""
    hours = {0: HourOfDay(4), 1: HourOfDay(4), 3: HourOfDay(3, 0, 1), 5: HourOfDay(0, 0, 0, 0, 12)}
    assert mapping.hours_text(hours) == "4;4;;3,0,1;;0,0,0,0,12"
    assert mapping.hours_text({}) == ""


def test_a_day_of_a_test_a_minute_stays_below_1_kb() -> None:
    """A day is rewritten with each test, and DynamoDB charges every started KB."""
    random = Random(7)  # noqa: S311 -- it need be repeatable, not secret
    day = Stat(maildomain="mxtrax@customer-name.example", d=day_of(MIDNIGHT))
    for number in range(1_440):
        sent = MIDNIGHT + number * DAY // 1_440
        late = random.random() < 0.01
        took = 400 * SECOND if late else round(4 * SECOND * math.exp(random.gauss(0, 0.4)))
        test = MailTest(
            testid="1",
            maildomain=day.maildomain,
            sendtime=sent,
            receivetime=sent + took,
            maxreturntime=300,
            max_sec_until_fail=86_400,
        )
        day = add_to_stat(day, test, Verdict.LATE if late else Verdict.ONTIME)
    assert size_of(mapping.stat_row(replace(day, version=1_440)).serialize()) < 1_000
