"""The truth, from those who know: SES, which accepted the mails, and the customers, who sent them back.

A plain model of what MXTRAX has to find out. It knows no queues, records or retries; it gets which mails went out and
when each was back in the inbox, and says what each test must count as, and what the figures add up to.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from mxtrax.model import SECOND, Incident, MailDomain, MailTest, Millis, Stat, Verdict
from mxtrax.rules.selfcheck import ID
from mxtrax.rules.statistics import day_of
from tests.faults.world import Mail, Told


@dataclass
class Found:
    """What MXTRAX has found out of one domain."""

    tests: list[MailTest] = field(default_factory=list)
    stats: list[Stat] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    failing: bool = False


class Stretch(NamedTuple):
    """A time of maintenance of a domain, and since when it was planned."""

    begin: Millis
    end: Millis
    known: Millis


def verdicts_of(mails: Sequence[Mail], maxreturntime: int, max_sec_until_fail: int) -> set[Verdict]:
    """Give what a test may be counted as.

    There is one answer if one mail went out for it. If its sender died and another sent it again, it is measured from
    the sending that counts; so anything from the first to the last of them is right.
    """
    if not mails or all(mail.unsent for mail in mails):
        return {Verdict.UNSENT}
    back = [at for mail in mails for at in mail.back]
    if not back:
        return {Verdict.FAILED}
    first = min(back)
    return {_by_time(first - mail.at, maxreturntime, max_sec_until_fail) for mail in mails}


def _returned(test: MailTest, mails: Sequence[Mail]) -> Sequence[Mail]:
    """Count a bounce as a return if the test's domain returns mail in that way."""
    return [mail._replace(back=(*mail.back, *mail.bounced)) for mail in mails] if test.returns_bounce else mails


def _by_time(took: Millis, maxreturntime: int, max_sec_until_fail: int) -> Verdict:
    if took <= maxreturntime * SECOND:
        return Verdict.ONTIME
    return Verdict.LATE if took <= max_sec_until_fail * SECOND else Verdict.FAILED


def wrong_tests(mails: Iterable[Mail], tests: Iterable[MailTest]) -> Iterator[str]:
    """Find tests that are counted wrongly, mails without a test, and tests not yet counted."""
    by_test = defaultdict[str, list[Mail]](list)
    for mail in mails:
        by_test[mail.test].append(mail)
    known = set[str]()
    for test in tests:
        known.add(test.testid)
        right = verdicts_of(_returned(test, by_test[test.testid]), test.maxreturntime, test.max_sec_until_fail)
        if not test.incl_in_stat:
            yield f"{test.maildomain}, sent {test.sendtime}: {test.counted} and not final"
        elif test.counted not in right:
            yield f"{test.maildomain}, sent {test.sendtime}: {test.counted} instead of {sorted(right)}"
    for unknown in set(by_test) - known:
        if by_test[unknown]:
            yield f"{by_test[unknown][0]}: no such test is known"


def wrong_figures(tests: Sequence[MailTest], stats: Sequence[Stat]) -> Iterator[str]:
    """Find days whose figures are not what their tests add up to, each test in exactly one counter."""
    of_day = defaultdict[str, list[MailTest]](list)
    for test in tests:
        of_day[day_of(test.sendtime)].append(test)
    days = {stat.d: stat for stat in stats}
    for day in sorted(days.keys() | of_day.keys()):
        stat, sums = days.get(day) or Stat(maildomain="", d=day), _sums(of_day[day])
        for name, right in sums.items():
            if (found := getattr(stat, name)) != right:
                yield f"{day}, {name}: {found} instead of {right}"


def _sums(tests: Sequence[MailTest]) -> dict[str, object]:
    """Add the tests of a day up. What fell into maintenance is in the quiet counters alone, unless it never went out."""
    final, total, times = Counter[tuple[Verdict, bool]](), Counter[bool](), list[Millis]()
    for test in tests:
        total[test.quiet] += test.counted not in (Verdict.UNSENT, Verdict.PENDING)
        if test.incl_in_stat:
            final[test.counted, test.quiet] += 1
            if test.counted in (Verdict.ONTIME, Verdict.LATE) and not test.quiet:
                times.append(max(0, (test.receivetime or 0) - test.sendtime))
    counters = {"ontime_num": Verdict.ONTIME, "late_num": Verdict.LATE, "fail_num": Verdict.FAILED}
    return {
        **{name: final[verdict, False] for name, verdict in counters.items()},
        **{f"quiet_{name}": final[verdict, True] for name, verdict in counters.items()},
        "total_num": total[False],
        "quiet_total_num": total[True],
        "unsent_num": final[Verdict.UNSENT, False] + final[Verdict.UNSENT, True],
        "total_delivery_time": sum(times),
        "min_delivery_time": min(times, default=None),
        "max_delivery_time": max(times, default=None),
    }


def wrong_places(
    mails: Iterable[Mail], tests: Iterable[MailTest], windows: Mapping[str, Sequence[Stretch]], there: Container[str]
) -> Iterator[str]:
    """Find tests that are counted as maintenance although none of their domain touched them, or the other way round.

    Between sending and return, or when that was due, a window that was known before must count; one that was planned
    meanwhile may come too late for a test that had been counted by then. For a domain that no longer exists, nobody
    knows which windows applied.
    """
    by_test = defaultdict[str, list[Mail]](list)
    for mail in mails:
        by_test[mail.test].append(mail)
    for test in tests:
        sendings, of_domain = _returned(test, by_test[test.testid]), windows.get(test.maildomain, ())
        if not sendings:
            continue
        due = [(mail, mail.at + test.maxreturntime * SECOND) for mail in sendings]
        may = any(it.begin <= until and mail.at < it.end for it in of_domain for mail, until in due)
        must = test.maildomain in there and any(
            all(
                it.known <= mail.at and it.begin <= min((until, *mail.back)) and mail.at < it.end for mail, until in due
            )
            for it in of_domain
        )
        if test.counted is not Verdict.PENDING and not must <= test.quiet <= may:
            yield f"{test.maildomain}, sent {test.sendtime}: quiet is {test.quiet}"


def wrong_incidents(found: Mapping[str, Found], domains: Iterable[MailDomain], told: Iterable[Told]) -> Iterator[str]:
    """Find incidents that overlap, that are open although the domain is healthy, or that a channel was not notified of.

    Once people were notified of the monitor's own trouble, an incident may be held, or dropped when it has ended. Its
    end is left out if its domain fails again before that notice: then the relapse is the news, in the same thread.
    """
    heard = defaultdict[str, set[tuple[str, str]]](set)
    for each in told:
        heard[each.incident].add((each.channel, each.news))
    channels = {channel for news in heard.values() for channel, _ in news}
    ours = any(news == "opened" for _, news in heard[ID])
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
            if ours and incident.notified is None:
                continue
            if missing := channels - _know(incident, in_order, heard):
                news = "open" if incident.closed is None else "closed"
                yield f"{domain.key}: of {incident.id} ({news}), {sorted(missing)} were not told"


def _know(incident: Incident, all_of_it: Iterable[Incident], heard: Mapping[str, set[tuple[str, str]]]) -> set[str]:
    """Give the channels that know an incident's state: that it is over, or that its domain has failed again since."""
    opened = ("opened", "changed")  # what joins is a change
    if incident.closed is None:
        return {channel for channel, news in heard[incident.id] if news in opened}
    again = [it.id for it in all_of_it if it.again_of == incident.thread and it.opened >= incident.closed]
    over = {channel for channel, news in heard[incident.id] if news == "closed"}
    return over | {channel for number in again for channel, news in heard[number] if news in opened}
