"""Fold what is due: tests into Stat and DomainHealth, health into Incidents. The only writer of all three."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import batched
from typing import Final

from mxtrax.aws import sqs
from mxtrax.jobs.incidents import turned
from mxtrax.model import Config, DomainHealth, Incident, MailDomain, MailTest, Millis, Stat, Verdict, Window
from mxtrax.model.orders import NAMES_PER_ORDER, FoldOrder, ObserveOrder
from mxtrax.rules.cause import cause_of
from mxtrax.rules.health import judge
from mxtrax.rules.limits import effective
from mxtrax.rules.statistics import add_to_health, add_to_stat, day_of
from mxtrax.rules.status import listing_of
from mxtrax.rules.verdict import classify, due_after
from mxtrax.rules.windows import spoilt
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import fleet, fold, mailtests, runtime, stats, windows
from mxtrax.store.config import load_config
from mxtrax.store.fleet import Listed
from mxtrax.store.fold import Moved, Step, Turn
from mxtrax.store.health import health_by_key

PAGE: Final = 500
"""Tests that are read at once."""

TESTS_PER_FOLD: Final = 90
"""Tests in one transaction of 100, with room for Stat, DomainHealth and Incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What holds for all domains of one page. `to_observe` gathers whose servers are to be looked up."""

    now: Millis
    config: Config
    domains: dict[str, Listed] = field(default_factory=dict)
    windows: Sequence[Window] = ()
    to_observe: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a domain before a fold or after it; `listed` is None where it has been removed."""

    health: DomainHealth
    listed: Listed | None


def run(order: FoldOrder, now: Millis, settings: Settings, has_time: Callable[[], bool]) -> dict[str, int]:
    """Fold everything that is due in the order's shards, while there is time; the next run takes up what is left."""
    config = load_config(settings.initial)
    maintenance: Sequence[Window] | None = None
    folded = lost = 0
    to_observe = set[str]()
    for tests in _due(order.shards, now, has_time):
        if maintenance is None:  # Of a minute in which nothing is due, nothing more is read.
            maintenance = windows.everything()
        done, missed = _fold_page(tests, Round(now=now, config=config, windows=maintenance, to_observe=to_observe))
        folded, lost = folded + done, lost + missed
    orders = [(ObserveOrder(domains=some), 0) for some in batched(sorted(to_observe), NAMES_PER_ORDER, strict=False)]
    sqs.queue_all(settings.observe_queue, orders)
    runtime.heartbeat("aggregate", now)
    count("TestsFolded", folded)
    count("FoldsLost", lost)
    return {"folded": folded, "lost": lost}


def _due(shards: Sequence[int], now: Millis, has_time: Callable[[], bool]) -> Iterator[Sequence[MailTest]]:
    """Give what is due in the shards, some hundred tests at a time, while there is time.

    The shards are put together first, so that what goes with their tests is read in few calls.
    """
    seen = set[str]()
    while True:
        pages = [mailtests.due(shard, now, PAGE) for shard in shards]
        fresh = [testid for page in pages for testid in page if testid not in seen]
        seen.update(fresh)
        for chunk in batched(fresh, PAGE, strict=False):
            if not has_time():
                logger.warning("time ran out; the next run goes on", shards=list(shards))
                count("AggregateOutOfTime")
                return
            if tests := mailtests.still_due(chunk, now):
                yield tests
        if not fresh or all(len(page) < PAGE for page in pages):
            return


def _fold_page(tests: Sequence[MailTest], this: Round) -> tuple[int, int]:
    """Fold a page of tests by domain; give how many tests were folded, and how many folds somebody else was quicker in."""
    by_domain = defaultdict[str, list[MailTest]](list)
    for test in tests:
        by_domain[test.maildomain].append(test)
    this.domains.update(fleet.listed(by_domain))
    known = health_by_key(by_domain)
    days = stats.of_days({(test.maildomain, day_of(test.sendtime)) for test in tests})
    folded = lost = 0
    for key, of_domain in by_domain.items():
        done, missed = _fold_domain(of_domain, known[key], days, this)
        folded, lost = folded + done, lost + missed
    if any(classify(test, this.now) is Verdict.UNSENT for test in tests):
        runtime.heartbeat("unsent", this.now)  # No incident comes of it; alert is to look whether we can send at all.
    return folded, lost


def _fold_domain(
    tests: Sequence[MailTest], health: DomainHealth, days: dict[tuple[str, str], Stat], this: Round
) -> tuple[int, int]:
    by_day = defaultdict[str, list[MailTest]](list)
    for test in sorted(tests, key=lambda test: test.sendtime):
        by_day[day_of(test.sendtime)].append(test)
    known, folded = Known(health=health, listed=this.domains.get(health.maildomain)), 0
    for day, of_day in by_day.items():
        stat = days[health.maildomain, day]
        for chunk in batched(of_day, TESTS_PER_FOLD, strict=False):
            after = _fold(chunk, stat, known, this)
            if after is None:
                return folded, 1  # The records have moved on; the next run reads them afresh.
            stat, known = after
            folded += len(chunk)
    return folded, 0


def _fold(tests: Sequence[MailTest], stat: Stat, known: Known, this: Round) -> tuple[Stat, Known] | None:
    """Fold tests of one domain and day. Give what is known then, None where somebody was quicker."""
    domain = known.listed.domain if known.listed else None
    steps, after = [], known.health
    for read in tests:
        test, verdict = _in_its_place(read, domain, this), classify(read, this.now)
        steps.append(Step(test=test, verdict=verdict, due=due_after(test, verdict)))
        if verdict is not test.counted:
            stat = add_to_stat(stat, test, verdict)
        elif verdict is not Verdict.OVERDUE:  # An overdue one may be here for evidence that came late.
            continue
        if domain and not test.unjudged:
            cause = cause_of(test, verdict)
            after = add_to_health(after, test, verdict, cause, this.config.window_hours, this.now)
    if known.listed:
        after = replace(after, provider=known.listed.listing.provider)
    turn: Turn | None = None
    if domain and not domain.maintmode:
        config = this.config
        after = judge(after, effective(domain, config), config.recover_after, this.now, config.open_after)
        after, turn = turned(known.health, after, domain, steps, this.now, config.timezone)
    moved = _moved(known.listed, after)
    if not fold.commit(steps, stat, after, turn, moved):
        return None
    if known.listed and (isinstance(turn, Incident) or not known.listed.observed):
        this.to_observe.add(after.maildomain)
    for step in steps:
        count(f"Test{step.verdict.capitalize()}")
    listed = known.listed._replace(listing=moved.to) if known.listed and moved else known.listed
    return replace(stat, version=stat.version + 1), Known(
        health=replace(after, version=after.version + 1), listed=listed
    )


def _moved(listed: Listed | None, health: DomainHealth) -> Moved | None:
    """Give where a domain moves to in the lists, however it came to stand where it does not belong."""
    if listed is None:
        return None
    to = listing_of(health, maintmode=listed.domain.maintmode)
    return None if to == listed.listing else Moved(to=to, maintmode=listed.domain.maintmode)


def _in_its_place(test: MailTest, domain: MailDomain | None, this: Round) -> MailTest:
    """Mark what nobody is to be judged by, before it is first counted: a test stays in the figures that it began in."""
    if test.counted is not Verdict.PENDING:
        return test
    quiet = domain is not None and spoilt(this.windows, domain, test)
    return replace(test, quiet=quiet, unjudged=domain is None or domain.maintmode)
