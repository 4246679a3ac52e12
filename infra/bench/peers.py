"""Compare the mail room with another bounce parser, flufl.bounce: the same mails, alternating, in one run."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from email import message_from_bytes
from importlib.metadata import version
from typing import Final

from flufl.bounce import all_failures

from infra.bench.figure import Figure
from infra.bench.mail import CORPUS, OWN
from mxtrax.mail import read

AIM: Final = 1.3


def figures(rounds: int) -> Iterator[Figure]:
    """Give how many times as many mails per second we read, although we report more than failed addresses."""
    folder = CORPUS if CORPUS.is_dir() else OWN
    mails = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    ours, theirs = _in_turn(lambda: _ours(mails), lambda: _theirs(mails), rounds)
    yield Figure(
        f"returned mails read, in times of flufl.bounce {version('flufl.bounce')} ({len(mails)} mails, one core)",
        f"{theirs / ours:.2f}",
        f"{AIM}",
        theirs / ours >= AIM,
    )


def _ours(mails: Sequence[bytes]) -> None:
    for raw in mails:
        read(raw)


def _theirs(mails: Sequence[bytes]) -> None:
    for raw in mails:
        all_failures(message_from_bytes(raw))


def _in_turn(one: Callable[[], None], other: Callable[[], None], times: int) -> tuple[float, float]:
    """Give the CPU seconds of the fastest round of each; other work on the machine affects both alike."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for work, rounds in zip((one, other), took, strict=True):
            gc.collect()
            begun = time.process_time()
            work()
            rounds.append(time.process_time() - begun)
    return min(took[0]), min(took[1])
