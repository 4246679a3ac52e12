"""When people are reminded of what goes on."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from mxtrax.model import DAY, HOUR, MINUTE, Incident, Millis
from mxtrax.rules.reminders import Pace, by_itself, next_look, next_reminder
from tests.unit.rules.made import START

NOTIFIED = Incident(id="1-1", maildomain="mxtrax@acme.example", opened=START, notified=START, due=START)
"""Of a Sunday, 10:00 UTC."""


def reminders(incident: Incident, pace: Pace, until: Millis) -> list[float]:
    """Remind as often as is due until then, and give the hours since it opened."""
    hours = list[float]()
    while (at := next_reminder(incident, pace)) is not None and at <= until:
        hours.append((at - START) / HOUR)
        incident = replace(incident, reminded=at, reminders=incident.reminders + 1)
    return hours


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [
        (60, [1, 3, 7, 15, 39, 63]),
        (30, [0.5, 1.5, 3.5, 7.5, 15.5, 39.5, 63.5]),
        (300, [5, 29, 53]),
        (480, [8, 32, 56]),
        (600, [10, 34, 58]),
        (2_880, [48]),
    ],
)
def test_reminders_come_less_often_the_longer_it_lasts(minutes: int, hours: list[float]) -> None:
    """The time between two doubles up to eight hours, then there is one a day; never more often than was set."""
    assert reminders(NOTIFIED, Pace(every=minutes * MINUTE), START + 3 * DAY - HOUR) == hours


def test_a_reminder_waits_for_company_where_there_will_be_some() -> None:
    """By an hour, as long as from the first notice to the first reminder, and not by its own doubled time."""
    hourly = Pace(every=HOUR)
    for reminders, due in ((0, 2), (1, 3), (2, 5), (9, 25)):
        it = replace(NOTIFIED, reminded=START + HOUR, reminders=reminders)
        assert by_itself(it, hourly, company=False) == next_reminder(it, hourly) == START + due * HOUR
        assert by_itself(it, hourly, company=True) == START + (due + 1) * HOUR
        assert next_look(it, hourly, START + due * HOUR - 1) == START + due * HOUR
        assert next_look(it, hourly, START + due * HOUR) == START + (due + 1) * HOUR
    assert by_itself(replace(NOTIFIED, reminded=START + HOUR), Pace(every=0), company=True) == START + HOUR
    assert by_itself(replace(NOTIFIED, acknowledged=START), hourly, company=True) is None
    week = replace(NOTIFIED, reminded=START + 6 * DAY + HOUR, reminders=9)
    assert by_itself(week, hourly, company=True) == next_reminder(week, hourly)


def test_zero_reminds_with_each_run_and_none_never() -> None:
    """As the wiki has it; and a failure that lasts for weeks makes no difference."""
    old = replace(NOTIFIED, reminded=START + 30 * DAY, reminders=900)
    assert next_reminder(old, Pace(every=0)) == START + 30 * DAY
    assert next_reminder(NOTIFIED, Pace(every=None)) is None


def test_what_is_down_for_a_week_stands_in_one_note_a_week() -> None:
    """However the days fall, all of it is due on Mondays at eight of the settings' zone."""
    berlin = ZoneInfo("Europe/Berlin")
    monday = START + 8 * DAY - 3 * HOUR  # 30 November, 8:00 in Berlin
    for lag in (0, 7 * HOUR, 13 * HOUR):
        it = replace(NOTIFIED, opened=START + lag, reminded=START + 6 * DAY + 2 * lag, reminders=9)
        assert next_reminder(it, Pace(every=HOUR, zone=berlin)) == monday
        again = replace(it, reminded=monday, reminders=10)
        assert next_reminder(again, Pace(every=HOUR, zone=berlin)) == monday + 7 * DAY


@pytest.mark.parametrize("more", [{"acknowledged": START + 1}, {"closed": START + HOUR}, {"notified": None}])
def test_nobody_is_reminded_of_what_is_in_hand_over_or_not_yet_told(more: dict[str, Millis | None]) -> None:
    """Somebody who is on it ends the reminders."""
    assert next_reminder(replace(NOTIFIED, **more), Pace(every=HOUR)) is None  # type: ignore[arg-type]


def test_what_is_open_is_looked_at_once_a_day_at_least() -> None:
    """So a newly wanted reminder is noticed, and none is in the past."""
    assert next_look(NOTIFIED, Pace(every=None), START) == START + DAY
    assert next_look(replace(NOTIFIED, acknowledged=START), Pace(every=HOUR), START) == START + DAY
    assert next_look(NOTIFIED, Pace(every=HOUR), START) == START + HOUR
    assert next_look(NOTIFIED, Pace(every=0), START + DAY) == START + DAY


def test_a_minute_is_what_it_lasts_on_plans_clock() -> None:
    """A demonstration whose minutes are seconds reminds sixty times as often, and ends its doubling as early."""
    quick = Pace(every=60_000, minute=1_000)
    assert reminders(NOTIFIED, quick, START + 24 * MINUTE)[:5] == [at / 60 for at in (1, 3, 7, 15)]
