"""Play all cases of the fault suite on all processors, then the lives that a machine thinks up: `make faults`."""

import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.faults.machine import live
from tests.faults.suite import play

LIVES, STEPS = 60, 40


def main() -> int:
    """Play, print what came out, and give the exit code."""
    parts = os.process_cpu_count() or 1
    played, wrong = Counter[str](), list[str]()
    with ProcessPoolExecutor(parts, mp_context=get_context("spawn")) as pool:
        for counted, differences in pool.map(play, range(parts), [parts] * parts):
            played += counted
            wrong += differences
    for trouble, number in sorted(played.items()):
        sys.stdout.write(f"{number:6,}  {trouble}\n")
    for each in wrong:
        sys.stdout.write(f"DIFFERENT: {each}\n")
    sys.stdout.write(f"{played.total():6,}  cases, {len(wrong)} of them different from the undisturbed life\n")
    if wrong:
        return 1
    live(LIVES, STEPS)
    sys.stdout.write(f"{LIVES * STEPS:6,}  steps of lives that nobody wrote down, each as the plain model says\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
