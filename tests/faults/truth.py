"""What is true, told by those who know: SES, which took the mails, and the customers, who sent them back.

A plain model of what MXTRAX has to find out. It knows nothing of queues, records or retries; it is told which mails went
out and when each was back in the inbox, and says what each test has to be counted as, and what the figures add up to.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mxtrax.model import SECOND, Incident, MailDomain, MailTest, Millis, Stat, Verdict
from tests.faults.world import Mail, Told


@dataclass
class Found:
    """What MXTRAX has found out of one domain."""

    tests: list[MailTest] = field(default_factory=list)
    stats: list[Stat] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    failing: bool = False


def verdicts_of(mails: Sequence[Mail], maxreturntime: int, max_sec_until_fail: int) -> set[Verdict]:
    """Give what a test may be counted as.

    There is one answer where one mail went out for it. Where its sender died and another sent it anew, it is measured from
    the sending that counts; so from the first to the last of them, any is right.
    """
    if not mails or all(mail.unsent for mail in mails):
        return {Verdict.UNSENT}
    back = [at for mail in mails for at in mail.back]
    if not back:
        return {Verdict.FAILED}
    first = min(back)
    return {_by_time(first - mail.at, maxreturntime, max_sec_until_fail) for mail in mails}


def _by_time(took: Millis, maxreturntime: int, max_sec_until_fail: int) -> Verdict:
    if took <= maxreturntime * SECOND:
        return Verdict.ONTIME
    return Verdict.LATE if took <= max_sec_until_fail * SECOND else Verdict.FAILED


def wrong_tests(mails: Iterable[Mail], tests: Iterable[MailTest]) -> Iterator[str]:
    """Find tests that are not counted as what they were, mails of which there is no test, and tests not yet counted."""
    by_test = defaultdict[str, list[Mail]](list)
    for mail in mails:
        by_test[mail.test].append(mail)
    known = set[str]()
    for test in tests:
        known.add(test.testid)
        right = verdicts_of(by_test[test.testid], test.maxreturntime, test.max_sec_until_fail)
        if not test.incl_in_stat:
            yield f"{test.maildomain}, sent {test.sendtime}: {test.counted} and not final"
        elif test.counted not in right:
            yield f"{test.maildomain}, sent {test.sendtime}: {test.counted} instead of {sorted(right)}"
    for unknown in set(by_test) - known:
        if by_test[unknown]:
            yield f"{by_test[unknown][0]}: no such test is known"


def wrong_figures(tests: Sequence[MailTest], stats: Sequence[Stat]) -> Iterator[str]:
    """Find figures that are not what their tests add up to, each test in exactly one counter."""
    verdicts = Counter(test.counted for test in tests if test.incl_in_stat)
    sums = {
        Verdict.ONTIME: sum(stat.ontime_num for stat in stats),
        Verdict.LATE: sum(stat.late_num for stat in stats),
        Verdict.FAILED: sum(stat.fail_num for stat in stats),
        Verdict.UNSENT: sum(stat.unsent_num for stat in stats),
    }
    yield from (f"{name}: {sums[name]} instead of {verdicts[name]}" for name in sums if sums[name] != verdicts[name])
    counted = sum(test.counted not in (Verdict.UNSENT, Verdict.PENDING) for test in tests)
    if (total := sum(stat.total_num for stat in stats)) != counted:
        yield f"total: {total} instead of {counted}"


def wrong_incidents(found: Mapping[str, Found], domains: Iterable[MailDomain], told: Iterable[Told]) -> Iterator[str]:
    """Find incidents that overlap, that stand open beside a healthy domain, or of which a channel was not told."""
    heard = defaultdict[str, set[tuple[str, str]]](set)
    for each in told:
        heard[each.incident].add((each.channel, each.news))
    channels = {channel for news in heard.values() for channel, _ in news}
    for domain in domains:
        it = found[domain.key]
        in_order = sorted(it.incidents, key=lambda incident: incident.opened)
        for earlier, later in pairwise(in_order):
            if earlier.closed is None or earlier.closed > later.opened:
                yield f"{domain.key}: incidents {earlier.id} and {later.id} overlap"
        still_open = [incident.id for incident in in_order if incident.closed is None]
        if len(still_open) != it.failing:
            yield f"{domain.key}: failing is {it.failing}, open incidents are {still_open}"
        for incident in in_order:
            last = "closed" if incident.closed is not None else "open"
            if missing := {channel for channel in channels if (channel, last) not in heard[incident.id]}:
                yield f"{domain.key}: of {incident.id} ({last}), {sorted(missing)} were not told"
