"""What the local AWS gets: archives named by their content, and a folder for one world at a time."""

import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from infra.local import build
from infra.local.alone import alone
from infra.local.ministack import Ministack, free_port, require_free
from infra.local.trouble import Trouble


def test_equal_code_makes_equal_archives(tmp_path: Path) -> None:
    """Name and bytes depend on nothing but what is in the files; bytecode of this machine's is left out."""
    archives = list[build.Archive]()
    for name in ("one", "two"):
        folder = tmp_path / name / "functions"
        (folder / "__pycache__").mkdir(parents=True)
        (folder / "__pycache__" / "plan.pyc").write_text(name)
        (folder / "plan.py").write_text("x = 1\n")
        os.utime(folder / "plan.py", (len(archives), len(archives)))
        archives.append(build.code(folder))
    assert archives[0] == archives[1]
    assert zipfile.ZipFile(BytesIO(archives[0].data)).namelist() == ["plan.py"]
    (tmp_path / "two" / "functions" / "plan.py").write_text("x = 2\n")
    assert build.code(tmp_path / "two" / "functions").name != archives[0].name


def test_a_layer_is_built_once_by_its_own_makefile(tmp_path: Path) -> None:
    """What has not changed is not built again; what has changed takes the place of the old."""
    layer, cache = tmp_path / "layer", tmp_path / "cache"
    layer.mkdir()
    cache.mkdir()
    recipe = "build-ThingLayer:\n\tmkdir -p $(ARTIFACTS_DIR)/python\n\tcp thing.py $(ARTIFACTS_DIR)/python/\n"
    (layer / "Makefile").write_text(recipe)
    (layer / "thing.py").write_text("x = 1\n")
    first = build.layer(layer, cache)
    assert "python/thing.py" in zipfile.ZipFile(BytesIO(first.data)).namelist()
    kept = cache / first.name
    kept.write_bytes(b"not built again")
    assert build.layer(layer, cache).data == b"not built again"
    (layer / "thing.py").write_text("x = 2\n")
    second = build.layer(layer, cache)
    assert [path.name for path in cache.iterdir()] == [second.name]


def test_a_layer_that_cannot_be_built_says_what_make_said(tmp_path: Path) -> None:
    """The sentence names the layer and the error."""
    (tmp_path / "Makefile").write_text("build-ThingLayer:\n\t@echo no wheel for this machine >&2; exit 3\n")
    with pytest.raises(Trouble, match="no wheel for this machine"):
        build.layer(tmp_path, tmp_path)


def test_a_folder_holds_one_world_at_a_time(tmp_path: Path) -> None:
    """A second one is refused at once; after the first has ended, it may start."""
    with alone(tmp_path), pytest.raises(Trouble, match="Another mxtrax is running"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_a_dead_owners_children_are_waited_for(tmp_path: Path) -> None:
    """Processes left by kill -9 hold the lock for another moment: that is not a second world."""
    (tmp_path / "lock").touch()
    hold = "import fcntl, sys, time; f = open(sys.argv[1]); fcntl.flock(f, 2); print(flush=True); time.sleep(0.5)"
    child = subprocess.Popen([sys.executable, "-c", hold, tmp_path / "lock"], stdout=subprocess.PIPE)  # noqa: S603 -- our own
    assert child.stdout
    child.stdout.readline()
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    (tmp_path / "lock").write_bytes(gone.stdout)
    with alone(tmp_path):
        assert child.wait(5) == 0
    child.stdout.close()


def test_a_port_stays_with_its_state(tmp_path: Path) -> None:
    """Queues are named by URLs that hold the port: kept state goes with the one it was made on."""
    port = free_port()
    (tmp_path / "port").write_text(f"{port}\n")
    assert Ministack(tmp_path).port == Ministack(tmp_path, port).port == port
    with pytest.raises(Trouble, match=f"belongs to port {port}"):
        Ministack(tmp_path, port + 1)


def test_what_is_missing_or_taken_is_said_before_anything_starts(tmp_path: Path) -> None:
    """No MiniStack, no port: a sentence each."""
    with pytest.raises(Trouble, match="make setup"):
        Ministack(tmp_path, python=tmp_path / "nowhere").start()
    with pytest.raises(Trouble, match="must be 0 to 65535"):
        require_free(70_000)
