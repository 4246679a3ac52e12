"""An orderly end, no matter who asks for it and how often."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_ENDINGS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


INTERRUPTED: Final = 130
"""The exit code of what was stopped before it was done."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Make Ctrl-C, SIGTERM and a closed terminal one KeyboardInterrupt; what comes after it cuts no clearing up short.

    For the whole life of a process: where the interrupt has found no other use, the process ends without a traceback.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        for each in _ENDINGS:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, stop) for each in _ENDINGS}
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        for each, handler in before.items():
            if signal.getsignal(each) is stop:
                signal.signal(each, handler)
