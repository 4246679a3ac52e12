"""Judge a domain by its window counts and its latest tests.

Two questions are kept apart. *Failing* is the wiki's: one of four limits is exceeded, and the domain has not recovered.
Whether that is worth an *incident*, which people are notified of, is decided by evidence; or, if Config says `limits`,
by the same limits again, with open_after and recover_after.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import (
    DAY,
    HOUR,
    AlarmWhen,
    Cause,
    Config,
    DomainHealth,
    Limits,
    MailDomain,
    Millis,
    Reason,
    Recent,
    State,
    Stretch,
    Verdict,
)
from mxtrax.rules.cause import Why
from mxtrax.rules.causes_table import REFUSED
from mxtrax.rules.evidence import BAR, FIFTH, HALF, LOST, Weighed, certainty, judged, streak_needed, streak_of, weigh
from mxtrax.rules.limits import effective
from mxtrax.rules.marks import STEP, early_mark
from mxtrax.rules.schedule import SLOWEST, WITNESSED
from mxtrax.rules.statistics import total, trim

MOST_RELAPSES: Final = 3
"""By limits, a flapping domain needs at most 2 ** 3 times recover_after before it counts as recovered."""

LONGEST_STREAK: Final = 30
"""And at most this many tests, which fit into the heat strip, unless recover_after itself asks for more."""

PATIENT: Final = 6 * HOUR
"""How long permanent refusals last before they are tested less often: a mailbox that is soon fixed is soon noticed."""

BACK_OFF: Final = (2, 4, 8)
"""Minutes between retests once people are notified: after each retest that failed, the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a domain is judged by: the settings that apply to it, and the periods of our own faults.

    `provider_out` says that another domain of its provider has an open incident because no server could be reached.
    """

    limits: Limits
    maxreturntime: int
    alarm_when: AlarmWhen = AlarmWhen.EVIDENCE
    open_after: int = 1
    recover_after: int = 3
    faults: tuple[Stretch, ...] = ()
    provider_out: bool = False


def terms_for(
    domain: MailDomain, config: Config, faults: Sequence[Stretch] = (), *, provider_out: bool = False
) -> Terms:
    """Give what a domain is judged by."""
    own = effective(domain, config)
    return Terms(
        limits=own,
        maxreturntime=own.maxreturntime,
        alarm_when=config.alarm_when,
        open_after=config.open_after,
        recover_after=config.recover_after,
        faults=tuple(faults),
        provider_out=provider_out,
    )


def exceeded(health: DomainHealth, limits: Limits) -> tuple[str, ...]:
    """Name the limits that the window exceeds; exceeding means greater than, and none is never exceeded."""
    counts = total(health.window_counts)
    all_tests = counts.total or 1
    figures = {
        "maxfailnumber": (counts.missed, limits.maxfailnumber),
        "maxfailpercentage": (counts.missed * 100 / all_tests, limits.maxfailpercentage),
        "maxlatenumber": (counts.late, limits.maxlatenumber),
        "maxlatepercentage": (counts.late * 100 / all_tests, limits.maxlatepercentage),
    }
    return tuple(name for name, (is_now, limit) in figures.items() if limit is not None and is_now > limit)


def judge(health: DomainHealth, terms: Terms, now: Millis) -> DomainHealth:
    """Judge a domain. The moment of a change becomes `since`; a recovery wipes the window counts.

    `trouble_from` says that an incident should be open, and the first bad test that it rests on.
    """
    health = replace(
        health,
        exceeded=exceeded(health, terms.limits),
        streak=streak_of(health.recent),
        early_mark=_mark(health, terms.maxreturntime),
    )
    if health.state is State.SETUP and any(test.took is not None for test in health.recent):
        health = _set_up(health, now) if terms.alarm_when is AlarmWhen.EVIDENCE else _began(health, now)
    judge_by = _by_limits if terms.alarm_when is AlarmWhen.LIMITS else _by_evidence
    return judge_by(health, terms, now)


def _mark(health: DomainHealth, maxreturntime: int) -> int:
    """Give the early mark. Small changes are ignored, because each change is written into the lists."""
    mark = early_mark(health.recent, maxreturntime)
    return mark if abs(mark - health.early_mark) > STEP or health.early_mark > maxreturntime else health.early_mark


def _began(health: DomainHealth, now: Millis) -> DomainHealth:
    return replace(health, state=State.OK, since=now)


def _set_up(health: DomainHealth, now: Millis) -> DomainHealth:
    """Begin a clean window after the first return: what a mailbox answered before it was set up is no evidence."""
    finished = [test.sendtime for test in health.recent if test.verdict is not Verdict.PENDING]
    return replace(_began(health, now), clean_from=max(finished), window_counts={}, exceeded=())


def _by_evidence(health: DomainHealth, terms: Terms, now: Millis) -> DomainHealth:
    """Judge by the weight of evidence. Nobody is notified for `failing` alone."""
    tests = list(judged(health.recent, health.clean_from, terms.faults, terms.maxreturntime))
    weighed, partly = (
        weigh(tests, now, health.early_mark, extent, provider_out=terms.provider_out) for extent in (HALF, FIFTH)
    )
    suspicious = weighed.suspicious or partly.lingers
    if health.state is State.FAILING and _has_recovered(health, tests, suspicious=suspicious):
        return _recovered(health, now)
    if health.state is State.OK and health.exceeded and (weighed.bad or partly.bad):
        health = replace(health, state=State.FAILING, since=now)
    if health.state is State.FAILING and not health.trouble_from and (began := _broken_from(weighed, partly)):
        health = replace(health, trouble_from=_beginning(health, began, now), since=now)
    suspicious = suspicious and health.state is not State.SETUP
    return replace(health, retest=_pace(health, tests, weighed.weight, suspicious=suspicious), slower=_slower(health))


def _broken_from(weighed: Weighed, partly: Weighed) -> Millis:
    """Give the first bad test if the weight is enough for an incident; otherwise 0."""
    if weighed.bad and weighed.weight >= BAR:
        return weighed.began
    return partly.began if partly.bad > 1 and partly.peak >= BAR else 0


def _has_recovered(health: DomainHealth, tests: Sequence[Recent], *, suspicious: bool) -> bool:
    """Say whether a failing domain has recovered.

    With an incident, that takes a streak that luck hardly gives at the loss rate seen; without one, that nothing is
    suspected.
    """
    if not health.trouble_from:
        return not suspicious
    of_trouble = [test for test in health.recent if not test.quiet and test.verdict is not Verdict.UNSENT]
    return streak_of(tests) >= streak_needed(of_trouble, health.trouble_from)


def _recovered(health: DomainHealth, now: Millis) -> DomainHealth:
    """Begin a clean window after the last test that came back on time. Tests still out are judged once back."""
    back = [test.sendtime for test in health.recent if test.verdict is Verdict.ONTIME]
    return replace(
        health,
        state=State.OK,
        since=now,
        clean_from=max(back, default=health.clean_from),
        window_counts={},
        exceeded=(),
        fell_from=health.trouble_from or health.fell_from,
        trouble_from=0,
        retest=0,
        slower=0,
    )


def accepted(health: DomainHealth, now: Millis) -> DomainHealth:
    """Accept a domain as it is: close its incident, and judge it only by tests sent from now on."""
    return replace(
        _recovered(health, now),
        clean_from=now,
        fell_from=0,
        relapses=0,
        incident="",
        last_incident=health.incident or health.last_incident,
    )


def _beginning(health: DomainHealth, began: Millis, now: Millis) -> Millis:
    """Give the first test that an incident rests on; after a relapse within a day, that of the incident before.

    So a domain that loses a fifth of its mail does not count as recovered whenever luck gives it a streak.
    """
    return health.fell_from if health.fell_from and now - health.fell_from < DAY else began


def _pace(health: DomainHealth, tests: Sequence[Recent], weight: float, *, suspicious: bool) -> int:
    """Give the pace of retests, 0 for none.

    While it is not yet clear what is wrong, and while the domain recovers: each minute. Once people are notified: less
    and less often. Never if a server refuses for good: asking again soon brings no news and another bounce.
    """
    if not tests or (tests[-1].cause in REFUSED and tests[-1].verdict.missed):
        return 0
    if not health.trouble_from:
        return (WITNESSED if weight >= LOST else 1) if suspicious else 0
    if health.streak:
        return 1
    failed = sum(1 for test in tests if test.sendtime > health.since)
    return BACK_OFF[min(failed, len(BACK_OFF) - 1)]


def _slower(health: DomainHealth) -> int:
    """Give how often the interval is doubled: once for each permanent refusal in a row after some hours of them."""
    finished = [test for test in health.recent if test.verdict not in (Verdict.UNSENT, Verdict.PENDING)]
    row = list(takewhile(lambda test: test.verdict.missed and test.cause in REFUSED, reversed(finished)))
    if not row:
        return 0
    since = row[-1].sendtime
    if len(row) == len(finished) and health.trouble_from:  # Tests each minute go back only an hour.
        since = min(since, health.trouble_from)
    return min(sum(test.sendtime >= since + PATIENT for test in row), SLOWEST)


def _by_limits(health: DomainHealth, terms: Terms, now: Millis) -> DomainHealth:
    """Judge as the wiki does: failing and incident are the same, and a domain in set-up raises alarms like any other."""
    if health.state is State.FAILING:
        health = _recovered_by_limits(health, terms.recover_after, now)
    elif health.exceeded and _no_hiccup(health, terms.open_after):
        fell_back = health.state is State.OK and now - health.since < DAY and health.last_incident
        relapses = min(health.relapses + 1, MOST_RELAPSES) if fell_back else 0
        first = next((test.sendtime for test in _bad(health)), now)
        health = replace(health, state=State.FAILING, since=now, relapses=relapses, trouble_from=first)
    elif health.state is State.SETUP and total(health.window_counts).total:
        health = replace(health, state=State.OK, since=now)
    retest = int(_wants_retest(health, terms.recover_after))
    return replace(health, retest=retest, slower=_slower(health))


def _recovered_by_limits(health: DomainHealth, recover_after: int, now: Millis) -> DomainHealth:
    if recover_after == 0:
        return health if health.exceeded else replace(health, state=State.OK, since=now, trouble_from=0)
    return _recovered(health, now) if health.streak >= streak_to_recover(health, recover_after) else health


def streak_to_recover(health: DomainHealth, recover_after: int) -> int:
    """Give how many on-time tests in a row end a failure by limits: twice as many for each relapse within a day."""
    return max(recover_after, min(recover_after << health.relapses, LONGEST_STREAK))


def needed(health: DomainHealth, terms: Terms) -> int | None:
    """Give how many more on-time tests in a row it takes to recover; None if no streak ends a failure."""
    if health.state is not State.FAILING:
        return None
    if terms.alarm_when is AlarmWhen.LIMITS:
        return max(0, streak_to_recover(health, terms.recover_after) - health.streak) if terms.recover_after else None
    tests = [test for test in health.recent if not test.quiet and test.verdict is not Verdict.UNSENT]
    began = health.trouble_from or next((test.sendtime for test in _bad(health)), 0)
    return max(0, streak_needed(tests, began) - health.streak)


def _no_hiccup(health: DomainHealth, open_after: int) -> bool:
    """Say whether there were open_after bad tests in a row, or twice as many scattered over the window.

    Counting in a row alone would never report a domain that loses every second mail.
    """
    counts = total(health.window_counts)
    scattered = counts.missed + counts.late >= 2 * open_after
    return open_after <= 1 or scattered or _longest_run(health) >= open_after


def _longest_run(health: DomainHealth) -> int:
    """Count the most bad tests in a row, in the order of sending, since the counts were wiped; maintenance left out."""
    longest = run = 0
    for test in _counted(health):
        run = 0 if test.verdict is Verdict.ONTIME else run + 1
        longest = max(longest, run)
    return longest


def _wants_retest(health: DomainHealth, recover_after: int) -> bool:
    """After a miss, retest soon, until the streak is back; but do not hammer a server that refuses for good.

    Nor one in maintenance, where a miss is no news.
    """
    bad = _bad(health, since=0)
    if not bad or health.streak >= max(1, streak_to_recover(health, recover_after)):
        return False
    if bad[-1].cause in REFUSED and health.streak == 0:
        return False
    return health.state is State.FAILING or bad[-1].verdict.missed


def _counted(health: DomainHealth, since: Millis | None = None) -> list[Recent]:
    """Give the tests that count: finished, sent, in no maintenance, after the last recovery."""
    since = health.clean_from if since is None else since
    return [
        test
        for test in health.recent
        if test.sendtime > since and not test.quiet and test.verdict not in (Verdict.UNSENT, Verdict.PENDING)
    ]


def _bad(health: DomainHealth, since: Millis | None = None) -> list[Recent]:
    return [test for test in _counted(health, since) if test.verdict is not Verdict.ONTIME]


def judged_anew(health: DomainHealth, domain: MailDomain, config: Config, now: Millis) -> DomainHealth:
    """Judge a domain's window as if these settings had always applied, with the real `judge`.

    So a failing domain does not fail here if nothing exceeds the limits; in reality it still needs its streak
    (`needed`).
    """
    health = replace(health, window_counts=trim(health.window_counts, config.window_hours, now))
    terms = terms_for(domain, config)
    anew = judge(
        replace(health, state=State.OK, trouble_from=0) if health.state is State.FAILING else health, terms, now
    )
    return anew if anew.state is not State.FAILING is health.state else judge(health, terms, now)


def main_cause(health: DomainHealth, terms: Terms) -> Why | None:
    """Give the cause of an open incident: what most of its bad tests say, weighted by how certain that is.

    After a relapse, only tests since the recovery in between count: something else may have broken now. Tests that were
    under way during a fault of our own do not count, and tests that are still out only where a server has deferred them.
    The reason is the newest that was given with that cause.
    """
    weights: dict[Cause, float] = {}
    reasons: dict[Cause, Reason | None] = {}
    since = max(health.trouble_from - 1, health.clean_from)
    for test in judged(health.recent, since, terms.faults, terms.maxreturntime):
        if test.cause and test.verdict is not Verdict.ONTIME:
            weights[test.cause] = weights.get(test.cause, 0.0) + certainty(test.cause)
            reasons[test.cause] = test.reason or reasons.get(test.cause)
    main = max(weights, key=weights.__getitem__, default=None)
    return Why(main, reasons[main]) if main else None
