"""Fuzz the mail room: `python -m tests.fuzz [--mails N] [--seconds N] [--seed N]`, or `--dearest`.

With atheris installed, --atheris lets libFuzzer do the mutating; arguments that are not ours go to it. --dearest lists what
takes longest of a megabyte of each shape.
"""

import argparse
import importlib
import sys
import tempfile
import time

from mxtrax.mail import read
from tests.fuzz import mail, shapes

MEGA = 1 << 20


def fuzz(seed: int, most: int, seconds: float) -> int:
    """Run, report, and say by the exit code whether anything was wrong."""
    sys.stdout.write(f"seed {seed}\n")
    found = mail.run(seed, most, seconds)
    sys.stdout.write(
        f"{found.mails:,} mails read, {found.kept} of them reached new lines\n"
        f"slowest {found.seconds:.2f} s of the processor's time, most memory {found.memory / MEGA:.1f} MB\n"
        f"{len(found.wrong)} wrong\n"
    )
    sys.stdout.writelines(f"{one}\n" for one in found.wrong)
    return 1 if found.wrong else 0


def dearest() -> int:
    """List the shapes that take longest at a megabyte."""
    took: list[tuple[float, str, str]] = []
    for place in shapes.PLACES:
        for pump in shapes.PUMPS:
            raw = shapes.mail(place, pump, MEGA)
            begun = time.process_time()
            read(raw)
            took.append((time.process_time() - begun, place.__name__, pump))
    sys.stdout.writelines(f"{one:.3f} s  {place:8} {pump!r}\n" for one, place, pump in sorted(took, reverse=True)[:20])
    return 0


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--dearest", action="store_true", help="list what takes longest of a megabyte of each shape")
    parser.add_argument("--atheris", action="store_true", help="let libFuzzer do the mutating")
    options, rest = parser.parse_known_args()
    if options.dearest:
        return dearest()
    if options.atheris:
        atheris = importlib.import_module("atheris")
        atheris.instrument_all()
        # libFuzzer writes what it finds into the first folder it is given.
        found = tempfile.mkdtemp(prefix="fuzz-")
        atheris.Setup([sys.argv[0], *rest, found, *(str(one) for one in mail.SEEDS if one.is_dir())], mail.look)
        atheris.Fuzz()
    return fuzz(options.seed, options.mails, options.seconds)


if __name__ == "__main__":
    sys.exit(main())
