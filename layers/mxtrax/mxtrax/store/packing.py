"""DomainHealth as DynamoDB holds it: packed, so that what is written anew with every test stays below 1 KB.

Numbers are written seven bits a byte, the lowest first, the top bit set where more follow; moments as what they are later
than the one before. What became of a test is written in words once, and referred to by number: so a test on time takes
6 bytes of its own, an hour 7, and no word has a number that would have to stay what it is. The first byte says how it is
written: another way gets another number, and what was written before stays readable.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mxtrax.model import Cause, Reason, Recent, Verdict, WindowCounts

_PLAIN: Final = 1
"""The only way so far."""


def packed_tests(tests: Sequence[Recent]) -> bytes:
    """Pack recent tests, which are in the order of their sending."""
    kinds, numbers, sent = dict[str, int](), list[int](), 0
    for test in tests:
        kind = kinds.setdefault(_kind(test), len(kinds))
        numbers += (test.sendtime - sent, kind) if test.took is None else (test.sendtime - sent, kind, test.took)
        sent = test.sendtime
    words = ",".join(kinds).encode()
    return bytes([_PLAIN]) + _bytes([len(words)]) + words + _bytes(numbers)


def _kind(test: Recent) -> str:
    """Say in words what became of a test, all but the moments."""
    reason = f"/{test.reason}" if test.reason else ""
    return f"{test.verdict}/{test.cause or ''}/{'quiet' * test.quiet}/{'took' * (test.took is not None)}{reason}"


def unpacked_tests(data: bytes) -> tuple[Recent, ...]:
    """Read recent tests. Raises ValueError where they are packed in another way."""
    body = _body(data)
    length = next(_numbers(body))
    start = len(_bytes([length]))
    words = body[start : start + length].decode()
    return tuple(_tests(words.split(",") if words else [], _numbers(body[start + length :])))


def _tests(words: Sequence[str], numbers: Iterator[int]) -> Iterator[Recent]:
    kinds, sent = [word.split("/") for word in words], 0
    known = [
        (Verdict(verdict), took, Cause(cause) if cause else None, bool(quiet), Reason(*reason) if reason else None)
        for verdict, cause, quiet, took, *reason in kinds
    ]
    for later in numbers:
        sent += later
        verdict, took, cause, quiet, reason = known[next(numbers)]
        yield Recent(sent, verdict, next(numbers) if took else None, cause, quiet, reason)


def packed_counts(hours: Mapping[int, WindowCounts]) -> bytes:
    """Pack window counts by the hour."""
    numbers, before = list[int](), 0
    for hour in sorted(hours):
        counts = hours[hour]
        numbers += hour - before, counts.ontime, counts.late, counts.missed, counts.took
        before = hour
    return bytes([_PLAIN]) + _bytes(numbers)


def unpacked_counts(data: bytes) -> dict[int, WindowCounts]:
    """Read window counts by the hour. Raises ValueError where they are packed in another way."""
    numbers, hours, hour = _numbers(_body(data)), dict[int, WindowCounts](), 0
    for later in numbers:
        hour += later
        hours[hour] = WindowCounts(next(numbers), next(numbers), next(numbers), next(numbers))
    return hours


def _body(data: bytes) -> bytes:
    """Give what stands behind the first byte. Raises ValueError where that names another way of writing."""
    if data[:1] != bytes([_PLAIN]):
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
