"""DomainHealth as stored in DynamoDB: it is read as written, and a domain with a full day stays below 1 KB."""

import math
from dataclasses import fields, replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.bench.item_size import KB, size_of
from mxtrax.model.health import DomainHealth, Recent, State
from mxtrax.model.health import WindowCounts as Counts
from mxtrax.model.moments import DAY, HOUR, MINUTE, SECOND, Millis
from mxtrax.model.settings import Limits
from mxtrax.model.test import Cause, MailTest, Reason, Verdict
from mxtrax.rules.cause import Why
from mxtrax.rules.health import Terms, judge
from mxtrax.rules.schedule import PACES
from mxtrax.rules.statistics import add_to_health
from mxtrax.store import mapping, packed_health, packing
from mxtrax.store.tables import HealthRow

NOW: Millis = 1_795_343_400_000
"""Half past ten, UTC."""
ROOM = 200
"""Bytes that are kept free for what will be known besides: the weight of the evidence, the usual time of a return."""

MOMENTS = st.integers(0, 2**43)
TESTS = st.lists(
    st.builds(
        Recent,
        MOMENTS,
        st.sampled_from(Verdict),
        st.none() | st.integers(0, 2**40),
        st.none() | st.sampled_from(Cause),
        st.booleans(),
        st.none() | st.sampled_from(Reason),
    ),
    max_size=60,
).map(lambda tests: tuple(sorted(tests, key=lambda test: test.sendtime)))
NUMBERS = st.integers(0, 2**40)
HOURS = st.dictionaries(st.integers(0, 2**24), st.builds(Counts, NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=30)
HEALTH = st.builds(
    DomainHealth,
    maildomain=st.just("mx@a.example"),
    state=st.sampled_from(State),
    since=MOMENTS,
    clean_from=MOMENTS,
    window_counts=HOURS,
    recent=TESTS,
    streak=NUMBERS,
    retest=st.sampled_from([0, *PACES]),
    exceeded=st.lists(st.sampled_from(["maxfailnumber", "maxlatepercentage"]), unique=True).map(tuple),
    slower=st.integers(0, 4),
    relapses=st.integers(0, 3),
    early_mark=st.integers(0, 150),
    trouble_from=MOMENTS,
    fell_from=MOMENTS,
    provider=st.sampled_from(["", "mail.example"]),
    incident=st.sampled_from(["", "1-2"]),
    last_incident=st.sampled_from(["", "1-1"]),
    version=NUMBERS,
)


@given(HEALTH)
def test_what_is_known_of_a_domain_is_read_as_it_was_written(health: DomainHealth) -> None:
    """Whatever its tests and hours were."""
    assert mapping.health(HealthRow.from_raw_data(mapping.health_row(health).serialize())) == health


def test_every_field_is_tried() -> None:
    """No field of DomainHealth is left at its default by the test above."""
    assert {each.name for each in fields(DomainHealth)} == HEALTH.wrapped_strategy.kwargs.keys()  # type: ignore[attr-defined]


def test_what_was_written_stays_readable() -> None:
    """What an earlier version packed is read by this one, and packed as it was."""
    tests = (
        Recent(NOW, Verdict.ONTIME, 4_000),
        Recent(NOW + 1, Verdict.OVERDUE, None, Cause.NO_WORD, quiet=True),
        Recent(NOW + 300_000, Verdict.ONTIME, 3),
    )
    words = b"ontime///took,overdue/no_word/quiet/"
    data = b"\x01" + bytes([len(words)]) + words + bytes.fromhex("c0f8b896a03400a01f 0101 dfa7120003")
    assert packing.unpacked_tests(data) == tests
    assert packing.newest_test(data) == tests[-1]
    newest_first = b"\x02" + bytes([len(words)]) + words + bytes.fromhex("e0a0caa7a0340003 dfa71201 01 00a01f")
    assert packing.unpacked_tests(packing.packed_tests(tests)) == tests
    assert len(packing.packed_tests(tests)) == len(newest_first)
    hours = {498_705: Counts(4, 0, 0, 16_000), 498_706: Counts(1, 2, 3)}
    data = bytes.fromhex("01 91b81e040000807d 0101020300")
    assert packing.unpacked_counts(data) == hours
    assert packing.packed_counts(hours) == data


def test_another_way_of_packing_is_not_taken_for_this_one() -> None:
    """An older function that meets what a newer one wrote fails, and its test is folded a minute later by another."""
    with pytest.raises(ValueError, match="another way"):
        packing.unpacked_tests(b"\x03\x00")


def test_what_is_out_of_order_is_not_packed() -> None:
    """It would be read as something else."""
    with pytest.raises(ValueError, match="in order"):
        packing.packed_tests((Recent(2, Verdict.ONTIME), Recent(1, Verdict.ONTIME)))


@pytest.mark.parametrize("interval", [1, 5, 15], ids=lambda it: f"every {it} min")
@pytest.mark.parametrize("usual", [4 * SECOND, 290 * SECOND], ids=["quick", "slow"])
def test_a_domain_that_is_well_stays_below_1_kb(interval: int, usual: Millis) -> None:
    """Its health is rewritten with each test, and DynamoDB charges every started KB."""
    health = _ripe(interval, lambda chance: (Verdict.ONTIME, round(usual * math.exp(chance.gauss(0, 0.4))), None))
    assert len(health.recent) == 60
    assert len(health.window_counts) == 25
    assert _size(health) < KB - ROOM


@pytest.mark.parametrize("interval", [1, 5, 15], ids=lambda it: f"every {it} min")
def test_a_domain_that_fails_stays_below_1_kb(interval: int) -> None:
    """Even if each test has its own cause, and half of them come back late."""

    def goes(chance: Random) -> tuple[Verdict, Millis | None, Cause | None]:
        if chance.random() < 0.5:
            return Verdict.LATE, chance.randrange(301 * SECOND, 86_400 * SECOND), Cause.SLOW_INSIDE
        return Verdict.OVERDUE, None, Cause.ACCEPTED_THEN_LOST

    health = replace(_ripe(interval, goes), incident=f"123456-{NOW}", last_incident=f"123456-{NOW}", retest=1)
    exceeded = "maxfailnumber", "maxfailpercentage", "maxlatenumber", "maxlatepercentage"
    assert _size(replace(health, exceeded=exceeded)) < KB


def _ripe(interval: int, goes: Any) -> DomainHealth:
    """Give a domain a day and an hour of tests."""
    chance = Random(7)  # noqa: S311 -- it need be repeatable, not secret
    address = "mailtest@mail.some-customer-with-a-name.example"
    health = DomainHealth(maildomain=address, state=State.OK, provider="outlook.com")
    for age in range((DAY + HOUR) // (interval * MINUTE), 0, -1):
        sent = NOW - age * interval * MINUTE + chance.randrange(900)
        verdict, took, cause = goes(chance)
        test = MailTest(
            testid="1",
            maildomain=health.maildomain,
            sendtime=sent,
            receivetime=None if took is None else sent + took,
            maxreturntime=300,
            max_sec_until_fail=86_400,
        )
        health = add_to_health(health, test, verdict, Why(cause), 24, NOW)
    return replace(
        judge(health, Terms(limits=Limits(), maxreturntime=300), NOW), since=NOW, clean_from=NOW - DAY, version=500_000
    )


def _size(health: DomainHealth) -> int:
    return size_of(mapping.health_row(health).serialize())


@given(HEALTH)
def test_a_pass_over_the_fleet_reads_what_a_single_read_does(health: DomainHealth) -> None:
    """Although it unpacks fields only on first use; and its copies are like any other."""
    seen = packed_health.of(mapping.health_row(health).serialize())
    assert seen.newest == health.newest
    for each in fields(DomainHealth):
        assert getattr(seen, each.name) == getattr(health, each.name), each.name
    assert seen.newest == health.newest
    changed = replace(seen, streak=seen.streak + 1, recent=())
    assert (changed.streak, changed.newest, changed.window_counts) == (health.streak + 1, None, health.window_counts)


@given(TESTS)
def test_the_newest_test_is_read_without_the_others(tests: tuple[Recent, ...]) -> None:
    """As it would be among all of them."""
    assert packing.newest_test(packing.packed_tests(tests)) == (tests[-1] if tests else None)
