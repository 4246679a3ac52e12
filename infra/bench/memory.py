"""What the functions use of Lambda, by memory size: for 1,000 tests, and for a minute without any.

The jobs run on moto; their computing is measured without moto's own work, and each answer takes as long as in waits.py.
Lambda gives a whole CPU at 1,769 MB, and a share of one below: computing costs the same with any memory, and waiting
costs the more, the more memory a function has.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import get_ident
from typing import Any, Final
from unittest.mock import patch

from botocore import handlers

from infra.bench import prices
from infra.bench.ears import Heard, listening
from infra.bench.figure import Figure
from infra.bench.waits import waited
from infra.bench.world import World, world
from mxtrax.jobs import aggregate, alert, feedback, plan, receive, send, watch
from mxtrax.model import MINUTE

TEMPLATE: Final = Path(__file__).resolve().parents[2] / "template.yaml"

WHOLE: Final = 1_769
"""MB at which Lambda gives a whole CPU, as AWS documents."""

OVERHEAD: Final = 0.001
"""Lambda's own billed seconds for each call. Assumed."""

SLOWER: Final = 2.0
"""How much slower Lambda's CPU is than this one, including TLS, which moto does not use. Assumed."""

CHOICES: Final = (256, 512, 1_024, WHOLE)
INTERVAL: Final = 15
IDLE_ROUNDS: Final = 4
JOBS: Final = {
    "plan": plan,
    "send": send,
    "feedback": feedback,
    "receive": receive,
    "aggregate": aggregate,
    "alert": alert,
    "watch": watch,
}


@dataclass
class Work:
    """The calls of one function: their number, computing time, and the AWS calls that they made."""

    times: int = 0
    cpu: float = 0.0
    calls: Counter[str] = field(default_factory=Counter)

    def gb_seconds(self, memory: int) -> float:
        """Give the billed GB-seconds at this memory size in MB."""
        waits = waited(self.calls, send.PARALLEL)
        return (SLOWER * self.cpu / min(1.0, memory / WHOLE) + waits + OVERHEAD * self.times) * memory / 1_024


type Works = dict[str, Work]


def figures(domains: int) -> Iterator[Figure]:
    """Give the GB-seconds of a test and of a minute without any, with the template's memory sizes and with others."""
    chosen = memory_of(TEMPLATE.read_text())
    tests, busy, idle = measured(domains)
    its = {name: work.gb_seconds(chosen[name]) / tests for name, work in busy.items()}
    rest = sum(work.gb_seconds(chosen[name]) for name, work in idle.items())
    where = f"{tests} tests in one minute of {domains:,} domains"
    yield Figure(f"GB-seconds of Lambda for a test ({where}; waits are assumed)", f"{sum(its.values()):.3f}").named(
        gb_seconds_per_test=round(sum(its.values()), 4)
    )
    calls = sum(work.times for work in busy.values()) / tests
    yield Figure("  calls of functions for it", f"{calls:.2f}").named(lambda_calls_per_test=round(calls, 3))
    yield Figure("GB-seconds of a minute without tests", f"{rest:.2f}").named(gb_seconds_idle_minute=round(rest, 3))
    table = {name: _by_memory(work, tests) for name, work in busy.items()}
    for name, by_memory in table.items():
        shown = ", ".join(f"{mb} MB {usd:.5f}" for mb, usd in by_memory.items())
        work = busy[name]
        cpu, waits = work.cpu / tests * 1_000, waited(work.calls, send.PARALLEL) / tests * 1_000
        took = f"{cpu:.1f} ms computed, {waits:.1f} ms waited"
        yield Figure(f"  {name} ({chosen[name]:,} MB): {took} a test; USD for 1,000 tests", shown)
    yield Figure("  and all of them", f"{sum(its.values()) * prices.LAMBDA_GB_SECOND * 1_000:.4f}").named(
        usd_per_1000_by_memory=table
    )


def _by_memory(work: Work, tests: int) -> dict[str, float]:
    return {str(mb): round(work.gb_seconds(mb) / tests * prices.LAMBDA_GB_SECOND * 1_000, 5) for mb in CHOICES}


def memory_of(template: str) -> dict[str, int]:
    """Read each function's memory size: its own, or the global one."""
    of_all = int(_found(r"^    MemorySize: (\d+)$", template))
    parts = re.findall(r"^      Handler: (\w+)\.handler$(.*?)(?=^  \w)", template, re.MULTILINE | re.DOTALL)
    return {
        name: int(own[1]) if (own := re.search(r"^      MemorySize: (\d+)", rest, re.MULTILINE)) else of_all
        for name, rest in parts
    }


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise ValueError(pattern)
    return found[1]


def measured(domains: int) -> tuple[int, Works, Works]:
    """Run minutes with and without tests; give the tests, and what each function did in both."""
    rate = max(1, domains // INTERVAL)
    with listening() as heard, _without_moto() as theirs, world(heard, rate) as it:
        it.populate(domains)
        _minute(it, heard, domains)  # the extra work of a worker's first call
        it.now += MINUTE
        with _metered(heard, theirs) as busy:
            tests = _minute(it, heard, domains)
    with listening() as heard, _without_moto() as theirs, world(heard, rate) as it:
        _minute(it, heard, 0)
        with _metered(heard, theirs) as idle:
            for _ in range(IDLE_ROUNDS):
                it.now += MINUTE
                _minute(it, heard, 0)
                watch.run(it.now, it.settings)
    for work in idle.values():
        work.times, work.cpu = work.times // IDLE_ROUNDS, work.cpu / IDLE_ROUNDS
        work.calls = Counter({kind: number // IDLE_ROUNDS for kind, number in work.calls.items()})
    return tests, busy, idle


def _minute(it: World, heard: Heard, domains: int) -> int:
    heard.forget()
    return it.tick(domains)


@contextmanager
def _without_moto() -> Iterator[list[float]]:
    """Add up the CPU seconds of all threads between a request being ready and its response."""
    spent, begun = [0.0], dict[int, float]()

    def asks(**_: Any) -> None:  # noqa: ANN401 -- botocore's
        begun[get_ident()] = time.thread_time()

    def answered(**_: Any) -> None:  # noqa: ANN401
        spent[0] += time.thread_time() - begun.pop(get_ident(), time.thread_time())

    ears = [("before-send", asks), ("before-parse", answered)]
    handlers.BUILTIN_HANDLERS[:0] = ears  # before moto, which stops further listeners from being called
    try:
        yield spent
    finally:
        for ear in ears:
            handlers.BUILTIN_HANDLERS.remove(ear)


@contextmanager
def _metered(heard: Heard, theirs: list[float]) -> Iterator[Works]:
    """Measure each job as it is called."""
    works: Works = {}

    def meter(name: str, run: Callable[..., object]) -> Callable[..., object]:
        work = works[name] = Work()

        def measured_run(*given: Any, **named: Any) -> object:  # noqa: ANN401 -- a job's
            calls, others, begun = heard.calls.copy(), theirs[0], time.process_time()
            done = run(*given, **named)
            work.cpu += time.process_time() - begun - (theirs[0] - others)
            work.times += 1
            work.calls += heard.calls - calls
            return done

        return measured_run

    with ExitStack() as patched:
        for name, job in JOBS.items():
            patched.enter_context(patch.object(job, "run", meter(name, job.run)))
        yield works
