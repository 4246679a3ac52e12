"""DomainHealth as stored: packed, so that a record that is rewritten with every test stays below 1 KB.

Numbers are written with seven bits a byte, the lowest first, and the top bit set if more follow. The newest test comes
first, with its time, and each of the others with how much earlier it is, so that a reader of the newest reads no
further. What became of a test is written in words once, and referred to by number: so a test on time takes 6 bytes, an
hour 7, and no word needs a fixed number. The first byte is the version of the format: a new format gets a new number,
and older data stays readable.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from mxtrax.model import Cause, Reason, Recent, Verdict, WindowCounts

_PLAIN: Final = 1
"""Oldest first: the format of hours, and formerly of tests."""

_NEWEST_FIRST: Final = 2
"""The format of tests."""


class _Kind(NamedTuple):
    """What became of a test, without the times."""

    verdict: Verdict
    took: bool
    cause: Cause | None
    quiet: bool
    reason: Reason | None


def packed_tests(tests: Sequence[Recent]) -> bytes:
    """Pack recent tests, given in the order of sending."""
    kinds, numbers = dict[str, int](), list[int]()
    sent = 2 * tests[-1].sendtime if tests else 0  # The newest is written as its distance from zero.
    for test in reversed(tests):
        kind = kinds.setdefault(_kind(test), len(kinds))
        numbers += (sent - test.sendtime, kind) if test.took is None else (sent - test.sendtime, kind, test.took)
        sent = test.sendtime
    words = ",".join(kinds).encode()
    return bytes([_NEWEST_FIRST]) + _bytes([len(words)]) + words + _bytes(numbers)


def _kind(test: Recent) -> str:
    """Say in words what became of a test, without the times."""
    reason = f"/{test.reason}" if test.reason else ""
    return f"{test.verdict}/{test.cause or ''}/{'quiet' * test.quiet}/{'took' * (test.took is not None)}{reason}"


def unpacked_tests(data: bytes) -> tuple[Recent, ...]:
    """Read recent tests. Raises ValueError if their format is unknown."""
    kinds, numbers = _parts(data)
    tests = tuple(_tests(kinds, numbers, forward=data[0] == _PLAIN))
    return tests if data[0] == _PLAIN else tests[::-1]


def newest_test(data: bytes) -> Recent | None:
    """Read the newest of the recent tests, and as little else as possible."""
    if data[:1] == bytes([_PLAIN]):
        return (unpacked_tests(data) or (None,))[-1]
    kinds, numbers = _parts(data)
    return next(_tests(kinds, numbers, forward=False), None)


def _parts(data: bytes) -> tuple[Sequence[_Kind], Iterator[int]]:
    """Split packed tests into what became of them, and the numbers."""
    body = _body(data, _PLAIN, _NEWEST_FIRST)
    length = next(_numbers(body))
    start = len(_bytes([length]))
    return _kinds(body[start : start + length]), _numbers(body[start + length :])


@lru_cache(1_000)
def _kinds(words: bytes) -> tuple[_Kind, ...]:
    """Read what became of tests; most domains have had the same."""
    each = [word.split("/") for word in words.decode().split(",")] if words else []
    return tuple(
        _Kind(
            Verdict(verdict),
            bool(took),
            Cause(cause) if cause else None,
            bool(quiet),
            Reason(*reason) if reason else None,
        )
        for verdict, cause, quiet, took, *reason in each
    )


def _tests(kinds: Sequence[_Kind], numbers: Iterator[int], *, forward: bool) -> Iterator[Recent]:
    sent = 0
    for apart in numbers:
        sent = sent + apart if forward or not sent else sent - apart
        it = kinds[next(numbers)]
        yield Recent(sent, it.verdict, next(numbers) if it.took else None, it.cause, it.quiet, it.reason)


def packed_counts(hours: Mapping[int, WindowCounts]) -> bytes:
    """Pack window counts by the hour."""
    numbers, before = list[int](), 0
    for hour in sorted(hours):
        counts = hours[hour]
        numbers += hour - before, counts.ontime, counts.late, counts.missed, counts.took
        before = hour
    return bytes([_PLAIN]) + _bytes(numbers)


def unpacked_counts(data: bytes) -> dict[int, WindowCounts]:
    """Read window counts by the hour. Raises ValueError if their format is unknown."""
    numbers, hours, hour = _numbers(_body(data, _PLAIN)), dict[int, WindowCounts](), 0
    for later in numbers:
        hour += later
        hours[hour] = WindowCounts(next(numbers), next(numbers), next(numbers), next(numbers))
    return hours


def _body(data: bytes, *ways: int) -> bytes:
    """Give what follows the first byte. Raises ValueError if that names another format."""
    if not data or data[0] not in ways:
        raise ValueError("this was packed in another way")
    return data[1:]


def _bytes(numbers: Sequence[int]) -> bytes:
    """Write numbers one after the other. Raises ValueError for one below 0."""
    if min(numbers, default=0) < 0:
        raise ValueError("only what is in order and not negative can be packed")
    data = bytearray()
    for number in numbers:
        left = number
        while left > 0x7F:
            data.append(left & 0x7F | 0x80)
            left >>= 7
        data.append(left)
    return bytes(data)


def _numbers(data: bytes) -> Iterator[int]:
    """Read numbers."""
    number = shift = 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
        else:
            yield number
            number = shift = 0
