"""Time our own work."""

import gc
import time
from collections.abc import Callable


def quickest(work: Callable[[], None], rounds: int = 5) -> float:
    """Give the processor seconds of the quickest round: whatever else runs here only ever slows one down."""
    work()
    took = []
    for _ in range(rounds):
        gc.collect()
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return min(took)
