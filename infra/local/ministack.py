"""MiniStack, the local AWS, as a child process that never outlives its parent."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from infra.local.aws import REGION
from infra.local.trouble import Trouble

ROOT: Final = Path(__file__).parents[2]
_PYTHON: Final = ROOT / ".tools" / "ministack" / "bin" / "python"
_LOOPBACK: Final = "127.0.0.1"
_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 15.0

_LAUNCHER: Final = Path(__file__).with_name("launcher.py")
_SAVED: Final = Path("state", "dynamodb.json")
"""Written, with all else, when the process ends normally."""

_UNPACKED_KEPT: Final = 4  # layers; those of older code are deleted


def free_port() -> int:
    """Ask the system for a free loopback port."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


def require_free(port: int) -> None:
    """Raise Trouble if the port is in use, or may not be used."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
        except (OSError, OverflowError) as error:
            why = error.strerror if isinstance(error, OSError) else "it must be 0 to 65535"
            raise Trouble(f"Port {port} cannot be used ({why}); choose another one with --port.") from error


class Ministack:
    """The process. Its state is kept in `folder`: it is written when the process ends, and read when it starts."""

    def __init__(self, folder: Path, port: int = 0, python: Path = _PYTHON) -> None:
        self.folder = folder
        self.log = folder / "ministack.log"
        self.port = self._settle_port(port)
        self.endpoint = f"http://{_LOOPBACK}:{self.port}"
        self._python = python
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        """Say whether the process is running."""
        return self._process is not None and self._process.poll() is None

    def start(self, *inherited: int) -> None:
        """Start the process and wait until it answers. Raises Trouble with the reason if it does not.

        It keeps the `inherited` descriptors open until it has written its state.
        """
        if not self._python.exists():
            raise Trouble("MiniStack is not installed; run `make setup`.")
        require_free(self.port)
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / _SAVED).exists():
            # A process killed before it wrote its state leaves only the bucket's files.
            clear(self.folder / "state")
            clear(self.folder / "s3")
        # Unpacked functions of a killed run are useless for the next.
        shutil.rmtree(self.folder / "tmp", ignore_errors=True)
        (self.folder / "tmp").mkdir()
        unpacked = self.folder / "unpacked"
        if unpacked.exists() and len(list(unpacked.iterdir())) > _UNPACKED_KEPT:
            shutil.rmtree(unpacked)
        unpacked.mkdir(exist_ok=True)
        (self.folder / "port").write_text(f"{self.port}\n")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._python, "-P", _LAUNCHER, unpacked],
                env=self._environment(),
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=inherited,
                start_new_session=True,  # a terminal's Ctrl-C is its parent's to handle
            )
        try:
            self._wait_until_healthy(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the process and all its children; its state is saved first. Does nothing if it is not running."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        finally:
            if process.stdin:
                process.stdin.close()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(self.folder / "tmp", ignore_errors=True)

    def _settle_port(self, wanted: int) -> int:
        """Use the port of the kept state: queues' URLs contain it."""
        try:
            kept = int((self.folder / "port").read_text())
        except (OSError, ValueError):
            return wanted or free_port()
        if wanted not in (0, kept):
            raise Trouble(f"The state kept here belongs to port {kept}; use --port {kept}, or --fresh to start afresh.")
        return kept

    def _environment(self) -> dict[str, str]:
        """Give the child's environment, without any of the user's own AWS settings."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder / "tmp"),
            "BIND_HOST": _LOOPBACK,
            "MINISTACK_HOST": _LOOPBACK,
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.folder / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.folder / "s3"),
            # These two would listen on every address of the machine.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise Trouble(f"MiniStack ended at once ({self._last_words()}); see {self.log}.")
            with suppress(URLError, ConnectionError, TimeoutError, json.JSONDecodeError):
                with urlopen(f"{self.endpoint}/_ministack/health", timeout=1) as answer:  # noqa: S310 -- our own endpoint
                    json.load(answer)
                return
            time.sleep(0.05)
        raise Trouble(f"MiniStack did not answer within {_START_SECONDS:.0f} s; see {self.log}.")

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else "it said nothing"


def clear(folder: Path) -> None:
    """Delete what a stopped MiniStack has kept in a folder."""
    shutil.rmtree(folder, ignore_errors=True)
