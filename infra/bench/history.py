"""Measure whether many old tests slow a fold down: one tick over a short and over a long history.

moto scans everything it has for each query. So it is asked once; its answers are then replayed, and only our own work
is timed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from infra.bench.clock import quickest
from infra.bench.ears import SmtpReply, listening
from infra.bench.figure import Figure
from infra.bench.size import Size
from infra.bench.stub import replaying
from infra.bench.world import START, World, domain, seed, world
from mxtrax.model import MINUTE, SECOND, Kind, MailTest
from mxtrax.store import mailtests
from mxtrax.store.tables import MailTestRow

DOMAINS: Final = 3
SHORT: Final = 100


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick in which each domain has one test to fold: its world, calls, items read, all answers."""

    world: World
    calls: int
    items: int
    answers: list[SmtpReply]


def figures(size: Size) -> Iterator[Figure]:
    """Give the long history's tick as a multiple of the short one's."""
    short, long = _tick(SHORT), _tick(size.old_tests)
    ratio = _again(long, size.rounds) / _again(short, size.rounds)
    what = f"fold of one tick after {size.old_tests:,} old tests a domain, against after {SHORT}: time"
    yield Figure(what, f"{ratio:.2f}", "at most 1.10", ok=ratio <= 1.1).named(old_tests_ratio=round(ratio, 2))
    yield Figure("  calls", f"{long.calls} : {short.calls}", "the same", ok=long.calls == short.calls)
    yield Figure("  items read", f"{long.items} : {short.items}", "the same", ok=long.items == short.items)


def _tick(old: int) -> Tick:
    with listening() as heard, world(heard, 100) as it:
        it.populate(DOMAINS)
        seed(_past(number, age) for number in range(DOMAINS) for age in range(old))
        tests = [_sent(number) for number in range(DOMAINS)]
        mailtests.create(tests, 90)
        for test in tests:
            mailtests.returned(test.testid, it.now + 4 * SECOND, Kind.MESSAGE, "mail", None)
        it.now += 5 * SECOND
        heard.forget()
        it.fold(DOMAINS)
        return Tick(it, heard.calls.total(), heard.items, list(heard.answers))


def _again(tick: Tick, rounds: int) -> float:
    """Give the CPU seconds of the fastest of many replays."""
    with replaying(tick.answers) as begin:

        def fold() -> None:
            begin()
            tick.world.fold(DOMAINS)

        return quickest(fold, 3 * rounds)


def _past(number: int, age: int) -> MailTestRow:
    """Make a test that was folded long ago."""
    sendtime = START - (age + 1) * 15 * MINUTE
    return MailTestRow(
        f"old-{number}-{age}",
        maildomain=domain(number).key,
        sendtime=sendtime,
        maxreturntime=300,
        max_sec_until_fail=86_400,
        receivetime=sendtime + 4 * SECOND,
        incl_in_stat=True,
        counted="ontime",
    )


def _sent(number: int) -> MailTest:
    return MailTest(
        testid=f"new-{number}",
        maildomain=domain(number).key,
        sendtime=START,
        maxreturntime=300,
        max_sec_until_fail=86_400,
        accepted=START,
    )
