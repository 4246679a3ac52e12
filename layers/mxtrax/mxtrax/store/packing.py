"""DomainHealth as DynamoDB holds it: packed, so that what is written anew with every test stays below 1 KB.

Numbers are written seven bits a byte, the lowest first, the top bit set where more follow; moments as what they are later
than the one before. So a test on time takes 6 bytes of 60, and an hour 7. The first byte of a pack says how it is written:
another way gets another number, and what was written before stays readable.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mxtrax.model import Cause, Recent, Verdict, WindowCounts

_PLAIN: Final = 1
"""The only way so far."""

VERDICTS: Final = (
    Verdict.PENDING,
    Verdict.ONTIME,
    Verdict.LATE,
    Verdict.OVERDUE,
    Verdict.FAILED,
    Verdict.UNSENT,
)
"""By their places in the lowest three bits of a test's first byte; a new one comes last."""

_QUIET: Final = 0b0000_1000
_TOOK: Final = 0b0001_0000
_CAUSE: Final = 0b0010_0000

CAUSES: Final = (
    Cause.REFUSED,
    Cause.DEFERRED,
    Cause.ACCEPTED_THEN_LOST,
    Cause.RETURNED_AS_BOUNCE,
    Cause.FORWARD_BLOCKED,
    Cause.SLOW_OUTBOUND,
    Cause.SLOW_INSIDE,
    Cause.SLOW_RETURN,
    Cause.NO_WORD,
    Cause.SUPPRESSED,
    Cause.SEND_FAILED,
    Cause.THROTTLED,
    Cause.MONITOR_FAULT,
    Cause.STORM,
)
"""By their places; a new one comes last, and none ever goes."""

_NUMBER_OF_VERDICT: Final = {verdict: number for number, verdict in enumerate(VERDICTS)}
_NUMBER_OF_CAUSE: Final = {cause: number for number, cause in enumerate(CAUSES)}


def packed_tests(tests: Sequence[Recent]) -> bytes:
    """Pack recent tests, which are in the order of their sending."""
    numbers, sent = [_PLAIN], 0
    for test in tests:
        quiet, took, cause = test.quiet * _QUIET, (test.took is not None) * _TOOK, (test.cause is not None) * _CAUSE
        numbers += test.sendtime - sent, _NUMBER_OF_VERDICT[test.verdict] | quiet | took | cause
        if test.took is not None:
            numbers.append(test.took)
        if test.cause is not None:
            numbers.append(_NUMBER_OF_CAUSE[test.cause])
        sent = test.sendtime
    return _bytes(numbers)


def unpacked_tests(data: bytes) -> tuple[Recent, ...]:
    """Read recent tests."""
    return tuple(_tests(_numbers(data)))


def _tests(numbers: Iterator[int]) -> Iterator[Recent]:
    sent = 0
    for later in numbers:
        sent, kind = sent + later, next(numbers)
        took = next(numbers) if kind & _TOOK else None
        cause = CAUSES[next(numbers)] if kind & _CAUSE else None
        yield Recent(sent, VERDICTS[kind & 0b111], took, cause, bool(kind & _QUIET))


def packed_counts(hours: Mapping[int, WindowCounts]) -> bytes:
    """Pack window counts by the hour."""
    numbers, before = [_PLAIN], 0
    for hour in sorted(hours):
        counts = hours[hour]
        numbers += hour - before, counts.ontime, counts.late, counts.missed, counts.took
        before = hour
    return _bytes(numbers)


def unpacked_counts(data: bytes) -> dict[int, WindowCounts]:
    """Read window counts by the hour."""
    numbers, hours, hour = _numbers(data), dict[int, WindowCounts](), 0
    for later in numbers:
        hour += later
        hours[hour] = WindowCounts(next(numbers), next(numbers), next(numbers), next(numbers))
    return hours


def _bytes(numbers: Sequence[int]) -> bytes:
    """Write numbers one after the other. Raises ValueError for one below 0."""
    if min(numbers) < 0:
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
    """Read the numbers behind the first one. Raises ValueError where that names another way of writing."""
    if data[:1] != bytes([_PLAIN]):
        raise ValueError("this was packed in another way")
    number = shift = 0
    for byte in data[1:]:
        number |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
        else:
            yield number
            number = shift = 0
