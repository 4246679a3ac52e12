"""Judging: what window counts mean for a domain. The wiki's four limits, and the way back after them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mxtrax.model import DAY, Cause, Config, DomainHealth, Limits, MailDomain, Millis, Recent, State, Verdict
from mxtrax.rules.limits import effective
from mxtrax.rules.schedule import SLOWEST
from mxtrax.rules.statistics import total, trim

PERMANENT: Final = frozenset({Cause.REFUSED, Cause.RETURNED_AS_BOUNCE, Cause.FORWARD_BLOCKED})
"""Answers for good. Each is a hard bounce in SES's books, whether it came at once or as a report."""

MOST_RELAPSES: Final = 3
"""A domain that flaps has to show at most 2 ** 3 times recover_after before it counts as recovered."""

LONGEST_STREAK: Final = 30
"""Nor more than this many tests, which the heat strip has room for, unless recover_after itself asks for more."""


def judged_anew(health: DomainHealth, domain: MailDomain, config: Config, now: Millis) -> DomainHealth:
    """Judge a domain by its window counts as if these settings had always held.

    So one that is failing is not, where nothing exceeds the limits; in truth it still has to show its streak.
    """
    health = replace(health, window_counts=trim(health.window_counts, config.window_hours, now))
    limits = effective(domain, config)
    anew = judge(replace(health, state=State.OK), limits, config.recover_after, now, config.open_after)
    if anew.state is not health.state is State.FAILING:
        return anew
    return judge(health, limits, config.recover_after, now, config.open_after)


def exceeded(health: DomainHealth, limits: Limits) -> tuple[str, ...]:
    """Name the limits that window counts exceed; exceeding means greater than."""
    window_counts = total(health.window_counts)
    all_tests = window_counts.total or 1
    figures = {
        "maxfailnumber": (window_counts.missed, limits.maxfailnumber),
        "maxfailpercentage": (window_counts.missed * 100 / all_tests, limits.maxfailpercentage),
        "maxlatenumber": (window_counts.late, limits.maxlatenumber),
        "maxlatepercentage": (window_counts.late * 100 / all_tests, limits.maxlatepercentage),
    }
    return tuple(name for name, (is_now, limit) in figures.items() if is_now > limit)


def judge(health: DomainHealth, limits: Limits, recover_after: int, now: Millis, open_after: int = 1) -> DomainHealth:
    """Give a domain its state. The moment of a change becomes `since`; a recovery wipes the window_counts."""
    health = replace(health, streak=streak_of(health), exceeded=exceeded(health, limits))
    if health.state is State.FAILING:
        health = _recovered(health, recover_after, now)
    elif health.exceeded and _no_hiccup(health, open_after):
        fell_back = health.state is State.OK and now - health.since < DAY and health.last_incident
        relapses = min(health.relapses + 1, MOST_RELAPSES) if fell_back else 0
        health = replace(health, state=State.FAILING, since=now, relapses=relapses)
    elif health.state is State.NEW and total(health.window_counts).total:
        health = replace(health, state=State.OK, since=now)
    return replace(health, retest=_wants_retest(health, recover_after), slower=_slower(health))


def streak_to_recover(health: DomainHealth, recover_after: int) -> int:
    """Give how many on-time tests in a row end a failure: twice as many for each time it fell back within a day."""
    return max(recover_after, min(recover_after << health.relapses, LONGEST_STREAK))


def needed(health: DomainHealth, recover_after: int) -> int | None:
    """Give how many on-time tests in a row it still takes to recover; None where no streak ends a failure."""
    if health.state is not State.FAILING or recover_after == 0:
        return None
    return max(0, streak_to_recover(health, recover_after) - health.streak)


def streak_of(health: DomainHealth) -> int:
    """Count the on-time tests since the last that was not, in the order of sending. Unsent ones say nothing."""
    streak = 0
    for test in reversed(_counted(health.recent)):
        if test.verdict is not Verdict.ONTIME:
            break
        streak += 1
    return streak


def _recovered(health: DomainHealth, recover_after: int, now: Millis) -> DomainHealth:
    if recover_after == 0:
        return health if health.exceeded else replace(health, state=State.OK, since=now)
    if health.streak < streak_to_recover(health, recover_after):
        return health
    clean_from = health.recent[-1].sendtime
    return replace(health, state=State.OK, since=now, clean_from=clean_from, window_counts={}, exceeded=())


def _no_hiccup(health: DomainHealth, open_after: int) -> bool:
    """Tell whether there were open_after bad tests in a row, or twice as many scattered over the window_counts.

    A row alone would never tell of a domain that loses every second mail.
    """
    window_counts = total(health.window_counts)
    scattered = window_counts.missed + window_counts.late >= 2 * open_after
    return open_after <= 1 or scattered or _longest_run(health) >= open_after


def _longest_run(health: DomainHealth) -> int:
    """Count the most bad tests in a row, in the order of sending, since the counts were wiped; maintenance left out."""
    longest = run = 0
    for test in _counted(health.recent):
        if test.sendtime > health.clean_from and not test.quiet:
            run = 0 if test.verdict is Verdict.ONTIME else run + 1
            longest = max(longest, run)
    return longest


def _wants_retest(health: DomainHealth, recover_after: int) -> bool:
    """After a miss, ask again soon, until the streak is back; but do not hammer a server that refuses for good.

    Nor one that is in maintenance: there a miss is no news.
    """
    bad = [test for test in _counted(health.recent) if test.verdict is not Verdict.ONTIME and not test.quiet]
    if not bad or health.streak >= max(1, streak_to_recover(health, recover_after)):
        return False
    if bad[-1].cause in PERMANENT and health.streak == 0:
        return False
    return health.state is State.FAILING or bad[-1].verdict.missed


def _slower(health: DomainHealth) -> int:
    """Give how often the interval is doubled: once for each refusal for good in a row after the first."""
    refusals = 0
    for test in reversed(_counted(health.recent)):
        if not (test.verdict.missed and test.cause in PERMANENT):
            break
        refusals += 1
    return min(max(0, refusals - 1), SLOWEST)


def _counted(recent: Sequence[Recent]) -> list[Recent]:
    return [test for test in recent if test.verdict is not Verdict.UNSENT]
