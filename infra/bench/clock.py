"""Time our own work."""

import gc
import time
from collections.abc import Callable


def quickest(work: Callable[[], None], rounds: int = 5) -> float:
    """Give the CPU seconds of the fastest round: other work on the machine can only slow one down."""
    work()
    took = []
    for _ in range(rounds):
        gc.collect()
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return min(took)
