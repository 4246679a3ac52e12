"""Archives of functions and layers for the local AWS, named by their content."""

import hashlib
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.local.trouble import Trouble

_UV: Final = Path(__file__).parents[2] / ".tools" / "uv" / "bin" / "uv"
# The earliest date in a zip; one date for all gives equal content equal archives.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Archive:
    """A zip file. `name` has the hash of its sources."""

    name: str
    data: bytes


def code(folder: Path) -> Archive:
    """Pack a folder of handlers as a function's code."""
    if not folder.is_dir():
        raise Trouble(f"{folder} is not there, though the template names it.")
    return Archive(f"{folder.name}-{_digest(folder)}.zip", _zip(folder, _sources(folder)))


def layer(folder: Path, cache: Path) -> Archive:
    """Pack a layer with its own Makefile, like `sam build`, but built for this machine. Cached until a part changes."""
    try:
        target = re.findall(r"^(build-\w+):", (folder / "Makefile").read_text(), re.MULTILINE)[0]
    except (OSError, IndexError) as error:
        raise Trouble(f"{folder} has no Makefile that builds it.") from error
    kept = cache / f"{folder.name}-{_digest(folder)}.zip"
    with suppress(FileNotFoundError):
        return Archive(kept.name, kept.read_bytes())
    with tempfile.TemporaryDirectory(dir=cache, prefix=f"{kept.stem}-") as place:
        built = Path(place)
        _make(folder, target, built)
        data = _zip(built, sorted(path for path in built.rglob("*") if path.is_file()))
    with tempfile.NamedTemporaryFile(dir=cache, delete=False) as part:
        part.write(data)
    for old in cache.glob(f"{folder.name}-*.zip"):
        old.unlink(missing_ok=True)  # another world may be cleaning up, too
    Path(part.name).replace(kept)
    return Archive(kept.name, data)


def _make(folder: Path, target: str, built: Path) -> None:
    if shutil.which("make") is None:
        raise Trouble("make is not installed; the layers are built with it.")
    if not _UV.exists():
        raise Trouble("uv is not installed; run `make setup`.")
    ours = {
        "MXTRAX_UV": str(_UV),
        "MXTRAX_PYTHON": sys.executable,
        "MXTRAX_PLATFORM": _platform(),
    }
    # A stray VIRTUAL_ENV would make uv warn about an unrelated environment; MAKE* belong to the calling make.
    around = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV" and not k.startswith(("MAKE", "MFLAGS"))}
    command: list[str | Path] = ["make", "--silent", "-C", folder, target, f"ARTIFACTS_DIR={built.resolve()}"]
    done = subprocess.run(command, env=around | ours, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip() or f"exit code {done.returncode}"
        raise Trouble(f"Building {folder.name} failed: {' '.join(said.split())}")


def _platform() -> str:
    """Name this machine's platform as uv does."""
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    return f"{machine}-apple-darwin" if sys.platform == "darwin" else f"{machine}-manylinux2014"


def _digest(folder: Path) -> str:
    """Hash the sources and what they are built for: compiled wheels differ by machine, bytecode by minor version."""
    digest = hashlib.sha256(f"{sysconfig.get_platform()} {sys.version_info[:2]}".encode())
    for path in _sources(folder):
        digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _sources(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)


def _zip(folder: Path, files: Iterator[Path] | list[Path]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 1)
    return buffer.getvalue()
