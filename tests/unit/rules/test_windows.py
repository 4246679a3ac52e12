"""Maintenance windows: in local time, once or weekly, for a domain, a customer or all."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import DAY, HOUR, MINUTE, SECOND, MailDomain, Millis, Scope, Window
from mxtrax.rules.validation import check_window
from mxtrax.rules.windows import covers, in_maintenance, is_quiet, occurrences, quiet_until, spoilt, touches
from tests.unit.rules.made import START, a_test, back

DOMAIN = MailDomain(id=1, testuser="mxtrax", domainname="customer.example", customer="acme")


def window(
    start: str = "2026-11-22T10:00", end: str = "2026-11-22T12:00", *, weekly: bool = False, zone: str = "UTC"
) -> Window:
    """Make a window for all."""
    return Window(id="w", scope=Scope.ALL, start=start, end=end, weekly=weekly, zone=zone)


def at(wall: str, zone: str = "UTC") -> Millis:
    """Read a local time."""
    return round(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).timestamp() * SECOND)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-11-22T09:59:59", False),
        ("2026-11-22T10:00", True),
        ("2026-11-22T11:59:59", True),
        ("2026-11-22T12:00", False),
    ],
)
def test_a_window_begins_with_its_start_and_is_over_at_its_end(moment: str, *, quiet: bool) -> None:
    """Its last moment is the one before its end."""
    assert is_quiet(window(), at(moment)) is quiet


def test_a_window_is_in_its_own_zone() -> None:
    """Ten o'clock in Berlin is nine in UTC in November."""
    berlin = window(zone="Europe/Berlin")
    assert is_quiet(berlin, at("2026-11-22T09:00"))
    assert not is_quiet(berlin, at("2026-11-22T11:00"))


@pytest.mark.parametrize("week", [0, 1, 2, 52, 500])
def test_a_weekly_window_comes_back(week: int) -> None:
    """Every seven days, from its first day on and not before."""
    weekly = window(weekly=True)
    assert is_quiet(weekly, START + week * 7 * DAY + HOUR)
    assert not is_quiet(weekly, START + week * 7 * DAY + 3 * HOUR)
    assert not is_quiet(weekly, START - 7 * DAY + HOUR)


def test_a_weekly_window_keeps_to_the_wall() -> None:
    """When summer time begins, two o'clock in the afternoon is an hour earlier in UTC."""
    weekly = window("2026-03-22T14:00", "2026-03-22T15:00", weekly=True, zone="Europe/Berlin")
    assert is_quiet(weekly, at("2026-03-22T13:30"))
    assert is_quiet(weekly, at("2026-03-29T12:30"))
    assert not is_quiet(weekly, at("2026-03-29T13:30"))


@given(
    st.integers(0, 60 * 24 * 60), st.integers(0, 9 * 24 * 60), st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata"])
)
def test_a_stretch_touches_where_one_of_its_minutes_does(first: int, length: int, zone: str) -> None:
    """A stretch touches a weekly window if one of its minutes is in it."""
    weekly = window("2026-11-22T22:00", "2026-11-23T01:00", weekly=True, zone=zone)
    begin = START - 3 * DAY + first * MINUTE
    minutes = range(begin, begin + length * MINUTE + 1, MINUTE)
    assert touches(weekly, minutes[0], minutes[-1]) is any(is_quiet(weekly, minute) for minute in minutes)


@pytest.mark.parametrize(
    ("scope", "target", "covered"),
    [
        (Scope.ALL, "", True),
        (Scope.CUSTOMER, "acme", True),
        (Scope.CUSTOMER, "other", False),
        (Scope.DOMAIN, "mxtrax@customer.example", True),
        (Scope.DOMAIN, "mxtrax@other.example", False),
    ],
)
def test_a_window_is_for_whom_it_names(scope: Scope, target: str, *, covered: bool) -> None:
    """A domain, a customer's domains, or all."""
    it = Window(id="w", scope=scope, target=target, start="2026-11-22T10:00", end="2026-11-22T12:00")
    assert covers(it, DOMAIN) is covered
    assert in_maintenance([it], DOMAIN, START) is covered


@pytest.mark.parametrize(
    ("sent", "took", "quiet"),
    [
        (-299, None, True),
        (-301, None, False),
        (-60, 30, False),
        (-60, 90, True),
        (60, 4, True),
        (7_199, 4, True),
        (7_200, 4, False),
    ],
)
def test_a_test_is_spoilt_if_maintenance_had_a_part_in_it(sent: int, took: int | None, *, quiet: bool) -> None:
    """From its sending until it was back, or should have been; what came before the window was not touched by it."""
    test = (
        a_test(START + sent * SECOND)
        if took is None
        else a_test(START + sent * SECOND, receivetime=START + (sent + took) * SECOND)
    )
    assert spoilt([window()], DOMAIN, test) is quiet


def test_a_test_that_came_too_late_was_due_before() -> None:
    """Maintenance that began when a test was overdue already excuses nothing."""
    assert not spoilt([window("2026-11-22T11:00")], DOMAIN, back(2 * 3_600))


def test_a_domain_may_be_written_in_capitals() -> None:
    """A window applies to a domain however its address is written; a codename is compared exactly."""
    written = Window(
        id="w", scope=Scope.DOMAIN, start="2026-11-22T10:00", end="2026-11-22T12:00", target=DOMAIN.key.upper()
    )
    assert covers(check_window(written), DOMAIN)
    customers = replace(written, scope=Scope.CUSTOMER, target="Acme")
    assert check_window(customers).target == "Acme"


@pytest.mark.parametrize(
    ("start", "end", "begin", "minutes"),
    [
        ("02:30", "03:30", "01:00", 30),
        ("02:30", "03:00", "01:00", 30),
        ("02:15", "02:45", "01:00", 30),
        ("01:30", "02:30", "00:30", 30),
        ("01:00", "04:00", "00:00", 120),
    ],
)
def test_no_window_is_empty_in_the_night_of_summer_time(start: str, end: str, begin: str, minutes: int) -> None:
    """What the wall skips begins when the clock is put forward; what it skips whole is as long as in any other night."""
    weekly = window(f"2026-03-22T{start}", f"2026-03-22T{end}", weekly=True, zone="Europe/Berlin")
    first = at(f"2026-03-29T{begin}")
    assert occurrences(weekly, first - HOUR, first + 5 * HOUR) == [(first, first + minutes * MINUTE)]


@pytest.mark.parametrize(("start", "end", "hours"), [("02:30", "03:30", 2), ("01:00", "02:00", 1)])
def test_a_window_around_the_hour_that_comes_twice_lasts_through_both(start: str, end: str, hours: int) -> None:
    """It begins the first time that local time reaches its start."""
    weekly = window(f"2026-10-18T{start}", f"2026-10-18T{end}", weekly=True, zone="Europe/Berlin")
    ((begin, finish),) = occurrences(weekly, at("2026-10-24T22:30"), at("2026-10-25T06:00"))
    assert finish - begin == hours * HOUR


OTHERS = Window(id="o", scope=Scope.CUSTOMER, target="other", start="2026-11-22T10:00", end="2026-11-22T12:00")


def test_a_window_that_is_not_weekly_is_once() -> None:
    """A week later there is none."""
    assert not is_quiet(window(), START + 7 * DAY + HOUR)
    assert occurrences(window(), START, START + 30 * DAY) == [(START, START + 2 * HOUR)]


def test_a_stretch_that_only_meets_a_window_has_none_of_it() -> None:
    """A stretch that ends when a window begins, or begins when it ends, has none of it in the calendar."""
    assert occurrences(window(), START - HOUR, START) == []
    assert occurrences(window(), START + 2 * HOUR, START + 3 * HOUR) == []


def test_a_domain_is_quiet_until_the_last_window_that_is_on_ends() -> None:
    """From a window's first moment on, and no longer at its end; those of others say nothing."""
    long = window("2026-11-22T09:00", "2026-11-22T15:00")
    assert quiet_until([window(), long, OTHERS], DOMAIN, START) == START + 5 * HOUR
    assert quiet_until([window()], DOMAIN, START) == START + 2 * HOUR
    assert quiet_until([window()], DOMAIN, START + 2 * HOUR) is None
    assert quiet_until([OTHERS], DOMAIN, START) is None


def test_one_window_that_is_on_is_enough_for_maintenance() -> None:
    """Or a domain that is paused; a window of another time, or of another customer, is not."""
    later = window("2026-11-23T10:00", "2026-11-23T12:00")
    assert in_maintenance([later, window()], DOMAIN, START)
    assert not in_maintenance([later, OTHERS], DOMAIN, START)
    assert in_maintenance([], replace(DOMAIN, maintmode=True), START)
    assert not in_maintenance([], DOMAIN, START)


def test_one_window_is_enough_to_spoil_a_test() -> None:
    """Of several it takes one that is for its domain."""
    later = window("2026-11-23T10:00", "2026-11-23T12:00")
    assert spoilt([later, window()], DOMAIN, a_test(START))
    assert not spoilt([later, OTHERS], DOMAIN, a_test(START))
