"""Run all cases of the fault suite on all CPUs, lives from the state machine, jobs and services in trouble."""

import os
import sys
import time
from collections import Counter
from concurrent.futures import Executor, ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context

from tests.faults import services
from tests.faults.lives import PLAYS
from tests.faults.machine import live
from tests.faults.mutants import MUTANTS, report
from tests.faults.night import BREAKABLE, MODES, unnoticed
from tests.faults.suite import play

PARTS = 2
"""The number of parts of each play; with more, the same states would be explored more often."""

LIVES, STEPS = 25, 40
"""The size of one run of the state machine."""

RUNS = 4
"""The number of runs, each with its own seed."""


def main() -> int:
    """Play, print what came out, and give the exit code."""
    began = time.monotonic()
    with ProcessPoolExecutor(os.process_cpu_count(), mp_context=get_context("spawn")) as pool:
        wrong = _cases(pool) + _mutants(pool) + _lives(pool) + _night(pool) + _services(pool)
    _say(f"{'All as it should be' if not wrong else 'WRONG'}, after {(time.monotonic() - began) / 60:.0f} minutes.")
    return 1 if wrong else 0


def _cases(pool: Executor) -> int:
    """Run all cases, and give how many had another outcome."""
    played, by_play, wrong = Counter[str](), Counter[str](), 0
    orders = [(name, part) for name in PLAYS for part in range(PARTS)]
    done = pool.map(play, *zip(*orders, strict=True), [PARTS] * len(orders))
    for (name, _), (counted, differences) in zip(orders, done, strict=True):
        played += counted
        by_play[name] += counted.total()
        wrong += len(differences)
        for each in differences:
            _say(f"DIFFERENT: {name}, {each}")
    for trouble, number in chain(sorted(played.items()), by_play.items()):
        _say(f"{number:6,}  {trouble}")
    _say(f"{played.total():6,}  cases, {wrong} of them different from the undisturbed life")
    return wrong


def _mutants(pool: Executor) -> int:
    """Remove each safeguard in turn, and give how many removals the suite did not notice."""
    said = pool.map(report, range(len(MUTANTS)))
    unseen = [mutant.wrong for mutant, seen in zip(MUTANTS, said, strict=True) if not seen]
    for wrong in unseen:
        _say(f"UNSEEN: {wrong}")
    _say(f"{len(MUTANTS):6,}  safeguards taken away, {len(unseen)} of them without anything being noticed")
    return len(unseen)


def _lives(pool: Executor) -> int:
    """Let the state machine generate lives, and give the number of runs with a fault."""
    wrong = 0
    for said in pool.map(live, [LIVES] * RUNS, [STEPS] * RUNS):
        wrong += bool(said)
        _say(said or f"{LIVES * STEPS:6,}  steps of lives that nobody wrote down, each as the plain model says")
    return wrong


def _night(pool: Executor) -> int:
    """Break each job in each way, and give how often somebody noticed nothing."""
    blind = pool.submit(unnoticed).result()
    for each in blind:
        _say(f"UNNOTICED: {each}")
    _say(f"{len(BREAKABLE) * len(MODES):6,}  jobs off, failing or throttled, {len(blind)} not noticed by everybody")
    return len(blind)


def _services(pool: Executor) -> int:
    """Let a channel's service fail in each way, and remove each safeguard of channels."""
    different, unseen = pool.submit(services.differences), pool.submit(services.unseen)
    for each in different.result():
        _say(f"DIFFERENT: a service {each}")
    for each in unseen.result():
        _say(f"UNSEEN: {each}")
    _say(
        f"{len(services.TROUBLES):6,}  services in trouble, {len(different.result())} things otherwise than they should be"
    )
    _say(f"{len(services.MUTANTS):6,}  safeguards of channels taken away, {len(unseen.result())} of them unnoticed")
    return len(different.result()) + len(unseen.result())


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
