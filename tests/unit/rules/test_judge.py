"""Judging: the wiki's four limits, and the way back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxtrax.model import MINUTE, Cause, DomainHealth, Limits, Recent, State, Stretch, Verdict
from mxtrax.rules.evidence import streak_of
from mxtrax.rules.health import exceeded, judge, main_cause
from mxtrax.rules.statistics import total
from tests.unit.rules.made import DOMAIN, START, WIKI, by_limits, counted

NO_LIMITS = Limits(maxfailnumber=10**6, maxfailpercentage=100, maxlatenumber=10**6, maxlatepercentage=100)
G, L, M, F, U = Verdict.ONTIME, Verdict.LATE, Verdict.OVERDUE, Verdict.FAILED, Verdict.UNSENT
"""A short way to write a heat strip: good, late, missed, failed, unsent."""


def _strip(*verdicts: Verdict, cause: Cause | None = None, **more: object) -> DomainHealth:
    """Make the health of a domain whose tests, a minute apart, went like this."""
    recent = tuple(
        Recent(START + n * MINUTE, verdict, cause=None if verdict is G else cause) for n, verdict in enumerate(verdicts)
    )
    window_counts = counted(
        ontime=verdicts.count(G), late=verdicts.count(L), missed=sum(verdict.missed for verdict in verdicts)
    ).window_counts
    return replace(DomainHealth(maildomain=DOMAIN, recent=recent, window_counts=window_counts), **more)  # type: ignore[arg-type]


# --- limits


@pytest.mark.parametrize(
    ("window_counts", "limits", "names"),
    [
        (counted(ontime=3), Limits(), ()),
        (counted(), Limits(), ()),
        (counted(missed=1), WIKI, ("maxfailnumber", "maxfailpercentage")),
        (counted(late=1), WIKI, ("maxlatenumber", "maxlatepercentage")),
        (counted(missed=2), replace(NO_LIMITS, maxfailnumber=2), ()),
        (counted(missed=3), replace(NO_LIMITS, maxfailnumber=2), ("maxfailnumber",)),
        (counted(ontime=3, missed=1), replace(NO_LIMITS, maxfailpercentage=25), ()),
        (counted(ontime=3, missed=1), replace(NO_LIMITS, maxfailpercentage=24.9), ("maxfailpercentage",)),
        (counted(late=2), replace(NO_LIMITS, maxlatenumber=2), ()),
        (counted(late=3), replace(NO_LIMITS, maxlatenumber=2), ("maxlatenumber",)),
        (counted(ontime=1, late=1, missed=2), replace(NO_LIMITS, maxlatepercentage=25), ()),
        (counted(ontime=1, late=1, missed=2), replace(NO_LIMITS, maxlatepercentage=24.9), ("maxlatepercentage",)),
    ],
)
def test_exceeding_means_greater_than(window_counts: DomainHealth, limits: Limits, names: tuple[str, ...]) -> None:
    """Each limit may be reached; percentages are of all tests that are no longer pending."""
    assert exceeded(window_counts, limits) == names


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 100), st.integers(0, 100))
def test_percentages_are_those_of_the_wiki(ontime: int, late: int, missed: int, fail: int, slow: int) -> None:
    """A count by hand gives the same."""
    limits = replace(NO_LIMITS, maxfailpercentage=fail, maxlatepercentage=slow)
    every = ontime + late + missed
    names = exceeded(counted(ontime, late, missed), limits)
    assert ("maxfailpercentage" in names) is (missed * 100 > fail * every)
    assert ("maxlatepercentage" in names) is (late * 100 > slow * every)


# --- states


def test_a_new_domain_is_new_until_a_test_counts() -> None:
    """Of a domain without verdicts nothing is known; unsent tests say nothing of it either."""
    assert judge(_strip(), by_limits(), START).state is State.SETUP
    assert judge(_strip(U), by_limits(), START).state is State.SETUP
    assert judge(_strip(G), by_limits(), START).state is State.OK


@pytest.mark.parametrize("state", [State.SETUP, State.OK])
def test_a_domain_fails_when_it_exceeds_a_limit(state: State) -> None:
    """The moment becomes since, and the limits are named."""
    now = judge(_strip(G, M, state=state), by_limits(), START + 9)
    assert (now.state, now.since) == (State.FAILING, START + 9)
    assert now.exceeded == ("maxfailnumber", "maxfailpercentage")


def test_a_domain_that_goes_on_failing_keeps_its_since() -> None:
    """Judging again changes nothing but what has changed."""
    failing = judge(_strip(M), by_limits(), START)
    assert judge(failing, by_limits(), START + 9) == failing


@pytest.mark.parametrize(("on_time", "state"), [(2, State.FAILING), (3, State.OK), (4, State.OK)])
def test_a_domain_recovers_after_a_streak(on_time: int, state: State) -> None:
    """It takes recover_after on-time tests in a row."""
    failing = _strip(G, M, *[G] * on_time, state=State.FAILING)
    assert judge(failing, by_limits(), START).state is state


@pytest.mark.parametrize("breaker", [L, M, F])
def test_whatever_is_not_on_time_breaks_the_streak(breaker: Verdict) -> None:
    """Late is not recovered."""
    assert judge(_strip(M, G, G, breaker, G, G, state=State.FAILING), by_limits(), START).state is State.FAILING


def test_what_we_could_not_send_says_nothing() -> None:
    """An unsent test neither breaks a streak nor adds to it."""
    assert streak_of(_strip(M, G, U, G, U).recent) == 2


def test_recovery_begins_a_clean_window_counts() -> None:
    """Nothing sent up to the recovery is judged again."""
    now = judge(_strip(M, G, G, G, state=State.FAILING), by_limits(), START + 9)
    assert (now.state, now.since, dict(now.window_counts), now.exceeded) == (State.OK, START + 9, {}, ())
    assert now.clean_from == START + 3 * MINUTE
    assert judge(now, by_limits(), START + 10).state is State.OK


def test_without_a_streak_recovery_waits_for_the_window() -> None:
    """recover_after 0: failing while the window counts exceeds, as the original had it; the window counts is kept."""
    still = judge(_strip(M, *[G] * 50, state=State.FAILING), by_limits(recover_after=0), START)
    over = judge(_strip(*[G] * 50, state=State.FAILING), by_limits(recover_after=0), START)
    assert (still.state, over.state) == (State.FAILING, State.OK)
    assert total(over.window_counts).ontime == 50


# --- retests


@pytest.mark.parametrize(
    ("health", "retest"),
    [
        (_strip(G, G), False),
        (_strip(G, M), True),
        (_strip(G, M, G, G), True),
        (_strip(G, M, G, G, G), False),
        (_strip(G, F), True),
        (_strip(G, U), False),
        (_strip(G, M, U), True),
        (_strip(L, state=State.FAILING), True),
        (_strip(M, cause=Cause.REFUSED), False),
        (_strip(M, G, cause=Cause.REFUSED), True),
        (_strip(M, cause=Cause.DEFERRED), True),
    ],
)
def test_after_a_miss_a_domain_is_asked_again_soon(health: DomainHealth, *, retest: bool) -> None:
    """Until the streak is back; but a server that refuses permanently is not hammered until it has accepted one again."""
    assert judge(health, by_limits(), START).retest == retest


@pytest.mark.parametrize(("strip", "retest"), [((G, M), True), ((M, G), False)])
def test_without_a_streak_one_good_test_is_enough(strip: tuple[Verdict, ...], *, retest: bool) -> None:
    """recover_after 0: after a miss, a domain is asked again soon until it has answered once."""
    assert judge(_strip(*strip), by_limits(recover_after=0), START).retest == retest


def test_a_late_test_within_the_limits_is_no_reason() -> None:
    """Where late is tolerated, nothing is asked twice."""
    assert not judge(_strip(G, L), by_limits(limits=NO_LIMITS), START).retest


verdicts = st.lists(st.sampled_from([G, G, G, L, M, F, U]), max_size=60)


@given(verdicts, st.integers(0, 5), st.sampled_from(State))
def test_judging_twice_is_judging_once(strip: list[Verdict], recover_after: int, state: State) -> None:
    """A verdict over the same figures is the same; only a failure that was over when it was noticed is closed at once."""
    once = judge(_strip(*strip, state=state), by_limits(recover_after=recover_after), START)
    twice = judge(once, by_limits(recover_after=recover_after), START + 1)
    if state is not State.FAILING and once.state is State.FAILING and 0 < recover_after <= once.streak:
        assert twice.state is State.OK
    else:
        assert twice == once


@given(verdicts, st.integers(1, 5), st.sampled_from(State))
def test_failing_and_ok_are_what_the_figures_say(strip: list[Verdict], recover_after: int, state: State) -> None:
    """A domain fails if it exceeds a limit, unless it failed before and its streak is back."""
    health = _strip(*strip, state=state)
    now = judge(health, by_limits(recover_after=recover_after), START)
    if state is State.FAILING:
        assert (now.state is State.OK) is (streak_of(health.recent) >= recover_after)
    else:
        assert (now.state is State.FAILING) is bool(exceeded(health, WIKI))


def test_what_fell_back_has_a_cause_of_its_own() -> None:
    """The previous incident was slow for long; what has broken since the recovery is reported as lost."""
    slow = [Recent(START + n, Verdict.LATE, 400_000, Cause.SLOW_INSIDE) for n in range(5)]
    back, lost = (
        Recent(START + 5, Verdict.ONTIME, 5_000),
        Recent(START + 6, Verdict.OVERDUE, None, Cause.ACCEPTED_THEN_LOST),
    )
    health = DomainHealth(maildomain=DOMAIN, recent=(*slow, back, lost), trouble_from=START, clean_from=START + 5)
    assert main_cause(health, by_limits()) == (Cause.ACCEPTED_THEN_LOST, None)
    assert main_cause(replace(health, clean_from=0), by_limits()) == (Cause.SLOW_INSIDE, None)


def test_a_test_that_our_own_fault_delayed_names_no_cause_of_theirs() -> None:
    """Three came back late from an outage of ours, hours after the domain was well again; then it lost one."""
    late = tuple(Recent(START + n * MINUTE, L, 900_000, Cause.SLOW_RETURN) for n in range(3))
    lost = Recent(START + 60 * MINUTE, M, None, Cause.ACCEPTED_THEN_LOST)
    health = DomainHealth(maildomain=DOMAIN, recent=(*late, lost), trouble_from=START)
    ours = by_limits(faults=(Stretch(START - MINUTE, START + 20 * MINUTE),))
    assert main_cause(health, ours) == (Cause.ACCEPTED_THEN_LOST, None)
    assert main_cause(health, by_limits()) == (Cause.SLOW_RETURN, None)
