"""Archives of functions and layers for the local AWS, named by their content."""

import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.trouble import Trouble

# Zip knows no date before this; one date for all makes equal content equal archives.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_SKIPPED: Final = {"__pycache__", ".mypy_cache", ".ruff_cache"}


@dataclass(frozen=True)
class Archive:
    """A zip file. `name` holds the hash of what is in it."""

    name: str
    data: bytes


def code(folder: Path) -> Archive:
    """Pack a folder of handlers as a function's code."""
    return _pack(folder, "")


def layer(folder: Path, cache: Path, uv: Path) -> Archive:
    """Pack a layer: its own packages, or what its requirements.txt names, installed for this machine."""
    requirements = folder / "requirements.txt"
    return _vendor(requirements, cache, uv) if requirements.exists() else _pack(folder, "python/")


def _vendor(requirements: Path, cache: Path, uv: Path) -> Archive:
    """Install hashed requirements with valid bytecode. Cached: the build takes seconds, and changes once a month."""
    # Wheels with compiled parts differ by machine, bytecode by minor version.
    marks = f"{platform.platform()} {sys.version_info[:2]}"
    digest = hashlib.sha256(marks.encode() + requirements.read_bytes()).hexdigest()[:16]
    kept = cache / f"vendor-{digest}.zip"
    if not kept.exists():
        if not uv.exists():
            raise Trouble("uv is not installed; run `make setup`.")
        target = cache / f"vendor-{digest}.part"
        shutil.rmtree(target, ignore_errors=True)
        install: list[str | Path] = [uv, "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:"]
        _run([*install, "--python", sys.executable, "--target", target, "-r", requirements], "the vendor layer")
        compileall: list[str | Path] = [
            sys.executable,
            "-m",
            "compileall",
            "-q",
            "--invalidation-mode",
            "unchecked-hash",
        ]
        _run([*compileall, target], "the vendor layer's bytecode")
        part = kept.with_suffix(".new")
        part.write_bytes(_zip(target, "python/", bytecode=True))
        part.replace(kept)
        shutil.rmtree(target)
    return Archive(kept.name, kept.read_bytes())


def _run(command: list[str | Path], what: str) -> None:
    # A stray VIRTUAL_ENV would make uv warn about an environment that is not meant.
    surroundings = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Trouble(f"Building {what} failed: {said[-1].strip() if said else f'exit code {done.returncode}'}.")


def _pack(folder: Path, prefix: str) -> Archive:
    if not folder.is_dir():
        raise Trouble(f"{folder} is not there, though the template names it.")
    data = _zip(folder, prefix, bytecode=False)
    return Archive(f"{folder.name}-{hashlib.sha256(data).hexdigest()[:16]}.zip", data)


def _zip(folder: Path, prefix: str, *, bytecode: bool) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in _files(folder, bytecode=bytecode):
            entry = zipfile.ZipInfo(prefix + path.relative_to(folder).as_posix(), _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 1)
    return buffer.getvalue()


def _files(folder: Path, *, bytecode: bool) -> Iterator[Path]:
    skipped = set() if bytecode else _SKIPPED
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not skipped.intersection(path.relative_to(folder).parts):
            yield path
