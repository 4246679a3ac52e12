"""Who is tested when, and who folds whom: phases, slots, shards and the pace of sending. All of it is arithmetic.

A slot is one minute of plan's clock, counted since 1970. A domain's phase spreads the fleet evenly over its interval.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import batched, groupby
from typing import Final

from mxtrax.model import SECOND, Config, MailDomain, Millis

SHARDS: Final = 16
"""Partitions of the due index. Fixed: a test is written under its shard, and a changed number would orphan it."""

DOMAINS_PER_WORKER: Final = 2_000
TRANSACTION_LIMIT: Final = 100
"""Writes in one DynamoDB transaction; a batch of tests is written in one."""

NOT_IN_TIME: Final = -1


def slot_at(now: Millis, minute_seconds: int) -> int:
    """Give the slot of a moment, where a minute of plan's clock lasts `minute_seconds` seconds."""
    return now // (minute_seconds * SECOND)


def shard_of(maildomain: str) -> int:
    """Give the shard, 0 to SHARDS - 1, whose worker folds this domain's tests."""
    return _spread(b"shard", maildomain) % SHARDS


def is_due(domain: MailDomain, slot: int, config: Config, *, retest: bool) -> bool:
    """Tell whether a domain is tested in this slot: by its interval and phase, or sooner after a miss."""
    if domain.maintmode:
        return False
    interval = domain.interval_minutes or config.interval_minutes
    return (slot + _spread(b"phase", domain.key)) % interval == 0 or (retest and slot % config.retest_minutes == 0)


def workers(fleet: int) -> list[list[int]]:
    """Deal the shards to as many workers as a fleet of this many domains needs."""
    count = min(SHARDS, 1 + fleet // DOMAINS_PER_WORKER)
    return [list(range(worker, SHARDS, count)) for worker in range(count)]


def paced[T](due: Sequence[T], per_second: float, minute_seconds: int) -> Iterator[tuple[int, list[T]]]:
    """Split what is due into batches, each with the second of the minute in which it goes out.

    No second gets more than its share, and a batch is no larger than what goes out within a second. What does not fit
    into the minute comes last, under NOT_IN_TIME: it is not sent, and whoever gets it says so.
    """

    def second(number: int) -> int:
        delay = int(number / per_second)
        return delay if delay < minute_seconds else NOT_IN_TIME

    for delay, together in groupby(range(len(due)), second):
        for batch in batched(together, TRANSACTION_LIMIT, strict=False):
            yield delay, [due[number] for number in batch]


def _spread(purpose: bytes, key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8, person=purpose).digest())
