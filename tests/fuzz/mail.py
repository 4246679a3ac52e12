"""Give broken mail to the reader, and report the results.

Mails are mutated at random from a seed; one that reaches a line of the mail room that none reached before is kept and
mutated further. A mail that raises, takes too long, takes too much memory or yields a Return out of bounds is written
to a file and reported.
"""

import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Final

import mxtrax.mail
from mxtrax.mail import bounds, read, read_headers
from mxtrax.mail.fields import block
from tests.fuzz.mutate import mutated

ROOT: Final = Path(__file__).resolve().parents[2]
SEEDS: Final = (
    ROOT / "tests" / "unit" / "mail" / "mails",
    *(ROOT.parent / "shared" / folder for folder in ("corpus/mails", "corpus/planted", "cases")),
)
ROOM: Final = str(Path(mxtrax.mail.__file__).parent)
MAX_SECONDS: Final = 1.0
"""Of the processor's time. A mail takes a third of a millisecond, one of a megabyte up to 0.3 s."""
MAX_MEMORY: Final = 50 << 20
"""Beyond the mail itself."""
MEMORY_EVERY: Final = 50
"""Memory is traced for one in this many mails: tracing is slow."""
MAX_SEEDS: Final = 5_000
TOOL: Final = 4


class OutOfBoundsError(Exception):
    """A mail took more than it may, or yielded more than it may."""


@dataclass
class Found:
    """Say what a run came to: how many mails were read, how many were kept, what was wrong, and the worst figures."""

    mails: int = 0
    kept: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    memory: int = 0


def look(raw: bytes) -> None:
    """Read one mail, and check the result against the bounds."""
    found = read(raw, "probe@example.net" if len(raw) % 2 else None)
    headers, _ = block(raw[: bounds.MAX_READ].decode("latin-1"))
    read_headers(headers.pairs)
    if len(found.tokens) > bounds.MAX_TOKENS or len(found.recipients) > bounds.MAX_RECIPIENTS:
        raise OutOfBoundsError("yielded more than the bounds allow")
    if any(hop.skew < 0 or (hop.gap or 0) < 0 for hop in (*found.hops, *found.original_hops)):
        raise OutOfBoundsError("a hop goes back in time")
    repr(found).encode()  # what cannot be encoded cannot be stored


def check(raw: bytes, *, memory: bool = False) -> tuple[float, int]:
    """Look at one mail; return the seconds and, where that is asked for, the octets that it took."""
    if memory:
        tracemalloc.start()
    start = time.process_time()
    try:
        look(raw)
    finally:
        took = time.process_time() - start
        peak = tracemalloc.get_traced_memory()[1] if memory else 0
        if memory:
            tracemalloc.stop()
    # Tracing takes longer than reading: its time does not count.
    if (took > MAX_SECONDS and not memory) or peak > MAX_MEMORY:
        raise OutOfBoundsError(f"took {took:.1f} s and {peak:,} octets")
    return 0.0 if memory else took, peak


@contextmanager
def lines_reached() -> Iterator[set[tuple[CodeType, int]]]:
    """Collect the lines of the mail room that run; each costs something only the first time (PEP 669)."""
    reached: set[tuple[CodeType, int]] = set()

    def line(code: CodeType, number: int) -> object:
        if code.co_filename.startswith(ROOM):
            reached.add((code, number))
        return sys.monitoring.DISABLE

    sys.monitoring.use_tool_id(TOOL, "fuzz")
    sys.monitoring.register_callback(TOOL, sys.monitoring.events.LINE, line)
    sys.monitoring.set_events(TOOL, sys.monitoring.events.LINE)
    try:
        yield reached
    finally:
        sys.monitoring.set_events(TOOL, 0)
        sys.monitoring.free_tool_id(TOOL)


def seeds() -> list[bytes]:
    """Return the mails to begin with."""
    return [path.read_bytes() for folder in SEEDS if folder.is_dir() for path in sorted(folder.rglob("*.eml"))]


def run(seed: int, most: int, seconds: float = float("inf")) -> Found:
    """Mutate and read until `most` mails were read or the time is over."""
    chance = random.Random(seed)  # noqa: S311 - it need be repeatable, not secret
    mails = seeds()
    began, found = len(mails), Found()
    until = time.monotonic() + seconds
    with lines_reached() as reached:
        for raw in mails:
            check(raw)
        while time.monotonic() < until and found.mails < most:
            raw, known = mutated(chance, mails), len(reached)
            found.mails += 1
            try:
                took, peak = check(raw, memory=found.mails % MEMORY_EVERY == 0)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what was sought
                found.wrong.append(
                    f"{type(error).__name__}: {error} (seed {seed}, mail {found.mails}, kept as {_kept(raw)})"
                )
                continue
            found.seconds, found.memory = max(found.seconds, took), max(found.memory, peak)
            if len(reached) > known and len(mails) < MAX_SEEDS:
                mails.append(raw)
    found.kept = len(mails) - began
    return found


def _kept(raw: bytes) -> str:
    with tempfile.NamedTemporaryFile(prefix="mail-", suffix=".eml", delete=False) as file:
        file.write(raw)
        return file.name
