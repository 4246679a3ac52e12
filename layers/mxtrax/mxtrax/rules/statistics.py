"""Folding: what one verdict adds to its day (Stat) and to its domain's health (DomainHealth).

The wiki's figures: a test enters total_num with its first verdict, fail_num only once it is final; the time of a return
counts if it is on time or late. Nothing here depends on the order in which tests are folded.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, replace
from datetime import UTC, date, datetime
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import HOUR, Cause, DomainHealth, HourOfDay, MailTest, Millis, Recent, Stat, Verdict, WindowCounts
from mxtrax.rules.cause import Why
from mxtrax.rules.verdict import delivery_time

GAMMA: Final = 1.04
"""Each latency bucket is this much wider than the one before: a percentile is at most 2 % off."""

RECENT: Final = 60
"""Tests in the heat strip."""


def day_of(sendtime: Millis) -> str:
    """Give the day, as YYYY-MM-DD in UTC, in whose Stat a test counts."""
    return datetime.fromtimestamp(sendtime / 1000, UTC).date().isoformat()


def all_done(stat: Stat, today: date) -> bool:
    """Say whether the day is over and all its tests have their final verdicts."""
    final = stat.ontime_num + stat.late_num + stat.fail_num == stat.total_num
    quiet = stat.quiet_ontime_num + stat.quiet_late_num + stat.quiet_fail_num == stat.quiet_total_num
    return date.fromisoformat(stat.d) < today and final and quiet


def add_to_stat(stat: Stat, test: MailTest, verdict: Verdict) -> Stat:
    """Add to a day the step of one test from the verdict it was counted under to this one.

    A test that fell into maintenance moves the quiet counters and nothing else.
    """
    stat = replace(stat, hours=_add_to_hour(stat.hours, test, verdict))
    if test.quiet:
        return _add_quiet(stat, test, verdict)
    if verdict is Verdict.UNSENT:  # Even a test that seemed refused may turn out never to have left us.
        return replace(stat, unsent_num=stat.unsent_num + 1, total_num=stat.total_num - test.counted.missed)
    if test.counted is Verdict.PENDING:
        stat = replace(stat, total_num=stat.total_num + 1)
    match verdict:
        case Verdict.FAILED:
            return replace(stat, fail_num=stat.fail_num + 1)
        case Verdict.ONTIME:
            return _add_time(replace(stat, ontime_num=stat.ontime_num + 1), test)
        case Verdict.LATE:
            return _add_time(replace(stat, late_num=stat.late_num + 1), test)
        case _:
            return stat


def _add_quiet(stat: Stat, test: MailTest, verdict: Verdict) -> Stat:
    if verdict is Verdict.UNSENT:
        quiet_total = stat.quiet_total_num - test.counted.missed
        return replace(stat, unsent_num=stat.unsent_num + 1, quiet_total_num=quiet_total)
    return replace(
        stat,
        quiet_total_num=stat.quiet_total_num + (test.counted is Verdict.PENDING),
        quiet_ontime_num=stat.quiet_ontime_num + (verdict is Verdict.ONTIME),
        quiet_late_num=stat.quiet_late_num + (verdict is Verdict.LATE),
        quiet_fail_num=stat.quiet_fail_num + (verdict is Verdict.FAILED),
    )


def _add_to_hour(hours: Mapping[int, HourOfDay], test: MailTest, verdict: Verdict) -> dict[int, HourOfDay]:
    """Take the step of a test in the hour of its sending, for example from overdue to its final verdict."""
    hour = test.sendtime // HOUR % 24
    before, unsent = hours.get(hour, HourOfDay()), verdict is Verdict.UNSENT
    known = test.counted is not Verdict.PENDING
    if test.quiet:
        after = replace(before, quiet=before.quiet + (not unsent) - known, unsent=before.unsent + unsent)
    else:
        after = replace(
            before,
            ontime=before.ontime + (verdict is Verdict.ONTIME),
            late=before.late + (verdict is Verdict.LATE),
            missed=before.missed + verdict.missed - test.counted.missed,
            unsent=before.unsent + unsent,
        )
    return {**hours, hour: after}


def _hours_together(one: Mapping[int, HourOfDay], other: Mapping[int, HourOfDay]) -> dict[int, HourOfDay]:
    both = {hour: (one.get(hour, HourOfDay()), other.get(hour, HourOfDay())) for hour in one.keys() | other.keys()}
    return {hour: HourOfDay(*map(int.__add__, astuple(a), astuple(b))) for hour, (a, b) in both.items()}


@dataclass(frozen=True, slots=True)
class Availability:
    """The per cent of some days' tests that came back on time, and that came back at all; and their number."""

    ontime: float
    returned: float
    total: int


def availability(days: Iterable[Stat]) -> Availability | None:
    """Give the availability over any days, without tests in maintenance; None without tests.

    Tests that are still overdue count as not returned, as in the wiki's figures; unsent ones do not count.
    """
    ontime = late = total_num = 0
    for day in days:
        ontime += day.ontime_num
        late += day.late_num
        total_num += day.total_num
    if not total_num:
        return None
    return Availability(ontime * 100 / total_num, (ontime + late) * 100 / total_num, total_num)


def sum_of(days: Iterable[Stat], maildomain: str = "", d: str = "") -> Stat:
    """Add days up: of one domain or of many, under a name of its own."""
    total, histogram = Stat(maildomain=maildomain, d=d), Counter[int]()
    for day in days:
        added = {name: getattr(total, name) + getattr(day, name) for name in _ADDED}
        total = replace(
            total,
            min_delivery_time=min(_known(total.min_delivery_time, day.min_delivery_time), default=None),
            max_delivery_time=max(_known(total.max_delivery_time, day.max_delivery_time), default=None),
            hours=_hours_together(total.hours, day.hours),
            **added,
        )
        histogram.update(day.histogram)
    return replace(total, histogram=dict(histogram))


_ADDED: Final = (
    "ontime_num",
    "late_num",
    "fail_num",
    "total_num",
    "total_delivery_time",
    "unsent_num",
    "quiet_ontime_num",
    "quiet_late_num",
    "quiet_fail_num",
    "quiet_total_num",
)


def _known(*times: Millis | None) -> list[Millis]:
    return [time for time in times if time is not None]


def _add_time(stat: Stat, test: MailTest) -> Stat:
    took = delivery_time(test) or 0
    bucket = bucket_of(took)
    return replace(
        stat,
        min_delivery_time=took if stat.min_delivery_time is None else min(stat.min_delivery_time, took),
        max_delivery_time=took if stat.max_delivery_time is None else max(stat.max_delivery_time, took),
        total_delivery_time=stat.total_delivery_time + took,
        histogram={**stat.histogram, bucket: stat.histogram.get(bucket, 0) + 1},
    )


def bucket_of(took: Millis) -> int:
    """Give the latency bucket of a delivery time: bucket b holds (GAMMA ** (b - 1), GAMMA ** b] milliseconds."""
    return math.ceil(math.log(took, GAMMA)) if took > 1 else 0


def times_of(stat: Stat) -> Counter[Millis]:
    """Give the delivery times of a day, or of days added up, each with its count, to within 2 %.

    Each bucket counts as its middle, limited to the shortest and the longest time measured.
    """
    shortest, longest = stat.min_delivery_time, stat.max_delivery_time
    times = Counter[Millis]()
    for bucket, number in stat.histogram.items():
        middle = round(GAMMA**bucket * 2 / (1 + GAMMA)) if bucket else 1
        middle = middle if longest is None else min(middle, longest)
        times[middle if shortest is None else max(middle, shortest)] += number
    return times


def percentile(times: Mapping[Millis, int], q: float) -> Millis | None:
    """Give the q-th percentile (0 < q <= 100) of times with their counts; None if there are none.

    It is one of the times (the nearest rank), so it is never below the shortest nor above the longest.
    """
    rank = math.ceil(sum(times.values()) * q / 100)
    seen = 0
    for time in sorted(times):
        seen += times[time]
        if seen >= rank:
            return time
    return None


def add_to_health(
    health: DomainHealth, test: MailTest, verdict: Verdict, why: Why, window_hours: int, now: Millis
) -> DomainHealth:
    """Add the step of one test to the window counts and the recent verdicts.

    A test that is unsent, in maintenance, still out, or that failed on its way into our own inbox is shown but not
    counted.
    """
    window_counts = trim(health.window_counts, window_hours, now)
    counts = verdict not in (Verdict.UNSENT, Verdict.PENDING) or test.counted.missed
    if counts and test.sendtime > health.clean_from and not test.quiet and why.cause is not Cause.MONITOR_FAULT:
        window_counts = _move(window_counts, test, verdict, window_hours, now)
    entry = Recent(test.sendtime, verdict, delivery_time(test), why.cause, test.quiet, why.reason)
    others = [r for r in health.recent if r.sendtime != test.sendtime]
    recent = tuple(sorted([*others, entry], key=lambda r: r.sendtime)[-RECENT:])
    return replace(health, window_counts=window_counts, recent=recent)


def trim(window_counts: Mapping[int, WindowCounts], window_hours: int, now: Millis) -> dict[int, WindowCounts]:
    """Drop the hours that have left the window; a window of 0 keeps all, in the one hour 0."""
    if window_hours == 0:
        return {0: total(window_counts)} if window_counts else {}
    oldest = now // HOUR - window_hours
    return {hour: counts for hour, counts in window_counts.items() if hour >= oldest}


def total(window_counts: Mapping[int, WindowCounts]) -> WindowCounts:
    """Add up window counts."""
    hours = window_counts.values()
    return WindowCounts(
        ontime=sum(h.ontime for h in hours),
        late=sum(h.late for h in hours),
        missed=sum(h.missed for h in hours),
        took=sum(h.took for h in hours),
    )


def _move(
    window_counts: dict[int, WindowCounts], test: MailTest, verdict: Verdict, window_hours: int, now: Millis
) -> dict[int, WindowCounts]:
    hour = test.sendtime // HOUR if window_hours else 0
    if window_hours and hour < now // HOUR - window_hours:
        return window_counts
    counts = window_counts.get(hour, WindowCounts())
    ontime, late = verdict is Verdict.ONTIME, verdict is Verdict.LATE
    moved = WindowCounts(
        ontime=counts.ontime + ontime,
        late=counts.late + late,
        missed=max(0, counts.missed + verdict.missed - test.counted.missed),
        took=counts.took + ((delivery_time(test) or 0) if ontime or late else 0),
    )
    return {**window_counts, hour: moved}
