"""Planning: which domains are due, in which batches, and the effect of a repeated, late or missing tick."""

from dataclasses import replace

import pytest

from mxtrax.errors import Refused
from mxtrax.jobs import plan
from mxtrax.model import DAY, SECOND
from mxtrax.store import fleet, mapping, runtime
from mxtrax.store.health import health_of
from tests.stage import Stage


def test_each_domain_once_an_interval(it: Stage) -> None:
    """Every domain is tested once in each interval, spread over its minutes."""
    it.configure(interval_minutes=15)
    for number in range(40):
        it.domain(f"d{number}.example")
    per_minute = []
    for _ in range(15):
        sent = it.tick()
        per_minute.append(len(sent))
        for test in sent:
            it.comes_back(test)
        it.wait(60)
    assert sum(per_minute) == 40
    assert len({sent.to for sent in it.outbox}) == 40
    assert max(per_minute) < 15


def test_maintenance(it: Stage) -> None:
    """A domain in maintenance is not tested."""
    it.domain("busy.example", maintmode=True)
    assert it.tick() == []


def test_a_repeated_tick(it: Stage) -> None:
    """A tick that is run twice, even by two workers, sends nothing twice."""
    it.domain()
    it.tick()
    assert it.tick() == []
    assert len(it.outbox) == 1


def test_a_late_tick(it: Stage) -> None:
    """Slots that were skipped are planned with the next tick, one test a domain."""
    it.configure(interval_minutes=3)
    for number in range(9):
        it.domain(f"d{number}.example")
    it.tick()
    it.wait(180)
    it.tick()
    assert len({sent.to for sent in it.outbox}) == 9
    assert len({sent.testid for sent in it.outbox}) == len(it.outbox)


def test_pace(it: Stage) -> None:
    """Batches are no larger than what goes out in a second, and each has its second."""
    for number in range(25):
        it.domain(f"d{number}.example")
    slow = replace(it.settings, send_rate=10.0)
    queued = plan.run(it.now, slow)
    batches = it.batches()
    assert queued["due"] == 25
    assert sorted(len(batch.tests) for batch in batches) == [7, 9, 9]


def test_retests_keep_within_the_days_quota(it: Stage) -> None:
    """The nominal round goes out in any case; what is retested waits once its share is used up."""
    keys = [it.domain(f"d{number}.example", interval_minutes=1_440).key for number in range(8)]
    for key in keys:
        mapping.health_row(replace(health_of(key), retest=1)).save()
    tight = replace(it.settings, send_quota=200)
    assert plan.run(it.now, tight)["due"] == 8
    for _ in range(40):
        it.wait(60)
        plan.run(it.now, tight)
    sent = sum(runtime.spent_by_hour().values())
    assert 150 < sent <= 190
    it.wait(60)
    assert plan.run(it.now, tight)["due"] <= 1
    it.wait(60)
    assert plan.run(it.now, it.settings)["due"] >= 8


def test_too_many(it: Stage) -> None:
    """What does not fit into the minute is marked as such."""
    for number in range(20):
        it.domain(f"d{number}.example")
    crawling = replace(it.settings, send_rate=0.2)
    plan.run(it.now, crawling)
    batches = it.batches()
    in_time = [len(batch.tests) for batch in batches if batch.in_time]
    assert sum(len(batch.tests) for batch in batches) == 20
    assert sum(in_time) == 11  # 0.2 a second, of which tests take nine tenths: one every 5.6 s


def test_after_a_miss(it: Stage) -> None:
    """After a miss a domain is tested every retest_minutes, until its streak is back."""
    it.configure(interval_minutes=60)
    domain = it.domain()
    while not it.outbox:
        it.tick()
        it.wait(60)
    it.delivered(it.outbox[0])
    it.wait(300)
    it.tick()
    assert it.health(domain).retest
    it.recovers()
    assert not it.health(domain).retest
    it.wait(60)
    assert it.tick() == []


def test_without_a_sender(it: Stage) -> None:
    """Without a sendinguser nothing is queued, and the fleet is untouched."""
    it.domain()
    it.configure(sendinguser="")
    assert plan.run(it.now, it.settings)["batches"] == 0
    assert fleet.count() == 1


@pytest.mark.parametrize("time", ["2026-11-22T10:06:00Z", "2031-01-01T00:00:00Z", "2026-11-22T10:00:00", "noon", 7, ""])
def test_an_odd_time_is_refused(it: Stage, time: object) -> None:
    """A minute that has not come would keep all those before it from being planned, and health would call that well."""
    with pytest.raises(Refused, match="time"):
        plan.moment(time, it.now)


@pytest.mark.parametrize(
    ("time", "later"),
    [(None, 0), ("2026-11-22T10:00:00Z", 0), ("2026-11-22T10:01:00+00:00", 60), ("2026-11-22T09:00:00Z", -3600)],
)
def test_the_schedules_own_time_is_planned(it: Stage, time: object, later: int) -> None:
    """Even if it is slightly ahead, by another clock, or long past: then it has been planned already."""
    assert plan.moment(time, it.now) == it.now + later * SECOND


def test_a_heartbeat_of_the_future_is_none(it: Stage) -> None:
    """Wherever it came from, the next minute is planned, and leaves a correct one."""
    it.domain()
    runtime.heartbeat("plan", it.now + DAY)
    assert runtime.last_heartbeat("plan", it.now) is None
    assert len(it.tick()) == 1
    assert runtime.last_heartbeat("plan", it.now) == it.now
