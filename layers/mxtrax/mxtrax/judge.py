"""Judging: what a slate means for a domain. The wiki's four limits, and the way back after them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mxtrax.model import DAY, Cause, Config, Limits, MailDomain, Millis, Recent, Standing, State, Verdict
from mxtrax.slots import SLOWEST
from mxtrax.tally import total, trim

PERMANENT: Final = frozenset({Cause.REFUSED, Cause.RETURNED_AS_BOUNCE, Cause.FORWARD_BLOCKED})
"""Answers for good. Each is a hard bounce in SES's books, whether it came at once or as a report."""

MOST_RELAPSES: Final = 3
"""A domain that flaps has to show at most 2 ** 3 times recover_after before it counts as recovered."""

LONGEST_STREAK: Final = 30
"""Nor more than this many tests, which the heat strip has room for, unless recover_after itself asks for more."""


def judged_anew(standing: Standing, domain: MailDomain, config: Config, now: Millis) -> Standing:
    """Judge a domain by its slate as if these settings had always held.

    So one that is failing is not, where nothing exceeds the limits; in truth it still has to show its streak.
    """
    standing = replace(standing, slate=trim(standing.slate, config.window_hours, now))
    limits = limits_for(domain, config)
    anew = judge(replace(standing, state=State.OK), limits, config.recover_after, now, config.open_after)
    if anew.state is not standing.state is State.FAILING:
        return anew
    return judge(standing, limits, config.recover_after, now, config.open_after)


def limits_for(domain: MailDomain, config: Config) -> Limits:
    """Give the limits a domain is judged by: Config's, where it has none of its own."""
    return Limits(
        maxfailnumber=_or(domain.maxfailnumber, config.limits.maxfailnumber),
        maxfailpercentage=_or(domain.maxfailpercentage, config.limits.maxfailpercentage),
        maxlatenumber=_or(domain.maxlatenumber, config.limits.maxlatenumber),
        maxlatepercentage=_or(domain.maxlatepercentage, config.limits.maxlatepercentage),
    )


def exceeded(standing: Standing, limits: Limits) -> tuple[str, ...]:
    """Name the limits that a slate exceeds; exceeding means greater than."""
    slate = total(standing.slate)
    all_tests = slate.total or 1
    figures = {
        "maxfailnumber": (slate.missed, limits.maxfailnumber),
        "maxfailpercentage": (slate.missed * 100 / all_tests, limits.maxfailpercentage),
        "maxlatenumber": (slate.late, limits.maxlatenumber),
        "maxlatepercentage": (slate.late * 100 / all_tests, limits.maxlatepercentage),
    }
    return tuple(name for name, (is_now, limit) in figures.items() if is_now > limit)


def judge(standing: Standing, limits: Limits, recover_after: int, now: Millis, open_after: int = 1) -> Standing:
    """Give a domain its state. The moment of a change becomes `since`; a recovery wipes the slate."""
    standing = replace(standing, streak=streak_of(standing), exceeded=exceeded(standing, limits))
    if standing.state is State.FAILING:
        standing = _recovered(standing, recover_after, now)
    elif standing.exceeded and _no_hiccup(standing, open_after):
        fell_back = standing.state is State.OK and now - standing.since < DAY and standing.last_incident
        relapses = min(standing.relapses + 1, MOST_RELAPSES) if fell_back else 0
        standing = replace(standing, state=State.FAILING, since=now, relapses=relapses)
    elif standing.state is State.NEW and total(standing.slate).total:
        standing = replace(standing, state=State.OK, since=now)
    return replace(standing, retest=_wants_retest(standing, recover_after), slower=_slower(standing))


def streak_to_recover(standing: Standing, recover_after: int) -> int:
    """Give how many on-time tests in a row end a failure: twice as many for each time it fell back within a day."""
    return max(recover_after, min(recover_after << standing.relapses, LONGEST_STREAK))


def needed(standing: Standing, recover_after: int) -> int | None:
    """Give how many on-time tests in a row it still takes to recover; None where no streak ends a failure."""
    if standing.state is not State.FAILING or recover_after == 0:
        return None
    return max(0, streak_to_recover(standing, recover_after) - standing.streak)


def streak_of(standing: Standing) -> int:
    """Count the on-time tests since the last that was not, in the order of sending. Unsent ones say nothing."""
    streak = 0
    for test in reversed(_counted(standing.recent)):
        if test.verdict is not Verdict.ONTIME:
            break
        streak += 1
    return streak


def _recovered(standing: Standing, recover_after: int, now: Millis) -> Standing:
    if recover_after == 0:
        return standing if standing.exceeded else replace(standing, state=State.OK, since=now)
    if standing.streak < streak_to_recover(standing, recover_after):
        return standing
    clean_from = standing.recent[-1].sendtime
    return replace(standing, state=State.OK, since=now, clean_from=clean_from, slate={}, exceeded=())


def _no_hiccup(standing: Standing, open_after: int) -> bool:
    """Tell whether there were open_after bad tests in a row, or twice as many scattered over the slate.

    A row alone would never tell of a domain that loses every second mail.
    """
    slate = total(standing.slate)
    scattered = slate.missed + slate.late >= 2 * open_after
    return open_after <= 1 or scattered or _longest_run(standing) >= open_after


def _longest_run(standing: Standing) -> int:
    """Count the most bad tests in a row, in the order of sending, since the slate was wiped; maintenance left out."""
    longest = run = 0
    for test in _counted(standing.recent):
        if test.sendtime > standing.clean_from and not test.quiet:
            run = 0 if test.verdict is Verdict.ONTIME else run + 1
            longest = max(longest, run)
    return longest


def _wants_retest(standing: Standing, recover_after: int) -> bool:
    """After a miss, ask again soon, until the streak is back; but do not hammer a server that refuses for good.

    Nor one that is in maintenance: there a miss is no news.
    """
    bad = [test for test in _counted(standing.recent) if test.verdict is not Verdict.ONTIME and not test.quiet]
    if not bad or standing.streak >= max(1, streak_to_recover(standing, recover_after)):
        return False
    if bad[-1].cause in PERMANENT and standing.streak == 0:
        return False
    return standing.state is State.FAILING or bad[-1].verdict.missed


def _slower(standing: Standing) -> int:
    """Give how often the interval is doubled: once for each refusal for good in a row after the first."""
    refusals = 0
    for test in reversed(_counted(standing.recent)):
        if not (test.verdict.missed and test.cause in PERMANENT):
            break
        refusals += 1
    return min(max(0, refusals - 1), SLOWEST)


def _counted(recent: Sequence[Recent]) -> list[Recent]:
    return [test for test in recent if test.verdict is not Verdict.UNSENT]


def _or[T](own: T | None, fallback: T) -> T:
    return fallback if own is None else own
