"""Fold what is due: tests into Stat and DomainHealth, health into Incidents. The only writer of all three."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field, replace
from functools import cache
from itertools import batched, chain
from typing import Final

from mxtrax.aws import sqs
from mxtrax.frozen import dataclass
from mxtrax.jobs import folds
from mxtrax.jobs.folds import Drafts
from mxtrax.jobs.incidents import turned, unreached
from mxtrax.model import (
    SECOND,
    Config,
    DomainHealth,
    Incident,
    MailDomain,
    MailTest,
    Millis,
    Stat,
    Stretch,
    Verdict,
    Window,
)
from mxtrax.model.orders import NAMES_PER_ORDER, FoldOrder, ObserveOrder, Wake
from mxtrax.rules import counters
from mxtrax.rules.cause import why
from mxtrax.rules.evidence import is_unreached, without_ours
from mxtrax.rules.health import judge, terms_for
from mxtrax.rules.marks import LONGEST_FRESH
from mxtrax.rules.schedule import shard_of
from mxtrax.rules.selfcheck import is_own_loop
from mxtrax.rules.statistics import add_to_health, add_to_stat, day_of
from mxtrax.rules.status import listing_of
from mxtrax.rules.verdict import classify, due_after, is_suspicious, is_worth_a_look, wants_a_fold
from mxtrax.rules.vitals import LOOP
from mxtrax.rules.windows import spoilt
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import fleet, mailtests, runtime, stats, windows
from mxtrax.store.config import load_config
from mxtrax.store.fleet import Listed
from mxtrax.store.fold import Amendment, Fold, Moved, Step, Turn
from mxtrax.store.health import health_by_key

PAGE: Final = 500
"""Tests that are read at once."""

TESTS_PER_FOLD: Final = 90
"""Tests in one transaction of 100, with room for Stat, DomainHealth and Incident."""


LEEWAY: Final = 10 * SECOND
"""How much more than a minute after this fold the next one may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What is shared by all domains of one run.

    `to_observe` gathers the domains whose servers need a look-up, `woken` why alert must look at once, `counted` what the
    metrics count. `out` gives the domains of each provider whose incident says that no server could be reached; it is read
    once, when first asked.
    """

    now: Millis
    config: Config
    domains: dict[str, Listed] = field(default_factory=dict)
    windows: Sequence[Window] = ()
    faults: Sequence[Stretch] = ()
    to_observe: set[str] = field(default_factory=set)
    woken: set[str] = field(default_factory=set)
    counted: Counter[str] = field(default_factory=Counter)
    out: Callable[[], Mapping[str, AbstractSet[str]]] = field(default_factory=lambda: cache(unreached))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about a domain before or after a fold; `listed` is None if it has been removed."""

    health: DomainHealth
    listed: Listed | None


def run(order: FoldOrder, now: Millis, settings: Settings, has_time: Callable[[], bool]) -> dict[str, int]:
    """Fold everything that is due in the order's shards, while there is time; the next run continues."""
    this: Round | None = None
    out = list[MailTest]()
    folded = lost = 0
    for read in _open(order, now, has_time):
        tests = [test for test in read if wants_a_fold(test, now)]
        out += (test for test in read if not wants_a_fold(test, now))
        if not tests:
            continue
        if this is None:  # In a minute in which nothing is due, nothing more is read.
            this = _round(now, settings)
        done, missed = _fold_page(tests, this, folds.PER_SECOND * len(order.shards))
        folded, lost = folded + done, lost + missed
    if this:
        _pass_on(this, settings)
        runtime.count_tests(this.counted, now)
    if order.ahead:
        _look_ahead(out, now, settings)
    runtime.heartbeat("aggregate", now)
    count("AggregateRounds")
    count("TestsFolded", folded)
    count("FoldsLost", lost)
    return {"folded": folded, "lost": lost}


def _round(now: Millis, settings: Settings) -> Round:
    return Round(
        now=now,
        config=load_config(settings.initial),
        domains={},
        windows=windows.everything(),
        faults=runtime.faults(),
    )


def _pass_on(this: Round, settings: Settings) -> None:
    """Wake alert if it must look at once, and order look-ups of servers for the domains that need one."""
    if this.woken:
        sqs.queue_all(settings.alert_queue, [(Wake(), 0)])
    names = batched(sorted(this.to_observe), NAMES_PER_ORDER, strict=False)
    sqs.queue_all(settings.observe_queue, [(ObserveOrder(domains=some), 0) for some in names])


def _look_ahead(out: Sequence[MailTest], now: Millis, settings: Settings) -> None:
    """Order a fold for each second in which a test becomes suspicious or overdue before the next minute's fold.

    Tests that have not been out for longer than usual are left to the next fold: nearly all of them are back by then.
    If a message is lost, the next minute makes up for it.
    """
    until = now + settings.minute_seconds * SECOND + LEEWAY
    seconds = defaultdict[int, set[int]](set)
    for test in out:
        if test.due is not None and test.due <= until and is_worth_a_look(test, now):
            seconds[(test.due - now) // SECOND + 1].add(shard_of(test.maildomain))
    by_second = [(tuple(sorted(each)), delay) for delay, each in sorted(seconds.items())]
    orders = [(FoldOrder(shards=each, due_only=True), delay) for each, delay in by_second]
    if orders:
        sqs.queue_all(settings.aggregate_queue, orders)
        count("FoldsAhead", len(orders))


def _open(order: FoldOrder, now: Millis, has_time: Callable[[], bool]) -> Iterator[Sequence[MailTest]]:
    """Read the tests in the shards that may need a fold, some hundred at a time, while there is time.

    A test that came back is still where send put it in the index, so the fold reads that far ahead. The shards are
    merged first, so that the records that go with their tests are read in few calls.
    """
    until = now if order.due_only else now + LONGEST_FRESH
    ids = chain.from_iterable(mailtests.due(shard, until) for shard in order.shards)
    for chunk in batched(ids, PAGE, strict=False):
        if not has_time():
            logger.warning("time ran out; the next run goes on", shards=list(order.shards))
            count("AggregateOutOfTime")
            return
        yield mailtests.still_open(chunk)


def _fold_page(tests: Sequence[MailTest], this: Round, per_second: float) -> tuple[int, int]:
    """Fold a page of tests by domain; give how many tests were folded, and how many folds another writer beat us to."""
    by_domain = defaultdict[str, list[MailTest]](list)
    for test in tests:
        by_domain[test.maildomain].append(test)
    this.domains.update(fleet.listed(by_domain))
    known = health_by_key(by_domain)
    days = stats.of_days({(test.maildomain, day_of(test.sendtime)) for test in tests})
    drafts = {key: _drafts(each, known[key], days, this) for key, each in by_domain.items()}
    folded, lost = folds.commit(drafts, per_second)
    if any(classify(test, this.now) is Verdict.UNSENT for test in tests):
        runtime.heartbeat("unsent", this.now)  # It makes no incident, but alert must check whether we can send at all.
        this.woken.add("unsent")
    return folded, lost


def _drafts(
    tests: Sequence[MailTest], health: DomainHealth, days: Mapping[tuple[str, str], Stat], this: Round
) -> Drafts:
    """Draft the folds of a domain, each based on the one before. If one is lost, the next run reads afresh."""
    by_day = defaultdict[str, list[MailTest]](list)
    for test in sorted(tests, key=lambda test: test.sendtime):
        by_day[day_of(test.sendtime)].append(test)
    known = Known(health=health, listed=this.domains.get(health.maildomain))
    for day, of_day in by_day.items():
        stat = days[health.maildomain, day]
        for chunk in batched(of_day, TESTS_PER_FOLD, strict=False):
            draft = _draft(chunk, stat, known, this)
            if not (yield draft):
                return
            stat, known = _after(draft, known, this)


def _draft(tests: Sequence[MailTest], stat: Stat, known: Known, this: Round) -> Fold:
    """Give the result of tests of one domain and day."""
    domain = known.listed.domain if known.listed else None
    steps, after = [], known.health
    for read in tests:
        test, verdict = _in_its_place(read, domain, this), classify(read, this.now)
        steps.append(Step(test=test, verdict=verdict, due=due_after(test, verdict, this.now)))
        if verdict is not test.counted:
            stat = add_to_stat(stat, test, verdict)
        elif not (verdict is Verdict.OVERDUE or is_suspicious(test, this.now)):
            continue  # An overdue test may be here because of late evidence.
        if domain and not test.unjudged and test.sendtime >= domain.added:
            said = why(without_ours(test, this.faults), verdict)
            after = add_to_health(after, test, verdict, said, this.config.window_hours, this.now)
    if known.listed:
        after = replace(after, provider=known.listed.listing.provider)
    turn: Turn | None = None
    if domain and not domain.maintmode:
        terms = terms_for(domain, this.config, this.faults, provider_out=_provider_is_out(after, this))
        after = judge(after, terms, this.now)
        after, turn = turned(known.health, after, domain, steps, terms, this.now, this.config.timezone)
    return Fold(steps=steps, stat=stat, health=after, turn=turn, moved=_moved(known.listed, after))


def _provider_is_out(health: DomainHealth, this: Round) -> bool:
    """Say whether at another domain of its provider no server can be reached, where that is what its own tests say."""
    if not health.provider or health.incident or not any(is_unreached(it.cause, it.reason) for it in health.recent):
        return False
    return bool(this.out().get(health.provider, frozenset[str]()) - {health.maildomain})


def _after(done: Fold, before: Known, this: Round) -> tuple[Stat, Known]:
    """Note what a fold needs from other jobs, and give what is known after it."""
    after, listed = done.health, before.listed
    if listed and (isinstance(done.turn, Incident) or not listed.observed):
        this.to_observe.add(after.maildomain)
    domain = listed.domain if listed else None
    _note_loop(domain, done.steps, this.config)
    _wake(before.health, after, domain, done.turn, this)
    for step in done.steps:
        count(f"Test{step.verdict.capitalize()}")
        this.counted.update(counters.of(step.test, step.verdict))
    if listed and done.moved:
        listed = listed._replace(listing=done.moved.to)
    return replace(done.stat, version=done.stat.version + 1), Known(
        health=replace(after, version=after.version + 1), listed=listed
    )


def _wake(before: DomainHealth, after: DomainHealth, domain: MailDomain | None, turn: Turn | None, this: Round) -> None:
    """Note why alert must look at once: an incident opens, ends or changes its cause; a control is late or answers."""
    if before.incident != after.incident or (isinstance(turn, Amendment) and turn.look):
        this.woken.add("incident")
    if domain and domain.control and (before.retest or after.retest or before.state is not after.state):
        runtime.heartbeat("control", this.now)
        this.woken.add("control")


def _note_loop(domain: MailDomain | None, steps: Sequence[Step], config: Config) -> None:
    """Note when our own loop has come back: watch relies on it."""
    if domain and domain.control and is_own_loop(domain, config):
        back = [step.test.receivetime for step in steps if step.test.receivetime is not None]
        if back:
            runtime.heartbeat(LOOP, max(back))


def _moved(listed: Listed | None, health: DomainHealth) -> Moved | None:
    """Give a domain's new place in the lists, however it got into a wrong one."""
    if listed is None:
        return None
    to = listing_of(health, maintmode=listed.domain.maintmode)
    return None if to == listed.listing else Moved(to=to, maintmode=listed.domain.maintmode)


def _in_its_place(test: MailTest, domain: MailDomain | None, this: Round) -> MailTest:
    """Mark tests by which no domain is judged, before they are first counted: a test stays in its first figures."""
    if test.counted is not Verdict.PENDING:
        return test
    quiet = domain is not None and spoilt(this.windows, domain, test)
    another = domain is None or test.sendtime < domain.added  # its address has been removed since, or belongs to
    # another domain now
    return replace(test, quiet=quiet, unjudged=another or (domain is not None and domain.maintmode))
