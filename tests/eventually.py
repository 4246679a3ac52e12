"""Waiting for what happens in other threads and processes."""

import time
from collections.abc import Callable


def eventually[T](what: Callable[[], T], seconds: float = 30.0) -> T:
    """Wait until something is true, and give it."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found
