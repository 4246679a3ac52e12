"""The final state, and what must be right about it in any case."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mxtrax.model import DAY, MONITOR, MailTest, Stat, Verdict
from mxtrax.rules.cause import cause_of
from mxtrax.rules.statistics import total
from mxtrax.store import fleet, incidents, mailtests, mapping, rollups, stats
from mxtrax.store.health import health_of
from mxtrax.store.tables import RollupRow
from tests.faults.truth import wrong_tests
from tests.faults.world import World


@dataclass
class Outcome:
    """The final state. Each part is compared with that of the undisturbed life.

    `times` are delivery times: they may differ if a mail really was sent again, because its sender died before it could
    record that SES had accepted it; then the second mail's sendtime counts. `copies` are the mails that came back for a
    test.
    """

    tests: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    times: dict[str, list[Any]] = field(default_factory=dict)
    copies: dict[str, list[int]] = field(default_factory=dict)
    accepted: dict[str, list[bool]] = field(default_factory=dict)
    stats: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    health: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    incidents: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    rollups: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    inbox: list[str] = field(default_factory=list)
    unmatched: int = 0
    dead: list[str] = field(default_factory=list)
    waiting: int = 0


def outcome(it: World, shards: int) -> Outcome:
    """Read what is left when all is over."""
    end = Outcome(
        inbox=it.stage.inbox(),
        unmatched=len(it.stage.inbox("unmatched/")),
        dead=[event.job for event in it.dead],
        waiting=sum(len(mailtests.due(shard, it.now + 400 * DAY, 1000)) for shard in range(shards)),
    )
    for domain in sorted(fleet.everyone(), key=lambda domain: domain.key):
        key = domain.key
        tests = sorted(mailtests.of_domain(key), key=lambda test: test.sendtime)
        days = list(stats.of_domain(key))
        end.tests[key] = [_test(test) for test in tests]
        end.copies[key] = [len(test.seen) for test in tests]
        end.accepted[key] = [test.accepted is not None for test in tests]
        end.times[key] = [(test.receivetime or test.sendtime) - test.sendtime for test in tests]
        end.times[key] += [_times(stat) for stat in days]
        end.stats[key] = [(stat.d, *_counters(stat)) for stat in days]
        end.stats[key] += [("counted apart", *problem) for problem in counted_apart(tests, days)]
        end.health[key] = _health(key)
        end.incidents[key] = _incidents(key)
    end.incidents[MONITOR] = _incidents(MONITOR)
    sums = (mapping.rollup(row) for row in RollupRow.scan() if row.d != rollups.RECENT)
    end.rollups = {f"{each.maildomain} on {each.d}": _counters(each) for each in sums}
    return end


def unsound(it: World, end: Outcome) -> Iterator[str]:
    """Find what is wrong with an outcome in itself: something is left over, or its verdicts are not the truth."""
    left = {"the inbox": end.inbox, "the dead letters": end.dead, "the due index": end.waiting}
    yield from (f"left in {where}: {what}" for where, what in left.items() if what)
    yield from (f"{key}: {stat}" for key, stats in end.stats.items() for stat in stats if stat[0] == "counted apart")
    plain = [domain for domain in fleet.everyone() if not domain.returns_bounce]
    tests = [test for domain in plain for test in mailtests.of_domain(domain.key)]
    yield from wrong_tests([mail for mail in it.mails if mail.to in {domain.address for domain in plain}], tests)


def counted_apart(tests: list[MailTest], stats: list[Stat]) -> list[tuple[Any, ...]]:
    """Find days whose figures are not those of their tests, each in exactly one counter."""
    verdicts = Counter(test.counted for test in tests if test.incl_in_stat)
    sums = {
        Verdict.ONTIME: sum(stat.ontime_num for stat in stats),
        Verdict.LATE: sum(stat.late_num for stat in stats),
        Verdict.FAILED: sum(stat.fail_num for stat in stats),
        Verdict.UNSENT: sum(stat.unsent_num for stat in stats),
    }
    wrong: list[tuple[Any, ...]] = [(v, n, verdicts[v]) for v, n in sums.items() if n != verdicts[v]]
    sent = sum(test.counted not in (Verdict.UNSENT, Verdict.PENDING) for test in tests)
    in_total = sum(stat.total_num for stat in stats)
    return wrong if sent == in_total else [*wrong, ("total", in_total, sent)]


def _test(test: MailTest) -> tuple[Any, ...]:
    return (
        test.counted,
        test.incl_in_stat,
        test.returned_as,
        cause_of(test, test.counted),
        [leg for leg in ("delivered", "deferred", "refused", "unsent") if getattr(test, leg)],
    )


def _health(key: str) -> tuple[Any, ...]:
    it = health_of(key)
    window_counts = total(it.window_counts)
    return (
        it.state,
        (window_counts.ontime, window_counts.late, window_counts.missed),
        [(recent.verdict, recent.cause) for recent in it.recent],
        it.streak,
        it.retest,
        it.exceeded,
        bool(it.incident),
    )


def _incidents(key: str) -> list[tuple[Any, ...]]:
    return [
        (it.cause, it.exceeded, it.notified is not None, it.closed is not None, it.due is not None)
        for it in reversed(list(incidents.of_domain(key)))
    ]


def _counters(day: Stat) -> tuple[Any, ...]:
    return day.ontime_num, day.late_num, day.fail_num, day.total_num, day.unsent_num


def _times(stat: Stat) -> tuple[Any, ...]:
    return stat.min_delivery_time, stat.max_delivery_time, stat.total_delivery_time, sorted(stat.histogram.items())
