"""Run a server until standard input ends; then end it and all its children, and remove its folder.

usage: guard.py FOLDER PROGRAM [ARGUMENT ...]

Standard input ends with the parent process, after kill -9, too. The system's own way, a signal at the parent's death,
does not work for servers that change their user.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Final

_STOP_SECONDS: Final = 10.0


def main(folder: str, *command: str) -> None:
    """Start, wait, clean up. If a server ended by itself, its files are kept, to find out why."""
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    wanted = threading.Event()
    threading.Thread(target=_end_with_input, args=(server, wanted), daemon=True).start()
    server.wait()
    _end_children(server.pid)
    if wanted.is_set():
        shutil.rmtree(folder, ignore_errors=True)


def _end_with_input(server: subprocess.Popen[bytes], wanted: threading.Event) -> None:
    os.read(0, 1)
    wanted.set()
    server.terminate()
    time.sleep(_STOP_SECONDS)
    server.kill()


def _end_children(group: int) -> None:
    deadline = time.monotonic() + _STOP_SECONDS
    with suppress(ProcessLookupError):  # the last of them is gone
        while time.monotonic() < deadline:
            os.killpg(group, signal.SIGKILL)
            time.sleep(0.01)


if __name__ == "__main__":
    main(*sys.argv[1:])
