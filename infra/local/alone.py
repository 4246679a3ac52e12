"""One world at a time in a folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from infra.local.trouble import Trouble

_LAST_BREATH_SECONDS: Final = 20.0


@contextmanager
def alone(folder: Path) -> Iterator[int]:
    """Lock the folder, and give the descriptor of the lock; a child that inherits it keeps the lock, too.

    After kill -9, children of the last world may still be writing their state: wait for them.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"No state can be kept in {folder}: {error.strerror}.") from error
    with (folder / "lock").open("a+") as lock:
        _take(lock, folder)
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield lock.fileno()


def _take(lock: IO[str], folder: Path) -> None:
    deadline = time.monotonic() + _LAST_BREATH_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if _lives(lock) or time.monotonic() > deadline:
                raise Trouble(
                    f"Another mxtrax is running with the state in {folder}; end it first, or use --state."
                ) from error
            time.sleep(0.1)
        else:
            return


def _lives(lock: IO[str]) -> bool:
    """Say whether the process whose id is in the lock file is still running."""
    lock.seek(0)
    try:
        os.kill(int(lock.read()), 0)
    except ValueError:  # it has the lock, but has not written its id yet
        return True
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
