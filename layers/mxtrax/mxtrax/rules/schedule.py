"""When each domain is tested, and which worker folds it: phases, slots, shards, the pace of sending. Pure arithmetic.

A slot is one minute of plan's clock, counted since 1970. A domain's phase spreads the fleet evenly over its interval.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from itertools import batched, groupby
from typing import Final

from mxtrax.model import MINUTE, SECOND, Config, MailDomain, Millis
from mxtrax.rules.limits import effective

SHARDS: Final = 16
"""Partitions of the due index. Fixed: a test is written under its shard, and a changed number would orphan it."""

DOMAINS_PER_WORKER: Final = 2_000
TRANSACTION_LIMIT: Final = 100
"""Writes in one DynamoDB transaction; a batch of tests is written in one."""

MOST_AHEAD: Final = 5 * MINUTE
"""How far ahead of our clock a given moment may be: clocks do not differ by more."""

NOT_IN_TIME: Final = -1

WITNESSED: Final = -1
"""The pace of a suspicious domain: each minute, together with healthy domains of its provider."""

PACES: Final = (WITNESSED, 1, 2, 4, 8)
"""How often a domain is retested, in minutes, except for the first."""

CATCHING_UP: Final = 10
"""Minutes over which the fleet is tested once after a fault of our own, at most."""

WITNESSES: Final = 5
"""Healthy domains of a provider that are tested in a minute along with suspicious ones."""

SLOWEST: Final = 4
"""A domain that refuses permanently is tested 2 ** 4 times less often at most: every 4 hours, not every 15 minutes."""

DAILY: Final = 1_440
"""The longest interval at a slower pace, in minutes."""

MOST_BOUNCES: Final = 2.5
"""Per cent of all tests that may bounce before tests are slowed down. SES reviews accounts from 5 % on."""


def slot_at(now: Millis, minute_seconds: int) -> int:
    """Give the slot of a moment, if a minute of plan's clock lasts `minute_seconds` seconds."""
    return now // (minute_seconds * SECOND)


def shard_of(maildomain: str) -> int:
    """Give the shard, 0 to SHARDS - 1, whose worker folds this domain's tests."""
    return _spread(b"shard", maildomain) % SHARDS


def is_due(domain: MailDomain, slot: int, config: Config, *, retest: int = 0, slower: int = 0) -> bool:
    """Say whether a domain is tested in this slot: by its interval and phase, or sooner after a miss.

    `retest` is one of PACES, 0 for none; `slower` doubles the interval this many times, up to a day.
    """
    if domain.maintmode:
        return False
    shifted = slot + _spread(b"phase", domain.key)
    return shifted % interval_of(domain, config, slower) == 0 or (
        retest != 0 and shifted % (abs(retest) * config.retest_minutes) == 0
    )


def is_due_again(domain: MailDomain, slot: int, ended: int, config: Config) -> bool:
    """Say whether a domain is tested in this slot because a fault of our own ended in the slot `ended`.

    Each domain is, once, within its interval or ten minutes: so what the fault hid shows soon, but not all at once.
    """
    spread = min(interval_of(domain, config), CATCHING_UP)
    return not domain.maintmode and slot - ended == 1 + _spread(b"again", domain.key) % spread


def witnesses(candidates: Iterable[tuple[str, str]], doubted: AbstractSet[str], slot: int) -> set[str]:
    """Choose healthy domains of doubted providers, to be tested along with the suspicious ones.

    `candidates` are keys with their providers, `doubted` the providers. At most five of each in a slot, others in the next.
    """
    by_provider: dict[str, list[tuple[int, str]]] = {}
    for key, provider in candidates:
        if provider in doubted:
            by_provider.setdefault(provider, []).append((_spread(b"phase", f"{slot}{key}"), key))
    return {key for found in by_provider.values() for _, key in sorted(found)[:WITNESSES]}


def together(wanted: Mapping[str, int], providers: Mapping[str, str], down: AbstractSet[str]) -> Mapping[str, int]:
    """Retest a provider's down domains each minute once another of its domains answers again: an outage ends for all.

    `wanted` are paces and `providers` names, both by key; domains that are down and recovering are retested each
    minute.
    """
    back = {providers[key] for key, pace in wanted.items() if pace == 1 and key in down and key in providers}
    return {key: 1 if pace > 1 and providers.get(key) in back else pace for key, pace in wanted.items()}


def is_observed(domain: MailDomain, planned: range) -> bool:
    """Say whether a domain's servers are looked up in one of these slots: once a day, whatever its interval."""
    return any((slot + _spread(b"phase", domain.key)) % DAILY == 0 for slot in planned)


def interval_of(domain: MailDomain, config: Config, slower: int = 0) -> int:
    """Give the minutes between two tests of a domain."""
    interval = effective(domain, config).interval_minutes
    return min(interval << slower, max(interval, DAILY))


def bounce_percent(fleet: Iterable[MailDomain], slower: Mapping[str, int], config: Config) -> float:
    """Give the percentage of all tests that will bounce at today's pace, as SES counts.

    `slower` has the domains that refuse permanently; domains that return tests by bounce count as well.
    """
    bounces = tests = 0.0
    for domain in fleet:
        if not domain.maintmode:
            a_day = DAILY / interval_of(domain, config, slower.get(domain.key, 0))
            tests += a_day
            bounces += a_day if domain.returns_bounce or domain.key in slower else 0
    return bounces * 100 / tests if tests else 0.0


def braked(fleet: Sequence[MailDomain], slower: Mapping[str, int], config: Config) -> Mapping[str, int]:
    """Slow down domains that refuse permanently if too much would bounce: to the slowest pace, then to once a day."""
    for pace in (slower, dict.fromkeys(slower, SLOWEST)):
        if bounce_percent(fleet, pace, config) <= MOST_BOUNCES:
            return pace
    return dict.fromkeys(slower, DAILY.bit_length())


def workers(fleet: int) -> list[tuple[int, ...]]:
    """Divide the shards among as many workers as a fleet of this many domains needs."""
    count = min(SHARDS, 1 + fleet // DOMAINS_PER_WORKER)
    return [tuple(range(worker, SHARDS, count)) for worker in range(count)]


def paced[T](due: Sequence[T], per_second: float, minute_seconds: int) -> Iterator[tuple[int, list[T]]]:
    """Split what is due into batches, each with the second of the minute in which it goes out.

    No second gets more than its share, and a batch is no larger than what goes out within a second. What does not fit
    into the minute comes last, under NOT_IN_TIME: it is not sent, and the sender says so.
    """

    def second(number: int) -> int:
        delay = int(number / per_second)
        return delay if delay < minute_seconds else NOT_IN_TIME

    for delay, together in groupby(range(len(due)), second):
        for batch in batched(together, TRANSACTION_LIMIT, strict=False):
            yield delay, [due[number] for number in batch]


def _spread(purpose: bytes, key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8, person=purpose).digest())
