"""Slots, shards and pace: when each domain is tested, and which worker folds it."""

import math
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import MINUTE, SECOND, Config, MailDomain
from mxtrax.rules.schedule import (
    NOT_IN_TIME,
    SHARDS,
    TRANSACTION_LIMIT,
    WITNESSED,
    is_due,
    paced,
    shard_of,
    slot_at,
    together,
    workers,
)

names = st.from_regex(r"[a-z]{1,12}", fullmatch=True)
intervals = st.integers(1, 1_440)


def _domain(name: str = "customer", **more: Any) -> MailDomain:
    return MailDomain(id=1, testuser="mxtrax", domainname=f"{name}.example", **more)


# --- slots


@given(st.integers(0, 10**13), st.integers(1, 60))
def test_a_slot_is_a_minute_of_plans_clock(now: int, minute_seconds: int) -> None:
    """All moments of a minute share a slot, and the next minute has the next."""
    slot = slot_at(now, minute_seconds)
    begin = slot * minute_seconds * SECOND
    assert begin <= now < begin + minute_seconds * SECOND
    assert slot_at(begin + minute_seconds * SECOND, minute_seconds) == slot + 1


@given(names, intervals, st.integers(0, 10**8))
def test_a_domain_is_due_once_in_each_interval(name: str, interval: int, start: int) -> None:
    """Of as many slots in a row as its interval has minutes, one is the domain's."""
    domain, config = _domain(name), Config(interval_minutes=interval)
    assert sum(is_due(domain, slot, config) for slot in range(start, start + interval)) == 1


@given(names, intervals, intervals, st.integers(0, 10**8))
def test_a_domains_own_interval_goes_before_configs(name: str, own: int, general: int, slot: int) -> None:
    """An override of the interval is all that counts."""
    with_override, config = _domain(name, interval_minutes=own), Config(interval_minutes=general)
    same = is_due(_domain(name), slot, replace(config, interval_minutes=own))
    assert is_due(with_override, slot, config) is same


@given(names, st.integers(1, 60), st.integers(0, 10**8))
def test_after_a_miss_a_domain_is_due_sooner(name: str, retest_minutes: int, start: int) -> None:
    """While it wants to be retested, a domain is due at least every retest_minutes."""
    config = Config(interval_minutes=1_440, retest_minutes=retest_minutes)
    span = range(start, start + retest_minutes)
    assert any(is_due(_domain(name), slot, config, retest=1) for slot in span)


@given(st.integers(0, 10**8), st.booleans())
def test_a_domain_in_maintenance_is_never_due(slot: int, retest: bool) -> None:  # noqa: FBT001 -- Hypothesis draws it
    """Maintenance means no tests, retests included."""
    domain = replace(_domain(), maintmode=True, interval_minutes=1)
    assert not is_due(domain, slot, Config(retest_minutes=1), retest=retest)


@pytest.mark.parametrize("interval", [5, 15, 60])
def test_the_load_spreads_by_itself(interval: int) -> None:
    """No minute has half as many domains again as its fair share, and none is idle."""
    fleet, config = [_domain(f"customer{n}") for n in range(400 * interval)], Config(interval_minutes=interval)
    load = [sum(is_due(domain, slot, config) for domain in fleet) for slot in range(interval)]
    assert sum(load) == len(fleet)
    assert 250 < min(load) <= max(load) < 600


def test_where_one_answers_again_the_others_of_its_provider_are_asked_each_minute() -> None:
    """What is down and on its way back is retested each minute already; what is only suspected says nothing of others."""
    providers = {"back": "a", "down": "a", "elsewhere": "b", "doubted": "b", "waits": "b"}
    wanted = {"back": 1, "down": 8, "elsewhere": 4, "doubted": 1, "alone": 8, "waits": WITNESSED}
    down = {"back", "down", "elsewhere", "alone"}
    assert together(wanted, providers, down) == wanted | {"down": 1}


# --- shards


@given(st.text(st.characters(codec="utf-8")))
def test_a_domain_has_one_shard(name: str) -> None:
    """The shard of a name is always the same, and there is one of that number."""
    assert shard_of(name) == shard_of(name)
    assert 0 <= shard_of(name) < SHARDS


def test_shards_are_of_a_size() -> None:
    """A fleet spreads over all shards."""
    load = Counter(shard_of(f"mxtrax@customer{n}.example") for n in range(8_000))
    assert len(load) == SHARDS
    assert 400 < min(load.values()) <= max(load.values()) < 600


def test_shards_and_phases_are_independent() -> None:
    """The domains that are due in one minute are not all one shard's."""
    due = [d for n in range(8_000) if is_due(d := _domain(f"c{n}"), 7, Config(interval_minutes=16))]
    assert len({shard_of(domain.key) for domain in due}) == SHARDS


@given(st.integers(0, 200_000))
def test_every_shard_is_dealt_to_one_worker(fleet: int) -> None:
    """For any size of fleet, the workers hold all shards, each once, and none of them is idle or overloaded."""
    dealt = workers(fleet)
    assert sorted(shard for shards in dealt for shard in shards) == list(range(SHARDS))
    sizes = {len(shards) for shards in dealt}
    assert min(sizes) > 0
    assert max(sizes) - min(sizes) <= 1
    assert len(dealt) == SHARDS or fleet / len(dealt) <= 2_000


# --- pace

rates = st.floats(0.05, 500) | st.integers(1, 1_000).map(lambda rate: rate * 0.9)


@given(st.integers(0, 3_000), rates, st.integers(1, 60))
def test_no_second_gets_more_than_its_share(due: int, rate: float, minute_seconds: int) -> None:
    """In any second go out no more tests than the rate allows, and in any run of seconds no more than that many times it."""
    load = Counter[int]()
    for delay, batch in paced(range(due), rate, minute_seconds):
        if delay != NOT_IN_TIME:
            load[delay] += len(batch)
    assert max(load.values(), default=0) <= math.ceil(rate)
    exactly = Fraction(rate)
    sent = 0
    for second in range(minute_seconds):
        sent += load[second]
        assert sent <= math.ceil(exactly * (second + 1))


@given(st.integers(0, 3_000), rates, st.integers(1, 60))
def test_nothing_is_lost_or_doubled(due: int, rate: float, minute_seconds: int) -> None:
    """Each test is in one batch, in order, each batch fits a transaction, and the moments go forward."""
    batches = list(paced(range(due), rate, minute_seconds))
    assert [test for _, batch in batches for test in batch] == list(range(due))
    assert all(0 < len(batch) <= TRANSACTION_LIMIT for _, batch in batches)
    delays = [delay if delay != NOT_IN_TIME else minute_seconds for delay, _ in batches]
    assert delays == sorted(delays)
    assert all(0 <= delay <= minute_seconds for delay in delays)


@given(st.integers(0, 3_000), rates, st.integers(1, 60))
def test_what_does_not_fit_is_not_in_time(due: int, rate: float, minute_seconds: int) -> None:
    """As many tests go out as the minute has room for, and the rest is given up openly."""
    given_up = sum(len(batch) for delay, batch in paced(range(due), rate, minute_seconds) if delay == NOT_IN_TIME)
    assert abs(given_up - max(0, due - math.ceil(rate * minute_seconds))) <= 1


def test_a_rate_that_is_no_whole_number_is_kept_to() -> None:
    """At 12.6 mails a second, no second has two batches of twelve."""
    load = Counter[int]()
    for delay, batch in paced(range(756), 12.6, 60):
        load[delay] += len(batch)
    assert set(load.values()) == {12, 13}
    assert sorted(load) == list(range(60))


def test_a_fast_account_sends_several_batches_a_second() -> None:
    """Where a second has room for more than a transaction, it gets more than one."""
    batches = list(paced(range(540), 180.0, 60))
    assert [(delay, len(batch)) for delay, batch in batches] == [
        (0, 100), (0, 80), (1, 100), (1, 80), (2, 100), (2, 80),
    ]  # fmt: skip


def test_minutes_and_milliseconds_agree() -> None:
    """Sixty seconds of plan's clock are a minute."""
    assert slot_at(MINUTE * 7, 60) == 7
