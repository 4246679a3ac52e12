"""Judging: what a slate means for a domain. The wiki's four limits, and the way back after them."""

from dataclasses import replace

from mxtrax.model import Cause, Config, Limits, MailDomain, Millis, Standing, State, Verdict
from mxtrax.tally import total


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


def judge(standing: Standing, limits: Limits, recover_after: int, now: Millis) -> Standing:
    """Give a domain its state. The moment of a change becomes `since`; a recovery wipes the slate."""
    standing = replace(standing, streak=streak_of(standing), exceeded=exceeded(standing, limits))
    if standing.state is State.FAILING:
        standing = _recovered(standing, recover_after, now)
    elif standing.exceeded:
        standing = replace(standing, state=State.FAILING, since=now)
    elif standing.state is State.NEW and total(standing.slate).total:
        standing = replace(standing, state=State.OK, since=now)
    return replace(standing, retest=_wants_retest(standing, recover_after))


def streak_of(standing: Standing) -> int:
    """Count the on-time tests since the last that was not, in the order of sending. Unsent ones say nothing."""
    streak = 0
    for test in reversed(standing.recent):
        if test.verdict is Verdict.UNSENT:
            continue
        if test.verdict is not Verdict.ONTIME:
            break
        streak += 1
    return streak


def _recovered(standing: Standing, recover_after: int, now: Millis) -> Standing:
    if recover_after == 0:
        return standing if standing.exceeded else replace(standing, state=State.OK, since=now)
    if standing.streak < recover_after:
        return standing
    clean_from = standing.recent[-1].sendtime
    return replace(standing, state=State.OK, since=now, clean_from=clean_from, slate={}, exceeded=())


def _wants_retest(standing: Standing, recover_after: int) -> bool:
    """After a miss, ask again soon, until the streak is back; but do not hammer a server that refuses for good."""
    bad = [r for r in standing.recent if r.verdict not in (Verdict.ONTIME, Verdict.UNSENT)]
    if not bad or standing.streak >= max(1, recover_after):
        return False
    if bad[-1].cause is Cause.REFUSED and standing.streak == 0:
        return False
    return standing.state is State.FAILING or bad[-1].verdict.missed


def _or[T](own: T | None, fallback: T) -> T:
    return fallback if own is None else own
