"""Programs of Debian's mail servers, run for a while and never longer than the tests."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from infra.local.smtp import Place

_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 10.0


def need(package: str, program: str) -> str:
    """Give the path of a program. Where it is not there, a person's tests are skipped and CI's fail."""
    found = shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if found and os.geteuid() == 0:
        return found
    why = f"{package} can be started by root only" if found else f"{package} is not installed (.ci/run installs it)"
    if os.environ.get("CI"):
        pytest.fail(f"{why}.")
    pytest.skip(f"{why}.")


@contextmanager
def private_folder(name: str) -> Iterator[Path]:
    """Give a new folder that every user of the machine may enter: servers drop their rights. Removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"mxtrax-{name}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(command: Sequence[str], place: Place, log: Path) -> Iterator[None]:
    """Run a server until the end of the block, once it listens at `place`. It ends with the tests, even after kill -9."""
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603 -- only servers that the tests name
            ["setpriv", "--pdeathsig", "TERM", *command],  # noqa: S607 -- util-linux is on every Debian
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,  # so that all of its children can be ended with it
        )
    try:
        _wait_until_it_greets(process, place, log)
        yield
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server and its children, and wait until they are gone: they hold the folder that is removed next."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    deadline = time.monotonic() + _STOP_SECONDS
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(process.pid, signal.SIGKILL)
            process.poll()
            time.sleep(0.01)
    process.wait()


def _wait_until_it_greets(process: subprocess.Popen[bytes], place: Place, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with suppress(OSError), socket.create_connection((place.host, place.port), timeout=5) as connection:
            if connection.recv(4).startswith(b"220"):
                connection.sendall(b"QUIT\r\n")
                return
        time.sleep(0.05)
    pytest.fail(f"{process.args!r} does not listen at {place}: {log.read_text(errors='replace')[-2000:]}")
