"""The child process: MiniStack, with its own Python. It imports nothing of ours, since its environment has nothing of ours.

Usage: launcher.py FOLDER, where the layers of functions are unpacked.
"""

import hashlib
import os
import runpy
import signal
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

_unpack = zipfile.ZipFile.extractall
_one_at_a_time = threading.Lock()


def end_with_parent() -> None:
    """Save the state and end as soon as the pipe to the parent breaks: after kill -9 too, and on any system.

    Our own children, the functions, read their events from a pipe and end when it does.
    """
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def unpack_once(unpacked: Path) -> None:
    """Unpack each layer once and link it for every worker.

    MiniStack unpacks a layer of 2,000 files again for each of a dozen workers: half a second of each cold start, and up
    to a minute of deleting in the end.
    """

    def extractall(archive: zipfile.ZipFile, path: Any = None, *rest: Any, **more: Any) -> None:  # noqa: ANN401 -- as zipfile has it
        if archive.filename is None or not Path(str(path)).name.startswith("layer_"):
            _unpack(archive, path, *rest, **more)
            return
        place = unpacked / hashlib.sha256(Path(archive.filename).read_bytes()).hexdigest()[:16]
        with _one_at_a_time:
            if not place.exists():
                part = place.with_suffix(".part")
                _unpack(archive, part)
                part.rename(place)
        Path(path).rmdir()
        Path(path).symlink_to(place, target_is_directory=True)

    zipfile.ZipFile.extractall = extractall  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    unpack_once(Path(sys.argv[1]))
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.argv = ["ministack"]
    runpy.run_module("ministack", run_name="__main__")
