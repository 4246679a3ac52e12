"""The days of the sample fleet, made up of their hours."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from mxtrax.model import SECOND, HourOfDay, MailDomain, Millis, Stat
from mxtrax.rules.statistics import bucket_of

PATCHED: Final = 3
"""This many days ago, the customer acme had maintenance, from 22:00 to midnight (UTC)."""


def days(domain: MailDomain, seconds: float, now: Millis, count: int, rng: random.Random) -> list[Stat]:
    """Make up the days, with four tests an hour; on two of them there were no tests."""
    today = datetime.fromtimestamp(now / SECOND, UTC)
    found = []
    for back in range(count, -1, -1):
        if back in (12, 13):
            continue
        hours = {hour: _hour(domain.domainname, back, hour, rng) for hour in range(today.hour + 1 if back == 0 else 24)}
        if domain.customer == "acme" and back == PATCHED:
            hours |= {hour: HourOfDay(quiet=4) for hour in (22, 23)}
        found.append(_day(domain, seconds, (today - timedelta(days=back)).date().isoformat(), hours, rng))
    return found


def _hour(name: str, back: int, hour: int, rng: random.Random) -> HourOfDay:
    """Make up an hour. Nights are slow, because of backups."""
    late = rng.choice((0, 0, 1, 2)) if hour == 2 else int(rng.random() < 0.02)
    missed = 2 * int(rng.random() < 0.01)
    if name == "quarry.example" and back < 3:
        late = rng.choice((0, 0, 1, 2))
    if name == "lighthouse.example" and back < 2 and 8 <= hour < 18:
        missed = rng.choice((0, 1, 2))
    return HourOfDay(ontime=4 - late - missed, late=late, missed=missed, unsent=int(rng.random() < 0.003))


def _day(domain: MailDomain, seconds: float, d: str, hours: Mapping[int, HourOfDay], rng: random.Random) -> Stat:
    ontime, late, missed, quiet = (
        sum(getattr(hour, name) for hour in hours.values()) for name in ("ontime", "late", "missed", "quiet")
    )
    times = [round(seconds * SECOND * rng.uniform(0.4, 2.2)) for _ in range(ontime)]
    times += [round(rng.uniform(301, 420) * SECOND) for _ in range(late)]
    return Stat(
        maildomain=domain.key,
        d=d,
        min_delivery_time=min(times, default=None),
        max_delivery_time=max(times, default=None),
        ontime_num=ontime,
        late_num=late,
        fail_num=missed - int(missed > 0),
        total_num=ontime + late + missed,
        total_delivery_time=sum(times),
        unsent_num=sum(hour.unsent for hour in hours.values()),
        quiet_ontime_num=quiet,
        quiet_total_num=quiet,
        histogram=Counter(bucket_of(took) for took in times),
        hours=hours,
        version=1,
    )
