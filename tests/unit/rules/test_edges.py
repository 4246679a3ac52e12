"""The two edges of an incident: how many bad tests open it, how many good ones end it; and the pace after refusals."""

from dataclasses import replace

import pytest

from mxtrax.model import DAY, HOUR, MINUTE, Cause, DomainHealth, Millis, Recent, State, Verdict
from mxtrax.rules.health import LONGEST_STREAK, judge, streak_to_recover
from mxtrax.rules.schedule import SLOWEST
from tests.unit.rules.made import DOMAIN, START, by_limits, counted

G, L, M, U = Verdict.ONTIME, Verdict.LATE, Verdict.OVERDUE, Verdict.UNSENT


def strip(*verdicts: Verdict, quiet: bool = False, cause: Cause | None = None) -> tuple[Recent, ...]:
    """Make a heat strip of tests a minute apart."""
    return tuple(Recent(START + n * MINUTE, it, None, cause, quiet) for n, it in enumerate(verdicts))


def judged(*verdicts: Verdict, open_after: int, **more: object) -> DomainHealth:
    """Judge a domain that exceeds its limits, and whose tests went like this."""
    health = replace(counted(missed=1), recent=strip(*verdicts), **more)  # type: ignore[arg-type]
    return judge(health, by_limits(open_after=open_after), START + HOUR)


@pytest.mark.parametrize(
    ("verdicts", "open_after", "fails"),
    [
        ((M,), 1, True),
        ((M,), 2, False),
        ((M, M), 2, True),
        ((M, L), 2, True),
        ((M, G, M, G, M), 2, False),
        ((M, U, M), 2, True),
        ((M, M, G, G), 2, True),
        ((M, M), 3, False),
        ((M, M, M), 3, True),
    ],
)
def test_bad_tests_in_a_row_open(verdicts: tuple[Verdict, ...], open_after: int, *, fails: bool) -> None:
    """It takes open_after bad tests in a row, in the order of sending; one that we could not send breaks no row."""
    assert (judged(*verdicts, open_after=open_after).state is State.FAILING) is fails


@pytest.mark.parametrize(("late", "missed", "fails"), [(0, 3, False), (0, 4, True), (2, 2, True)])
def test_scattered_bad_tests_open(late: int, missed: int, *, fails: bool) -> None:
    """A domain that loses every second mail is alerted at twice open_after bad tests, though no two come in a row."""
    window_counts = counted(ontime=9, late=late, missed=missed).window_counts
    assert (judged(M, G, M, G, M, open_after=2, window_counts=window_counts).state is State.FAILING) is fails


def test_a_row_before_the_recovery_does_not_count_again() -> None:
    """What was sent up to the last recovery opens nothing."""
    health = replace(counted(missed=1), recent=strip(M, M, G, M), clean_from=START + 2 * MINUTE)
    assert judge(health, by_limits(open_after=2), START + HOUR).state is not State.FAILING


def test_maintenance_opens_nothing_and_hurries_nothing() -> None:
    """Misses in maintenance are not a row, and no reason to test more often."""
    now = judge(replace(counted(missed=1), recent=strip(M, M, M, quiet=True)), by_limits(open_after=2), START + HOUR)
    assert (now.state is State.FAILING, now.retest) == (False, False)


class Flapper:
    """A domain that loses one test, shows a streak, and loses the next: for ever."""

    def __init__(self) -> None:
        """Begin well."""
        self.health = DomainHealth(maildomain=DOMAIN)
        self.now: Millis = START
        self.opened = self.closed = 0

    def test(self, verdict: Verdict) -> None:
        """Let one test go like this."""
        before = self.health.state
        self.now += MINUTE
        window_counts = counted(missed=1).window_counts if verdict is M or before is State.FAILING else {}
        recent = (*self.health.recent, Recent(self.now, verdict))[-60:]
        after = judge(replace(self.health, recent=recent, window_counts=window_counts), by_limits(), self.now)
        if after.state is State.FAILING and before is not State.FAILING:
            self.opened += 1
        if before is State.FAILING and after.state is State.OK:
            self.closed += 1
            after = replace(after, last_incident="some")
        self.health = after


def test_a_flapping_domain_does_not_spam() -> None:
    """A day of one loss in every five tests is a handful of incidents, not three hundred."""
    it = Flapper()
    for minute in range(24 * 60):
        it.test(M if minute % 5 == 0 else G)
    assert 2 <= it.opened <= 3
    assert it.health.state is State.FAILING


def test_a_flapping_domain_recovers_when_it_stays_well() -> None:
    """The longest streak asked for is 24 tests in a row, and a day without a relapse makes all as it was."""
    it = Flapper()
    for minute in range(24 * 60):
        it.test(M if minute % 5 == 0 else G)
    for _ in range(24):
        it.test(G)
    assert it.health.state is State.OK
    it.now += DAY
    it.test(M)
    assert (it.health.state, it.health.relapses) == (State.FAILING, 0)


@pytest.mark.parametrize(
    ("recover_after", "relapses", "needed"), [(3, 0, 3), (3, 1, 6), (3, 3, 24), (0, 3, 0), (50, 3, 50)]
)
def test_the_streak_that_ends_it(recover_after: int, relapses: int, needed: int) -> None:
    """Each relapse doubles recover_after, within what the heat strip can show."""
    assert streak_to_recover(DomainHealth(maildomain=DOMAIN, relapses=relapses), recover_after) == needed
    assert needed <= max(LONGEST_STREAK, recover_after)


@pytest.mark.parametrize(("refusals", "doublings"), [(0, 0), (1, 0), (6, 0), (7, 1), (8, 2), (50, SLOWEST)])
def test_a_server_that_refuses_for_good_is_asked_less_often(refusals: int, doublings: int) -> None:
    """Refused each hour: after six hours the interval doubles with each refusal, up to a bound, and is never hurried."""
    recent = tuple(Recent(START + n * HOUR, M, None, Cause.REFUSED) for n in range(refusals))
    now = judge(replace(counted(missed=refusals), recent=recent), by_limits(), START)
    assert (now.slower, now.retest) == (doublings, False)


@pytest.mark.parametrize("other", [G, L, M])
def test_the_first_other_outcome_ends_the_slow_pace(other: Verdict) -> None:
    """Anything but a permanent refusal restores the normal pace."""
    refused = strip(M, M, M, M, cause=Cause.REFUSED)
    recent = (*refused, Recent(START + HOUR, other, None, Cause.DEFERRED))
    assert judge(replace(counted(missed=4), recent=recent), by_limits(), START).slower == 0
