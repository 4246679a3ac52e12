"""What SES lets an account send in a day, and how much of that retests may use.

The scheduled rounds are never cut: they are what customers were promised. A twentieth is kept for alerts. The rest is
for retests, which become rarer as it is used up and then stop: otherwise an outage of an hour would use up the whole
day's mails.
"""

import sys
from collections.abc import Iterable, Mapping
from typing import Final

from mxtrax.model import HOUR, SECOND, Config, MailDomain, Millis
from mxtrax.rules.schedule import interval_of

ALERTS: Final = 5
"""Per cent of the day's mails that are kept for alerts."""

HOURS: Final = 24
"""SES's day: the last 24 hours."""

PACES: Final = ((0.5, 1), (0.75, 2), (0.9, 4), (1.0, 8))
"""How retests back off: up to this part of their share, they go out in every nth of their minutes."""


def hour_of(now: Millis) -> int:
    """Give the hour that a moment is in, counted since 1970."""
    return now // HOUR


def spent(by_hour: Mapping[int, int], now: Millis) -> tuple[int, int]:
    """Give how many tests were ordered in the last day, and for how many of its hours that is known."""
    known = {hour: number for hour, number in by_hour.items() if hour_of(now) - HOURS < hour <= hour_of(now)}
    return sum(known.values()), hour_of(now) - min(known, default=hour_of(now)) + 1


def with_spent(by_hour: Mapping[int, int], number: int, now: Millis) -> dict[int, int]:
    """Add tests ordered now; hours older than a day are dropped."""
    hour = hour_of(now)
    kept = {each: count for each, count in by_hour.items() if hour - HOURS < each <= hour}
    return {**kept, hour: kept.get(hour, 0) + number}


def nominal(fleet: Iterable[MailDomain], config: Config, minute_seconds: int) -> float:
    """Give how many tests a day the fleet's intervals come to."""
    slots = HOURS * HOUR / (minute_seconds * SECOND)
    return sum(slots / interval_of(domain, config) for domain in fleet if not domain.maintmode)


def share(planned: float, quota: int) -> float:
    """Give the mails of a day that are left for retests; below zero if the fleet's intervals alone exceed the quota."""
    return quota * (100 - ALERTS) / 100 - planned


def retested_all_day(planned: float, quota: int, config: Config, minute_seconds: int) -> int:
    """Give how many domains can fail for days while each is still retested every `retest_minutes`."""
    part, _ = PACES[0]
    each = HOURS * HOUR / (minute_seconds * SECOND) * (1 / config.retest_minutes - 1 / config.interval_minutes)
    return int(max(0.0, share(planned, quota)) * part / each) if each > 0 else sys.maxsize


def every(by_hour: Mapping[int, int], planned: float, quota: int, now: Millis) -> int:
    """Give n if retests may go out in every nth of their minutes, 0 if not at all, 1 without a quota.

    `planned` is how many tests a day the fleet's intervals give.
    """
    if quota <= 0:
        return 1
    left = share(planned, quota)
    number, hours = spent(by_hour, now)
    used = number - planned * hours / HOURS
    return next((pace for part, pace in PACES if left > 0 and used < left * part), 0)


def afforded[T](wanted: Mapping[str, T], pace: int, slot: int) -> dict[str, T]:
    """Give the retests that the budget allows in a slot: each domain has its turn in every `pace`th slot."""
    if pace == 0:
        return {}
    return {key: it for number, (key, it) in enumerate(sorted(wanted.items())) if (slot + number) % pace == 0}
