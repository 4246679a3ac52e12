"""Folding, compared with the wiki: a plain count over all tests gives the same figures, in whatever order they came."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxtrax.model import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Cause,
    DomainHealth,
    HourOfDay,
    Limits,
    MailTest,
    Millis,
    SmtpReply,
    Stat,
    Verdict,
    WindowCounts,
)
from mxtrax.rules.cause import Why, why
from mxtrax.rules.health import judge
from mxtrax.rules.statistics import (
    RECENT,
    add_to_health,
    add_to_stat,
    all_done,
    bucket_of,
    day_of,
    percentile,
    sum_of,
    times_of,
    total,
    trim,
)
from mxtrax.rules.verdict import classify, due_after
from tests.unit.rules.made import DOMAIN, START, a_test, back, by_limits, counted

ON_TIME, UNTIL_FAIL = 300, 7_200
"""Limits in seconds, close enough for a short life to meet all of them."""


# --- the reference: the wiki's statistics and the design's window counts, from the list of all tests ----------------


def _took(test: MailTest) -> Millis:
    assert test.receivetime is not None
    return max(0, test.receivetime - test.sendtime)


def the_wikis_stat(tests: Sequence[MailTest], day: str, now: Millis) -> Stat:
    """Count a day as the manual says: each test into on time, late or no bounce back, once it is old enough."""
    of_day = [test for test in tests if datetime.fromtimestamp(test.sendtime / 1000, UTC).strftime("%Y-%m-%d") == day]
    unsent = [test for test in of_day if classify(test, now) is Verdict.UNSENT]
    ontime = [test for test in of_day if classify(test, now) is Verdict.ONTIME]
    late = [test for test in of_day if classify(test, now) is Verdict.LATE]
    failed = [test for test in of_day if classify(test, now) is Verdict.FAILED]
    overdue = [test for test in of_day if classify(test, now) is Verdict.OVERDUE]
    times = [_took(test) for test in (*ontime, *late)]
    return Stat(
        maildomain=DOMAIN,
        d=day,
        min_delivery_time=min(times, default=None),
        max_delivery_time=max(times, default=None),
        ontime_num=len(ontime),
        late_num=len(late),
        fail_num=len(failed),
        total_num=len(ontime) + len(late) + len(failed) + len(overdue),
        total_delivery_time=sum(times),
        unsent_num=len(unsent),
        histogram={bucket: sum(bucket_of(took) == bucket for took in times) for bucket in map(bucket_of, times)},
        hours=the_hours([(test, classify(test, now)) for test in of_day]),
    )


def the_hours(verdicts: Sequence[tuple[MailTest, Verdict]]) -> dict[int, HourOfDay]:
    """Count the tests of each hour of a day by what is known of them now."""
    known = [(test, verdict) for test, verdict in verdicts if verdict is not Verdict.PENDING]
    counts = Counter((datetime.fromtimestamp(test.sendtime / 1000, UTC).hour, verdict) for test, verdict in known)
    return {
        hour: HourOfDay(
            ontime=counts[hour, Verdict.ONTIME],
            late=counts[hour, Verdict.LATE],
            missed=counts[hour, Verdict.FAILED] + counts[hour, Verdict.OVERDUE],
            unsent=counts[hour, Verdict.UNSENT],
        )
        for hour, _ in counts
    }


def the_window_counts(tests: Sequence[MailTest], clean_from: Millis, window_hours: int, now: Millis) -> WindowCounts:
    """Count the tests of the window since the clean window_counts."""
    first_hour = now // HOUR - window_hours if window_hours else -1
    judged = [test for test in tests if test.sendtime > clean_from and test.sendtime // HOUR >= first_hour]
    verdicts = [(test, classify(test, now)) for test in judged]
    return WindowCounts(
        ontime=sum(verdict is Verdict.ONTIME for _, verdict in verdicts),
        late=sum(verdict is Verdict.LATE for _, verdict in verdicts),
        missed=sum(verdict in {Verdict.OVERDUE, Verdict.FAILED} for _, verdict in verdicts),
        took=sum(_took(test) for test, verdict in verdicts if verdict in {Verdict.ONTIME, Verdict.LATE}),
    )


# --- a small world: tests with fates, evidence that comes when it comes, ticks that fold what is due -----------------


@dataclass(frozen=True)
class Event:
    """A piece of evidence: what it says, and when we get it."""

    heard: Millis
    test: int
    leg: str
    at: Millis


@dataclass
class World:
    """All tests of a domain, as the store keeps them; its days and its health, as the fold leaves them."""

    window_hours: int
    limits: Limits
    recover_after: int
    tests: dict[int, MailTest] = field(default_factory=dict)
    stats: dict[str, Stat] = field(default_factory=dict)
    health: DomainHealth = field(default_factory=lambda: DomainHealth(maildomain=DOMAIN))

    def hear(self, event: Event) -> None:
        """Add evidence as the store does: the first word of a kind stays, and what is urgent makes the test due."""
        test = self.tests[event.test]
        if event.leg == "receivetime":
            first = test.receivetime is None or (event.at < test.receivetime and not test.incl_in_stat)
            test = replace(test, receivetime=event.at) if first else test
        elif getattr(test, event.leg) is None:
            said: dict[str, Any] = {event.leg: SmtpReply(at=event.at)}
            test = replace(test, **said)
        urgent = event.leg in {"receivetime", "refused", "unsent"} and not test.incl_in_stat
        self.tests[event.test] = replace(test, due=event.at) if urgent else test

    def fold(self, number: int, now: Millis) -> None:
        """Fold one test that is due; counting is for verdicts that are new."""
        test = self.tests[number]
        verdict = classify(test, now)
        if verdict is not test.counted:
            day = day_of(test.sendtime)
            blank = Stat(maildomain=DOMAIN, d=day)
            self.stats[day] = add_to_stat(self.stats.get(day, blank), test, verdict)
            self.health = add_to_health(self.health, test, verdict, why(test, verdict), self.window_hours, now)
        self.health = judge(self.health, by_limits(limits=self.limits, recover_after=self.recover_after), now)
        due = due_after(test, verdict)
        self.tests[number] = replace(test, counted=verdict, incl_in_stat=verdict.final, due=due)

    def due(self, now: Millis) -> list[int]:
        """Give what the due index would."""
        return [number for number, test in self.tests.items() if test.due is not None and test.due <= now]


@st.composite
def fates(draw: st.DrawFn, number: int, sendtime: Millis) -> list[Event]:
    """Draw a test's evidence: of any kind, at any time before the test would be given up."""
    last = UNTIL_FAIL * SECOND

    def event(leg: str, longest: int) -> Event:
        took = draw(st.integers(-100, longest))
        heard = sendtime + max(0, took) + draw(st.integers(0, max(0, last - max(0, took))))
        return Event(heard, number, leg, sendtime + took)

    fate = draw(
        st.sampled_from(["back", "back", "back soon", "lost", "too late", "unsent", "refused", "refused, back"])
    )
    events = [event(leg, last) for leg in draw(st.sets(st.sampled_from(["delivered", "deferred"])))]
    if "back" in fate:
        events.append(event("receivetime", ON_TIME * SECOND if "soon" in fate else last))
    if fate == "too late":
        events.append(replace(event("receivetime", 0), heard=sendtime + 2 * last, at=sendtime + 2 * last))
    if "refused" in fate:
        events.append(event("refused", last))
    if fate == "unsent":
        events.append(event("unsent", last))
        events += draw(st.sampled_from([[], [event("refused", last)]]))
    copies = draw(st.lists(st.sampled_from(events), max_size=2)) if events else []
    return events + [replace(copy, heard=copy.heard + draw(st.integers(0, DAY))) for copy in copies]


@st.composite
def lives(draw: st.DrawFn) -> tuple[World, Millis]:
    """Draw a domain's life of some days: the world after its last tick, and when that was."""
    world = World(
        window_hours=draw(st.sampled_from([0, 1, 24])),
        limits=Limits(
            maxfailnumber=draw(st.sampled_from([0, 2, 1_000])), maxfailpercentage=draw(st.sampled_from([0, 50, 100]))
        ),
        recover_after=draw(st.sampled_from([0, 1, 3])),
    )
    minutes = draw(st.lists(st.integers(0, 2 * 1_440), unique=True, min_size=1, max_size=25))
    sent = {number: START + minute * MINUTE for number, minute in enumerate(minutes)}
    events = [event for number, sendtime in sent.items() for event in draw(fates(number, sendtime))]
    silent = draw(st.sets(st.sampled_from(list(sent)), max_size=2)) - {event.test for event in events}
    ages = st.sampled_from([0, ON_TIME * SECOND + 1, UNTIL_FAIL * SECOND + 1]) | st.integers(0, 2 * UNTIL_FAIL * SECOND)
    ticks = draw(st.lists(st.builds(int.__add__, st.sampled_from(list(sent.values())), ages), max_size=30))
    last = draw(st.sampled_from([START + 4 * DAY, *ticks]) | st.integers(START, START + 4 * DAY))
    random = draw(st.randoms(use_true_random=False))
    moments: list[tuple[Millis, int, object]] = [
        *((at, 0, number) for number, at in sent.items()),
        *((event.heard, 1, event) for event in events),
        *((tick, 2, None) for tick in ticks),
    ]
    for now, _, what in sorted(moments, key=lambda moment: moment[:2]):
        if now > last:
            break
        match what:
            case int():
                test = a_test(now, maxreturntime=ON_TIME, max_sec_until_fail=UNTIL_FAIL)
                test = replace(test, accepted=None) if what in silent else test
                world.tests[what] = replace(test, due=due_after(test, Verdict.PENDING))
            case Event():
                world.hear(what)
            case _:  # A tick folds some of what is due, in any order; folds that were lost wait for the next.
                due = world.due(now)
                for number in random.sample(due, random.randint(0, len(due))):
                    world.fold(number, now)
    due = world.due(last)
    random.shuffle(due)
    for number in due:
        world.fold(number, last)
    return world, last


@given(lives())
def test_folding_gives_the_wikis_figures(life: tuple[World, Millis]) -> None:
    """Whatever evidence comes when, twice or late, and whenever it is folded: the days equal a count over all tests."""
    world, now = life
    tests = list(world.tests.values())
    for day in {day_of(test.sendtime) for test in tests}:
        blank = Stat(maildomain=DOMAIN, d=day)
        assert world.stats.get(day, blank) == the_wikis_stat(tests, day, now)


@settings(max_examples=50)
@given(lives())
def test_the_slate_is_a_count_over_the_window(life: tuple[World, Millis]) -> None:
    """What a domain is judged by is what a count over the tests of its window gives, since they were wiped."""
    world, now = life
    window_counts = total(trim(world.health.window_counts, world.window_hours, now))
    assert window_counts == the_window_counts(
        list(world.tests.values()), world.health.clean_from, world.window_hours, now
    )


@settings(max_examples=50)
@given(lives())
def test_the_heat_strip_shows_the_latest_tests(life: tuple[World, Millis]) -> None:
    """The recent verdicts are the current ones of the last tests that are not pending."""
    world, now = life
    shown = [(test.sendtime, classify(test, now)) for test in world.tests.values()]
    settled = sorted(each for each in shown if each[1] is not Verdict.PENDING)[-RECENT:]
    assert [(recent.sendtime, recent.verdict) for recent in world.health.recent] == settled


@settings(max_examples=50)
@given(lives())
def test_nothing_is_left_due(life: tuple[World, Millis]) -> None:
    """After a tick that folded all, what is still due is due later, and what is final is never due again."""
    world, now = life
    for test in world.tests.values():
        assert test.counted is classify(test, now)
        assert (test.due is None) is test.counted.final
        assert test.due is None or test.due > now


@settings(max_examples=50)
@given(lives())
def test_a_day_is_done_when_all_of_it_is_final(life: tuple[World, Millis]) -> None:
    """A day is all done when it is over and none of its tests that went out can still change."""
    world, now = life
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    for day, stat in world.stats.items():
        tests = [test for test in world.tests.values() if day_of(test.sendtime) == day]
        final = all(test.counted is not Verdict.OVERDUE for test in tests)
        assert all_done(stat, today) is (date.fromisoformat(day) < today and final)


@given(st.lists(st.tuples(st.integers(0, 2 * 1_440), st.sampled_from(Verdict)), max_size=90), st.randoms())
def test_the_order_of_folding_does_not_matter(steps: list[tuple[int, Verdict]], random: object) -> None:
    """Any order of the same steps gives the same day and the same health."""
    made = [
        (a_test(START + minute * MINUTE + number, receivetime=START + minute * MINUTE + 700 * number), verdict)
        for number, (minute, verdict) in enumerate(steps)
        if verdict is not Verdict.PENDING
    ]
    shuffled = list(made)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    results = []
    for order in (made, shuffled):
        stat, health = Stat(maildomain=DOMAIN, d="2026-11-22"), DomainHealth(maildomain=DOMAIN)
        for test, verdict in order:
            stat = add_to_stat(stat, test, verdict)
            health = add_to_health(health, test, verdict, Why(), 24, START + 2 * DAY)
        results.append((stat, health))
    assert results[0] == results[1]


# --- single steps ----------------------------------------------------------------------------------------------------


def test_the_wikis_example() -> None:
    """Three tests that did not return and two that did: the figures of the manual's sample report."""
    stat = Stat(maildomain=DOMAIN, d=day_of(START))
    for took in (0.4, 0.6):
        stat = add_to_stat(stat, back(took), Verdict.ONTIME)
    for _ in range(3):
        stat = add_to_stat(stat, a_test(), Verdict.FAILED)
    assert (stat.ontime_num, stat.late_num, stat.fail_num, stat.total_num) == (2, 0, 3, 5)
    assert (stat.min_delivery_time, stat.max_delivery_time, stat.total_delivery_time) == (400, 600, 1_000)
    assert not all_done(stat, date(2026, 11, 22))
    assert all_done(stat, date(2026, 11, 23))


@pytest.mark.parametrize(
    ("sendtime", "day"),
    [(START, "2026-11-22"), (START + 14 * HOUR - 1, "2026-11-22"), (START + 14 * HOUR, "2026-11-23")],
)
def test_a_test_belongs_to_the_day_it_was_sent_on(sendtime: Millis, day: str) -> None:
    """Days change at midnight UTC, to the millisecond."""
    assert day_of(sendtime) == day


def test_a_refusal_that_turns_out_to_be_ours_is_taken_back() -> None:
    """A test counted as overdue that was never sent, after all, leaves the customer's figures."""
    stat, health = Stat(maildomain=DOMAIN, d=day_of(START)), DomainHealth(maildomain=DOMAIN)
    for test, verdict in ((a_test(), Verdict.OVERDUE), (a_test(counted=Verdict.OVERDUE), Verdict.UNSENT)):
        stat = add_to_stat(stat, test, verdict)
        health = add_to_health(health, test, verdict, Why(), 24, START)
    assert (stat.total_num, stat.unsent_num) == (0, 1)
    assert total(health.window_counts) == WindowCounts()
    assert all_done(stat, date(2026, 11, 23))


def test_a_test_from_before_the_clean_slate_does_not_count() -> None:
    """What was sent up to clean_from is shown, and judged no more."""
    health = DomainHealth(maildomain=DOMAIN, clean_from=START)
    old = add_to_health(health, a_test(START), Verdict.OVERDUE, Why(), 24, START + HOUR)
    new = add_to_health(health, a_test(START + 1), Verdict.OVERDUE, Why(), 24, START + HOUR)
    assert (total(old.window_counts).missed, total(new.window_counts).missed) == (0, 1)
    assert len(old.recent) == 1


@pytest.mark.parametrize(("hours", "left"), [(23, 1), (24, 1), (25, 0)])
def test_an_hour_leaves_the_window_as_a_whole(hours: int, left: int) -> None:
    """A window_counts of 24 hours holds the hour that runs and the 24 before it."""
    window_counts = counted(missed=1).window_counts
    assert total(trim(window_counts, 24, START + hours * HOUR)).missed == left


@pytest.mark.parametrize(("hours", "counts"), [(23, 1), (24, 1), (25, 0)])
def test_a_test_older_than_the_window_is_not_counted(hours: int, counts: int) -> None:
    """A test that is folded late enters the window counts only where its hour is still there."""
    health = add_to_health(DomainHealth(maildomain=DOMAIN), a_test(), Verdict.FAILED, Why(), 24, START + hours * HOUR)
    assert total(health.window_counts).missed == counts


def test_a_window_of_0_keeps_all() -> None:
    """As in the original, all tests ever count."""
    health = DomainHealth(maildomain=DOMAIN)
    for days in range(400):
        health = add_to_health(health, a_test(START + days * DAY), Verdict.FAILED, Why(), 0, START + days * DAY)
    assert health.window_counts == {0: WindowCounts(missed=400)}


def test_the_heat_strip_has_an_end() -> None:
    """The health keeps the last tests and no more, so that it does not grow."""
    health = DomainHealth(maildomain=DOMAIN)
    for minute in range(2 * RECENT):
        test = back(minute * 60 + 1, sendtime=START + minute * MINUTE)
        health = add_to_health(health, test, Verdict.ONTIME, Why(), 24, START + minute * MINUTE)
    assert len(health.recent) == RECENT
    assert health.recent[-1].sendtime == START + (2 * RECENT - 1) * MINUTE


@pytest.mark.parametrize(
    ("steps", "counters"),
    [
        ((Verdict.ONTIME,), (1, 1, 0, 0, 0)),
        ((Verdict.OVERDUE, Verdict.LATE), (1, 0, 1, 0, 0)),
        ((Verdict.OVERDUE, Verdict.FAILED), (1, 0, 0, 1, 0)),
        ((Verdict.OVERDUE, Verdict.UNSENT), (0, 0, 0, 0, 1)),
        ((Verdict.UNSENT,), (0, 0, 0, 0, 1)),
    ],
)
def test_a_test_in_maintenance_moves_the_quiet_counters_alone(
    steps: tuple[Verdict, ...], counters: tuple[int, ...]
) -> None:
    """Twice the same is counted twice; the figures that a domain is judged by stay at 0."""
    stat = Stat(maildomain=DOMAIN, d=day_of(START))
    for _ in range(2):
        test = a_test(quiet=True)
        for verdict in steps:
            stat = add_to_stat(stat, test, verdict)
            test = replace(test, counted=verdict)
    quiet = (stat.quiet_total_num, stat.quiet_ontime_num, stat.quiet_late_num, stat.quiet_fail_num, stat.unsent_num)
    assert quiet == tuple(2 * each for each in counters)
    assert (stat.total_num, stat.ontime_num, stat.late_num, stat.fail_num) == (0, 0, 0, 0)


def test_a_day_is_done_once_each_test_is_in_its_last_counter() -> None:
    """Those in maintenance, too."""
    over = date(2026, 11, 23)
    day = Stat(maildomain=DOMAIN, d="2026-11-22", ontime_num=1, late_num=2, fail_num=4, total_num=7)
    quiet = replace(day, quiet_ontime_num=1, quiet_late_num=2, quiet_fail_num=4, quiet_total_num=7)
    assert all_done(day, over)
    assert all_done(quiet, over)
    assert not all_done(replace(day, total_num=8), over)
    assert not all_done(replace(quiet, quiet_total_num=8), over)


@pytest.mark.parametrize(
    ("verdict", "why_"),
    [(Verdict.UNSENT, Why()), (Verdict.PENDING, Why()), (Verdict.OVERDUE, Why(Cause.MONITOR_FAULT))],
)
def test_what_says_nothing_of_the_domain_is_in_no_window(verdict: Verdict, why_: Why) -> None:
    """It is shown among the latest, and that is all."""
    health = add_to_health(DomainHealth(maildomain=DOMAIN), a_test(), verdict, why_, 24, START)
    assert health.window_counts == {}
    assert [it.verdict for it in health.recent] == [verdict]


def test_a_window_adds_up_what_came_back_and_how_long_it_took() -> None:
    """By the hour of sending; trimmed to a window of 0, nothing stays nothing."""
    health = DomainHealth(maildomain=DOMAIN)
    for second, (took, verdict) in enumerate([(2, Verdict.ONTIME), (3, Verdict.ONTIME), (400, Verdict.LATE)]):
        test = a_test(START + second, receivetime=START + second + took * SECOND)
        health = add_to_health(health, test, verdict, Why(), 24, START + HOUR)
    assert health.window_counts == {START // HOUR: WindowCounts(ontime=2, late=1, took=405 * SECOND)}
    assert trim({}, 0, START) == {}


def test_times_are_added_up_in_any_order() -> None:
    """The shortest, the longest, their sum, and how often each bucket was met; of days as of tests."""
    stat = Stat(maildomain=DOMAIN, d=day_of(START))
    for took in (5, 9, 2, 5):
        stat = add_to_stat(stat, back(took), Verdict.ONTIME)
    assert (stat.min_delivery_time, stat.max_delivery_time, stat.total_delivery_time) == (2_000, 9_000, 21_000)
    assert stat.histogram == {bucket_of(2_000): 1, bucket_of(5_000): 2, bucket_of(9_000): 1}
    empty = Stat(maildomain=DOMAIN, d=day_of(START))
    both = sum_of([empty, stat, stat])
    assert (both.min_delivery_time, both.max_delivery_time, both.ontime_num) == (2_000, 9_000, 8)
    assert both.histogram == {bucket: 2 * number for bucket, number in stat.histogram.items()}


# --- percentiles -----------------------------------------------------------------------------------------------------


def _day(times: list[Millis]) -> Stat:
    """Give a day on which tests took these times."""
    return Stat(
        maildomain=DOMAIN,
        d="2026-11-22",
        min_delivery_time=min(times, default=None),
        max_delivery_time=max(times, default=None),
        histogram=Counter(map(bucket_of, times)),
    )


@given(st.lists(st.integers(0, 2 * DAY), min_size=1, max_size=200), st.integers(1, 100))
def test_percentiles_are_right_within_2_per_cent(times: list[Millis], q: int) -> None:
    """A percentile of the histogram is at most 2 per cent from that of the times themselves, except for rounding."""
    exact = sorted(times)[math.ceil(len(times) * q / 100) - 1]
    assert percentile(Counter(times), q) == exact
    estimate = percentile(times_of(_day(times)), q)
    assert estimate is not None
    assert abs(estimate - exact) <= max(1, exact * 0.02 + 0.5)


@given(st.lists(st.integers(0, 2 * DAY), min_size=1, max_size=9), st.integers(1, 100))
def test_no_percentile_is_beyond_the_shortest_or_the_longest_time(times: list[Millis], q: int) -> None:
    """Though the middle of its bucket may be: of one test, every percentile is its time."""
    for known in (Counter(times), times_of(_day(times))):
        assert min(times) <= (percentile(known, q) or 0) <= max(times)


@given(st.lists(st.integers(0, DAY)), st.lists(st.integers(0, DAY)))
def test_days_can_be_added_up(one: list[Millis], other: list[Millis]) -> None:
    """The percentile of several days is that of all their times."""
    together = sum_of([_day(one), _day(other)])
    assert percentile(times_of(together), 95) == percentile(times_of(_day(one + other)), 95)


@given(st.lists(st.dictionaries(st.integers(0, 23), st.builds(HourOfDay, *[st.integers(0, 3)] * 5)), max_size=4))
def test_hours_can_be_added_up(days: list[dict[int, HourOfDay]]) -> None:
    """What several days have in an hour, their sum has."""
    added = sum_of(Stat(maildomain=DOMAIN, d="2026-11-22", hours=hours) for hours in days).hours
    for hour in range(24):
        of_hour = [hours.get(hour, HourOfDay()) for hours in days]
        together = added.get(hour, HourOfDay())
        assert together.ontime == sum(it.ontime for it in of_hour)
        assert (together.total, together.quiet) == (sum(it.total for it in of_hour), sum(it.quiet for it in of_hour))


@pytest.mark.parametrize(
    ("steps", "hour"),
    [
        ((Verdict.OVERDUE, Verdict.LATE), HourOfDay(late=1)),
        ((Verdict.OVERDUE, Verdict.FAILED), HourOfDay(missed=1)),
        ((Verdict.OVERDUE, Verdict.UNSENT), HourOfDay(unsent=1)),
    ],
)
@pytest.mark.parametrize("quiet", [False, True])
def test_an_hour_follows_a_test_that_is_judged_again(
    steps: tuple[Verdict, ...], hour: HourOfDay, *, quiet: bool
) -> None:
    """What was overdue counts as what it turned out to be; in maintenance it is quiet, unless it never went out."""
    test, stat = replace(a_test(), quiet=quiet), Stat(maildomain=DOMAIN, d=day_of(START))
    for verdict in steps:
        stat = add_to_stat(stat, test, verdict)
        test = replace(test, counted=verdict)
    wanted = HourOfDay(quiet=1) if quiet and not hour.unsent else hour
    assert stat.hours == {START // HOUR % 24: wanted}


def test_of_nothing_there_is_no_percentile() -> None:
    """A day on which nothing came back has none."""
    assert percentile({}, 50) is None


@given(st.integers(0, 30 * DAY))
def test_a_bucket_holds_what_it_says(took: Millis) -> None:
    """Bucket b holds the times above GAMMA ** (b - 1), up to GAMMA ** b."""
    bucket = bucket_of(took)
    assert took <= 1.04**bucket * (1 + 1e-9)
    assert bucket == 0 or took > 1.04 ** (bucket - 1) * (1 - 1e-9)


@pytest.mark.parametrize(("q", "time"), [(25, 10), (26, 20), (50, 20), (51, 30), (100, 30)])
def test_a_percentile_is_the_nearest_rank(q: int, time: Millis) -> None:
    """Of four times, the second is at 50 %."""
    assert percentile({30: 2, 10: 1, 20: 1}, q) == time


def test_a_bucket_stands_for_its_middle_within_what_there_was() -> None:
    """One time is itself; where the ends are not known it is right within 2 %."""
    assert times_of(_day([1_234])) == {1_234: 1}
    assert times_of(Stat(maildomain=DOMAIN, d="2026-11-22", histogram={0: 2})) == {1: 2}
    ((middle, number),) = times_of(Stat(maildomain=DOMAIN, d="2026-11-22", histogram={bucket_of(10_000): 3})).items()
    assert (abs(middle - 10_000) <= 200, number) == (True, 3)
    assert bucket_of(1) == 0 < bucket_of(2)
