"""Throw broken mail at the reader: `python -m tests.fuzz.mail [--seconds N] [--seed N] [--atheris]`.

Mails are mutated at random from a seed; one that reaches a line of the mail room that none reached before is kept and
mutated further. With atheris installed, --atheris lets libFuzzer do the mutating; arguments that are not ours go to it.
A mail that raises, takes too long, takes too much memory or yields a Return out of bounds is written to a file and ends
the run.
"""

import argparse
import importlib
import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Final

import mxtrax.mail
from mxtrax.mail import bounds, read, read_headers
from mxtrax.mail.fields import block

ROOT: Final = Path(__file__).resolve().parents[2]
SEEDS: Final = (ROOT / "tests" / "unit" / "mail" / "mails", ROOT.parent / "shared" / "corpus" / "mails")
ROOM: Final = str(Path(mxtrax.mail.__file__).parent)
MAX_SECONDS: Final = 5.0
"""Generous: a mail takes half a millisecond. It is meant to catch what never ends."""
MAX_MEMORY: Final = 64 << 20
MAX_MAIL: Final = 1 << 18
MEMORY_EVERY: Final = 50
"""Memory is traced for one mail in so many: tracing is slow."""
TOOL: Final = 4

WORDS: Final = (
    b"\n\n", b"\r\n", b"\r", b"--", b"<", b">", b"@", b"> ", b"=\n", b"=?utf-8?b?", b"?=", b"\x00", b"\xff", b"&lt;",
    b"<br>", b"; ", b'"', b"a@example.net", b"550 5.1.1 ", b"recipients:\n", b"5b0c1f7e-6d0a-4c1e-9a51-0d6f6a3f7b21",
    b"Content-Type: message/rfc822\n\n", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n",
    b"Content-Type: text/html; charset=utf-16\n\n", b"Content-Transfer-Encoding: base64\n",
    b"Final-Recipient: rfc822; ", b"Action: failed\n", b"Status: 5.0.0\n", b"X-Failed-Recipients: ", b"Subject: ",
    b"Received: from a by b with c; 1 Jan 2024 00:00:00 +0000\n", b"Auto-Submitted: auto-replied\n",
    b"DKIM-Signature: a=rsa-sha256; bh=AAAA; l=1\n",
)  # fmt: skip


class OutOfBoundsError(Exception):
    """A mail took more than it may, or yielded more than it may."""


def check(raw: bytes, *, memory: bool = False) -> None:
    """Read one mail and hold what it took and what it yielded against the bounds."""
    if memory:
        tracemalloc.start()
    start = time.process_time()
    try:
        found = read(raw, "probe@example.net" if len(raw) % 2 else None)
        headers, _ = block(raw[: bounds.MAX_READ].decode("latin-1"))
        read_headers(headers.pairs)
    finally:
        took = time.process_time() - start
        peak = tracemalloc.get_traced_memory()[1] if memory else 0
        if memory:
            tracemalloc.stop()
    if took > MAX_SECONDS or peak > MAX_MEMORY:
        raise OutOfBoundsError(f"took {took:.1f} s and {peak} octets")
    if len(found.tokens) > bounds.MAX_TOKENS or len(found.recipients) > bounds.MAX_RECIPIENTS:
        raise OutOfBoundsError("yielded more than the bounds allow")
    if any(hop.skew < 0 or (hop.gap or 0) < 0 for hop in (*found.hops, *found.original_hops)):
        raise OutOfBoundsError("a hop goes back in time")
    repr(found).encode()  # what cannot be encoded cannot be stored


def mutated(chance: random.Random, mails: Sequence[bytes]) -> bytes:
    """Return one of the mails, broken in a few ways."""
    raw = bytearray(chance.choice(mails))
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(raw) + 1)
        size = chance.choice((1, 2, 8, 60, 400, 4_000))
        match chance.randrange(8):
            case 0:
                raw[at : at + size] = b""
            case 1:
                raw[at:at] = chance.choice(WORDS)
            case 2:
                raw[at:at] = raw[at : at + size] * chance.choice((1, 2, 50))
            case 3:
                raw[at : at + size] = chance.randbytes(min(size, 60))
            case 4:
                other = chance.choice(mails)
                start = chance.randrange(len(other) + 1)
                raw[at:at] = other[start : start + 10 * size]
            case 5:
                raw = raw.replace(
                    *chance.choice(((b"\r\n", b"\n"), (b"\n", b"\r"), (b"\n", b"\r\n"), (b"--", b"-"), (b"@", b"@@")))
                )
            case 6:
                raw[at:at] = chance.choice(WORDS) * chance.choice((10, 300, 3_000))
            case _:
                raw = raw[:at]
        del raw[MAX_MAIL:]
    return bytes(raw)


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
    return [path.read_bytes() for folder in SEEDS if folder.is_dir() for path in sorted(folder.glob("*.eml"))]


def run(seed: int, seconds: float, most: int | None = None) -> tuple[int, int]:
    """Mutate and read until the time is over or `most` mails were read; return how many were, and how many were kept."""
    chance = random.Random(seed)  # noqa: S311 - it need be repeatable, not secret
    mails = seeds()
    began, count = len(mails), 0
    until = time.monotonic() + seconds
    with lines_reached() as reached:
        for raw in mails:
            check(raw)
        while time.monotonic() < until and (most is None or count < most):
            raw, known = mutated(chance, mails), len(reached)
            count += 1
            try:
                check(raw, memory=count % MEMORY_EVERY == 0)
            except Exception as error:
                error.add_note(f"seed {seed}, mail {count}, kept as {_kept(raw)}")
                raise
            if len(reached) > known:
                mails.append(raw)
    return count, len(mails) - began


def _kept(raw: bytes) -> str:
    with tempfile.NamedTemporaryFile(prefix="mail-", suffix=".eml", delete=False) as file:
        file.write(raw)
        return file.name


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--atheris", action="store_true", help="let libFuzzer do the mutating")
    options, rest = parser.parse_known_args()
    if options.atheris:
        atheris = importlib.import_module("atheris")

        atheris.instrument_all()
        # libFuzzer writes what it finds into the first folder it is given.
        found = tempfile.mkdtemp(prefix="fuzz-")
        atheris.Setup([sys.argv[0], *rest, found, *(str(folder) for folder in SEEDS if folder.is_dir())], check)
        atheris.Fuzz()
    sys.stdout.write(f"seed {options.seed}\n")
    count, kept = run(options.seed, options.seconds)
    sys.stdout.write(f"{count} mails read, {kept} of them reached new lines\n")


if __name__ == "__main__":
    main()
