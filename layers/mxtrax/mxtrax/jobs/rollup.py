"""Add the days of single domains up: for the fleet, for each customer, and for each provider.

Once an hour, all days that may still change. It would be too much for one request to read what this reads, and would cost
each fold two more writes to keep the sums up with every test.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Final

from mxtrax.model import SECOND, Millis, Stat
from mxtrax.rules.statistics import sum_of
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count
from mxtrax.store import fleet_queries, rollups, runtime, stats
from mxtrax.store.config import load_config

DAY_SECONDS: Final = 86_400


def run(now: Millis, settings: Settings) -> dict[str, int]:
    """Add up each day from the last on which a test may still change."""
    config = load_config(settings.initial)
    today = datetime.fromtimestamp(now // SECOND, UTC).date()
    groups = {key: _groups(customer, provider) for key, customer, provider in fleet_queries.belongings()}
    open_days = 2 + -(-config.max_sec_until_fail // DAY_SECONDS)
    written = [it for back in range(open_days) for it in _roll_up(today - timedelta(days=back), groups)]
    shown = {group for found in groups.values() for group in found if not rollups.is_provider(group)} | {rollups.FLEET}
    first = (today - timedelta(days=rollups.RECENT_DAYS - 1)).isoformat()
    rollups.keep_recent((it for it in written if it.maildomain in shown), first, today.isoformat())
    runtime.heartbeat("rollup", now)
    count("DaysRolledUp", len(written))
    return {"domains": len(groups), "days": open_days, "sums": len(written)}


def _roll_up(day: date, groups: dict[str, list[str]]) -> list[Stat]:
    """Add up one day. Domains that are gone still count for the fleet."""
    sums = defaultdict[str, list[Stat]](list)
    for stat in stats.of_day(day.isoformat()):
        for group in groups.get(stat.maildomain, [rollups.FLEET]):
            sums[group].append(stat)
            if len(sums[group]) == 500:
                sums[group] = [sum_of(sums[group])]
    found = [sum_of(stats, group, day.isoformat()) for group, stats in sums.items()]
    rollups.save(found)
    return found


def _groups(customer: str, provider: str) -> list[str]:
    own = [rollups.of_customer(customer)] if customer else []
    return [rollups.FLEET, *own, *([rollups.of_provider(provider)] if provider else [])]
