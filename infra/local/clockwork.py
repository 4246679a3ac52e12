"""Work that is due later: retries of the relay, and mails that customers send back after a while."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_log = logging.getLogger(__name__)


class Clockwork:
    """Runs calls in threads, each at its time. Calls that are not yet due when it stops are dropped."""

    def __init__(self, name: str, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._due = list[tuple[float, int, Callable[[], None]]]()
        self._order = itertools.count()  # calls due at the same time keep their order and are never compared
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Run `call` in that many seconds; after the stop, never."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), call))
            self._changed.notify()

    def stop(self) -> None:
        """Drop calls that are not yet due and wait for those that are running."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()
        self._pool.shutdown(cancel_futures=True)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._stopping and (not self._due or self._due[0][0] > time.monotonic()):
                    self._changed.wait(self._due[0][0] - time.monotonic() if self._due else None)
                if self._stopping:
                    return
                call = heapq.heappop(self._due)[2]
            self._pool.submit(_told, call)


def _told(call: Callable[[], None]) -> None:
    """Run a call whose result nobody awaits, and report its failure."""
    try:
        call()
    except Exception:  # noqa: BLE001 -- the next call must run whatever this one did
        _log.exception("work in the background failed")
