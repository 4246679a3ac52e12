"""`mxtrax run` as its user has it: kept state, killed without warning, started twice, stopped."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

from infra.local.ministack import require_free
from tests.eventually import eventually

SECONDS = 120.0


def run(state: Path, *more: str) -> list[str]:
    """Write the command."""
    return [sys.executable, "-m", "infra.cli", "run", "--state", str(state), *more]


@contextmanager
def running(state: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the command, and make sure that it ends whatever the test does."""
    command = subprocess.Popen(run(state), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 -- our own
    watchdog = Timer(SECONDS, command.kill)
    watchdog.start()
    try:
        yield command
    finally:
        watchdog.cancel()
        command.kill()
        command.communicate()


def read_until(command: subprocess.Popen[str], pattern: str) -> re.Match[str]:
    """Read what the command prints until a line shows it."""
    assert command.stdout
    for line in command.stdout:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"no line shows {pattern}")


def pids(folder: Path) -> list[int]:
    """Give the numbers of the processes whose command line ends with the folder."""
    listed = subprocess.run(["ps", "-eww", "-o", "pid,args"], capture_output=True, text=True, check=True)  # noqa: S607 -- on any system
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if line.endswith(str(folder))]


def processes(folder: Path) -> list[str]:
    """List the processes whose command line names the folder."""
    listed = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True)  # noqa: S607 -- on any system
    return [line for line in listed.stdout.splitlines() if str(folder) in line]


def test_a_killed_run_leaves_no_process_and_its_successor_goes_on_where_it_was(tmp_path: Path) -> None:
    """Results survive kill -9; only one run has the state at a time; SIGTERM ends it in order."""
    with running(tmp_path) as first:
        read_until(first, r"26 domains: [1-9]\d* ok")
        port = int((tmp_path / "ministack" / "port").read_text())
        second = subprocess.run(run(tmp_path), capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603 -- our own
        assert (second.returncode, second.stdout) == (2, "")
        assert (
            second.stderr
            == f"mxtrax: Another mxtrax is running with the state in {tmp_path}; end it first, or use --state.\n"
        )
        first.kill()
        first.wait()
    # Started at once, it waits for the last one's children to write down what they know.
    with running(tmp_path) as again:
        first_look = read_until(again, r"26 domains: (.*);")[1]
        assert " ok" in first_look, first_look
        again.send_signal(signal.SIGTERM)
        _, said = again.communicate(timeout=SECONDS)
        assert again.returncode == 0
        assert "Traceback" not in said
    eventually(lambda: not processes(tmp_path))
    require_free(port)


def test_a_killed_run_leaves_nothing_running(tmp_path: Path) -> None:
    """Kill -9 leaves no process that must be ended by hand, not even during the start."""
    with running(tmp_path) as command:
        eventually(lambda: len(processes(tmp_path)) > 1)
        command.kill()
        command.wait()
    eventually(lambda: not processes(tmp_path))


def test_a_killed_local_aws_is_told_and_the_next_run_begins_anew(tmp_path: Path) -> None:
    """It could not save its state; the half that is on the disk nevertheless does no harm."""
    with running(tmp_path) as first:
        read_until(first, r"25 domains: 25 setup")
        (launcher,) = pids(tmp_path / "ministack" / "unpacked")
        os.kill(launcher, signal.SIGKILL)
        _, said = first.communicate(timeout=SECONDS)
        assert first.returncode == 2
        assert "mxtrax: The local AWS stopped unexpectedly; see " in said
        assert "Traceback" not in said
    eventually(lambda: not processes(tmp_path))
    with running(tmp_path) as again:
        read_until(again, r"25 domains: 25 setup")


def test_what_is_printed_is_what_is_needed(tmp_path: Path) -> None:
    """The line for the API works as printed: it signs in, and makes a request."""
    with running(tmp_path) as command:
        line = read_until(command, r"(curl -s -H .*/overview)$")[1]
        answer = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603, S607 -- our own
        assert json.loads(answer.stdout)["items"], answer.stderr


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("B,b,te st,b.test", "line 3: testuser: 'te st' is not valid before the @"),
        ("B,b,test", "line 3: 3 columns instead of 4"),
    ],
)
def test_a_bad_row_is_told_by_its_line(tmp_path: Path, row: str, sentence: str) -> None:
    """Nothing is started for a fleet that cannot be imported as a whole."""
    fleet = tmp_path / "fleet.csv"
    header = "Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname"
    fleet.write_text(f"{header}\nA,a,test,a.test\n{row}\n")
    done = subprocess.run(  # noqa: S603 -- our own
        run(tmp_path / "state", "--csv", str(fleet)), capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "state").exists()
