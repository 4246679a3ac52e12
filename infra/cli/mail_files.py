"""Read mails from wherever people keep them."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

MBOX_LINE: Final = re.compile(rb"From [^\r\n]*\d\d:\d\d")
MAX_MAIL: Final = 64 << 20
"""Octets of one mail in an mbox; the reader reads far fewer."""


def mails(source: str, stdin: BinaryIO | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield (name, mail) for a file, an mbox, a Maildir, a folder of files, or `-` for standard input.

    The first mail of an mbox has the file's name, the others the name and a number: `box#2`. An .eml file is one mail,
    whatever lines it has.
    """
    if source == "-":
        yield from _of_file("-", stdin or sys.stdin.buffer)
        return
    path = Path(source)
    if not path.is_dir():
        with path.open("rb") as file:
            yield from _of_file(source, file)
        return
    folders = [path / name for name in ("cur", "new") if (path / name).is_dir()] or [path]
    for file_path in sorted(entry for folder in folders for entry in folder.iterdir() if entry.is_file()):
        with file_path.open("rb") as file:
            yield from _of_file(str(file_path), file)


def _of_file(name: str, file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Split an mbox at its From lines; a file that does not begin with one is one mail."""
    first = file.readline(MAX_MAIL)
    if name.lower().endswith(".eml") or not MBOX_LINE.match(first):
        yield name, first + file.read(MAX_MAIL)
        return
    number, kept, size, blank = 1, [first], len(first), False
    while line := file.readline(MAX_MAIL):
        if blank and MBOX_LINE.match(line):
            yield (name if number == 1 else f"{name}#{number}"), b"".join(kept)
            number, kept, size = number + 1, [], 0
        if size < MAX_MAIL:
            kept.append(line)
            size += len(line)
        blank = not line.strip()
    yield (name if number == 1 else f"{name}#{number}"), b"".join(kept)
