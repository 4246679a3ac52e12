"""Programs of Debian's mail servers, run for a while and never longer than the tests."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from infra.local.smtp import Place

_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 30.0
_GUARD: Final = Path(__file__).with_name("guard.py")


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
def running(command: Sequence[str], place: Place, folder: Path) -> Iterator[None]:
    """Run a server until the end of the block, once it listens at `place`. Its `folder` goes with it, even after kill -9."""
    log = folder / "log"
    with log.open("ab") as out:
        guard = subprocess.Popen(  # noqa: S603 -- only servers that the tests name
            [sys.executable, str(_GUARD), str(folder), *command],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
            start_new_session=True,  # a terminal's Ctrl-C is the tests' to handle
        )
    try:
        _wait_until_it_greets(guard, place, log)
        yield
    finally:
        if guard.stdin:
            guard.stdin.close()
        guard.wait(_STOP_SECONDS)


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
