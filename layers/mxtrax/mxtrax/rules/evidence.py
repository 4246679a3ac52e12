"""The weight of evidence for and against a fault of a domain: a sequential test over its latest tests.

Each test adds the logarithm of how much likelier it is if mail is broken than if all is well (Wald's sequential test,
kept at or above zero as Page's CUSUM does). One hiccup never reaches the bar: a loss now and then is normal in mail. A
few in a row do, and a permanent refusal does at once. A few among many do so by a second sum, which looks for a partial
loss. The weights are natural logarithms of ratios that the simulation draws and `make alarms` checks.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from mxtrax.frozen import dataclass
from mxtrax.model import HOUR, SECOND, Cause, MailTest, Millis, Reason, Recent, Stretch, Verdict
from mxtrax.rules.causes_table import REFUSED
from mxtrax.rules.verdict import UNREACHED as UNREACHED_BY

BAR: Final = 6.5
"""The weight from which an incident opens: broken is some 650 times likelier than well."""

CLEAR: Final = 0.5
"""The weight below which nothing is suspected any more."""

LOST: Final = 3.9
"""Half of all mail is lost if something is broken (flapping, overload), 1 % if all is well."""

DEFERRED: Final = 3.0
UNREACHED: Final = 4.5
"""A refused connection or a name that does not resolve: hardly ever a hiccup, and none where it is the provider's."""

GREYLISTED: Final = 1.2
GREYLISTED_MOST: Final = 4.2
"""What greylisted tests add at most while they are out: together with a loss, or with others that came back late, they
open an incident."""

GREY_NEAR: Final[Millis] = HOUR
"""How near a silent test must be to one whose server said "greylisted" to count as greylisted, too."""

GREY_LONGEST: Final[Millis] = 2 * HOUR
"""How long greylisting may keep a mail: even slow senders retry once an hour."""

PERMANENT: Final = 7.0
OUT: Final = 1.5
OUT_LONG: Final = 2.6
"""For a test that is past its early mark, and for one that has been out twice as long: not yet lost, not yet late."""

TOLD_BY_SMTP: Final = REFUSED | {Cause.DEFERRED}
"""What servers said before anything had to reach our inbox: no fault of that inbox can cause it."""

CERTAINTY: Final = {
    **dict.fromkeys(REFUSED, 4.0),
    Cause.DEFERRED: 2.0,
    Cause.SLOW_OUTBOUND: 2.0,
    Cause.SLOW_INSIDE: 2.0,
    Cause.SLOW_RETURN: 2.0,
    Cause.ACCEPTED_THEN_LOST: 1.0,
    Cause.NO_WORD: 0.4,
}
"""What a server said outweighs what merely did not happen."""

LUCK: Final = 0.01
"""A streak of on-time tests ends an incident if it is this unlikely by luck alone, at the loss rate seen. There is a
chance each minute, so luck has many tries: with a fifth lost, it succeeds once in seven hours."""

PARTLY: Final = 0.2
"""The highest loss rate that is assumed for a domain if some mail came back amid the losses: an incident opens on a run
of bad luck, in which the rate looks higher."""

SHORTEST_STREAK: Final = 2
LONGEST_STREAK: Final = 30


class Extent(NamedTuple):
    """How much may be broken: what a test on time then subtracts, and the part of each weight that a bad one adds."""

    ontime: float
    part: float = 1.0
    greylisting: bool = True


HALF: Final = Extent(ontime=-0.68)
"""Half of all mail is lost, or more."""

FIFTH: Final = Extent(ontime=-0.22, part=3.3 / LOST, greylisting=False)
"""A fifth is lost, beside one in 130: most tests come back. Three losses among fifteen on time open an incident."""

ONCE_MORE: Final = 1.8
"""The weight of a single loss below which no partial loss is looked for any more: after seven tests on time."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weight of a domain's tests, and what it rests on: when the first of them was sent (0: none), and how many.

    `bad` are those that went wrong, except those that greylisting delays, `out` those that are past their early mark and
    not back. `peak` is the highest weight since then: a loss becomes known minutes after the tests that follow it.
    """

    weight: float = 0.0
    began: Millis = 0
    bad: int = 0
    out: int = 0
    peak: float = 0.0

    @property
    def suspicious(self) -> bool:
        """True if the domain is worth a closer look."""
        return self.out > 0 or self.weight >= CLEAR

    @property
    def lingers(self) -> bool:
        """True if a partial loss is worth a closer look: for longer after a second loss than after a single one."""
        return self.weight >= (CLEAR if self.bad > 1 else ONCE_MORE)


def weigh(
    tests: Iterable[Recent], now: Millis, mark: int, extent: Extent = HALF, *, provider_out: bool = False
) -> Weighed:
    """Weigh judged tests in the order of sending; `mark` is the domain's early mark in seconds.

    With `provider_out`, other domains of its provider say that no server could be reached.
    """
    tests = tuple(tests)
    told = [test.sendtime for test in tests if test.reason is Reason.GREYLISTED]
    weight, began, bad, out, peak, greyed = 0.0, 0, 0, 0, 0.0, 0.0
    for test in tests:
        if test.verdict is Verdict.ONTIME:
            weight = max(0.0, weight + extent.ontime)
            greyed = min(greyed, weight)
            began, bad, peak = (began, bad, peak) if weight else (0, 0, 0.0)
            continue
        grey = _is_greylisted(test, told, now)
        if grey and not extent.greylisting:
            continue
        out += test.verdict is Verdict.PENDING
        bad += test.verdict is not Verdict.PENDING and not (grey and test.took is None)
        began = began or test.sendtime
        adds = weight_of(test, now, mark, grey=grey, provider_out=provider_out) * extent.part
        if grey and test.took is None:
            adds = min(adds, max(0.0, GREYLISTED_MOST - greyed))
            greyed += adds
        weight += adds
        peak = max(peak, weight)
    return Weighed(weight, began, bad, out, peak)


def _is_greylisted(test: Recent, told: Sequence[Millis], now: Millis) -> bool:
    """Say whether a test was greylisted: its server said so, or it is silent near one that was; never for too long."""
    if test.took is None and now - test.sendtime >= GREY_LONGEST:
        return False
    if test.reason is Reason.GREYLISTED:
        return True
    silent = test.cause in (None, Cause.NO_WORD, Cause.SLOW_OUTBOUND)
    return silent and any(abs(test.sendtime - at) <= GREY_NEAR for at in told)


def weight_of(test: Recent, now: Millis, mark: int, *, grey: bool, provider_out: bool = False) -> float:
    """Give what a test that is not on time adds; `grey` says that greylisting delays it."""
    if test.cause in REFUSED:
        return PERMANENT
    if is_unreached(test.cause, test.reason):
        return PERMANENT if provider_out else UNREACHED
    if test.verdict is Verdict.PENDING:
        weight = OUT_LONG if now - test.sendtime >= 2 * mark * SECOND else OUT
        return min(weight, GREYLISTED / 2) if grey else weight
    if grey:
        return GREYLISTED
    return DEFERRED if test.cause is Cause.DEFERRED else LOST


def is_unreached(cause: Cause | None, reason: Reason | None) -> bool:
    """Say whether there was no server to talk to."""
    return cause is Cause.DEFERRED and reason in UNREACHED_BY


def judged(
    recent: Sequence[Recent], clean_from: Millis, faults: Sequence[Stretch], maxreturntime: int
) -> Iterator[Recent]:
    """Give the tests that a domain is judged by: since its last recovery, without maintenance and faults of ours."""
    for test in recent:
        if test.sendtime <= clean_from or test.quiet or test.verdict is Verdict.UNSENT:
            continue
        if test.cause is Cause.MONITOR_FAULT:
            continue
        if test.cause in TOLD_BY_SMTP or not spoilt(test, faults, maxreturntime):
            yield test


def spoilt(test: Recent, faults: Sequence[Stretch], maxreturntime: int) -> bool:
    """Say whether a test was under way during a fault of our own, until it was back or should have been."""
    limit = maxreturntime * SECOND
    until = test.sendtime + (limit if test.took is None else min(test.took, limit))
    return any(it.began <= until and (it.ended is None or test.sendtime <= it.ended) for it in faults)


def without_ours(test: MailTest, faults: Sequence[Stretch]) -> MailTest:
    """Ignore that a server accepted an earlier test during a fault of ours: nobody knows what has become of it since."""
    taken = test.delivered
    if test.receivetime is not None or not taken:
        return test
    ours = any(test.sendtime < it.began <= taken.at and (it.ended is None or taken.at <= it.ended) for it in faults)
    return replace(test, delivered=None) if ours else test


def streak_of(tests: Sequence[Recent]) -> int:
    """Count the on-time tests since the last that was not, in the order of sending; an unsent one says nothing.

    One that is out past its early mark ends the streak: a lost test takes minutes to be known, one on time only
    seconds, so a domain that loses every second mail would seem to have a streak.
    """
    streak = 0
    for test in reversed(tests):
        if test.verdict is Verdict.UNSENT:
            continue
        if test.verdict is not Verdict.ONTIME:
            break
        streak += 1
    return streak


def streak_needed(tests: Sequence[Recent], began: Millis) -> int:
    """Give how many on-time tests in a row end an incident: more than luck is likely to give at its loss rate."""
    of_it = [test for test in tests if test.sendtime >= began]
    while of_it and of_it[-1].verdict is Verdict.ONTIME:
        of_it.pop()
    bad = sum(test.verdict is not Verdict.ONTIME for test in of_it)
    if bad == len(of_it):
        return SHORTEST_STREAK
    needed = math.ceil(math.log(LUCK) / math.log(1 - min(PARTLY, bad / len(of_it))))
    return max(SHORTEST_STREAK, min(needed, LONGEST_STREAK))


def certainty(cause: Cause | None) -> float:
    """Give how certain a cause is, beside others."""
    return CERTAINTY.get(cause, 1.0) if cause else 0.0
