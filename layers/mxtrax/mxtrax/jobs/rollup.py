"""Add up the days of single domains: for the fleet, for each customer, and for each provider.

This runs once an hour, over all days that may still change. One request could not read all that, and keeping the sums
with every test would cost each fold two more writes.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Final

from mxtrax.model import SECOND, Config, Millis, Stat
from mxtrax.rules import untested
from mxtrax.rules.statistics import sum_of
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import fleet, fleet_queries, rollups, runtime, stats
from mxtrax.store.config import load_config
from mxtrax.store.health import health_by_key

DAY_SECONDS: Final = 86_400

MOST_LOOKED_AT: Final = 2_000
"""Domains without a recent test that are checked in a round; most of them are in maintenance."""

MOST_NAMED: Final = 20
"""Domains that the log names."""


def run(now: Millis, settings: Settings) -> dict[str, int]:
    """Add up each day from the last on which a test may still change."""
    config = load_config(settings.initial)
    today = datetime.fromtimestamp(now // SECOND, UTC).date()
    groups = {key: _groups(customer, provider) for key, customer, provider in fleet_queries.belongings()}
    open_days = 2 + -(-config.max_sec_until_fail // DAY_SECONDS)
    newest = dict[str, Millis]()
    written = [it for back in range(open_days) for it in _roll_up(today - timedelta(days=back), groups, newest)]
    shown = {group for found in groups.values() for group in found if not rollups.is_provider(group)} | {rollups.FLEET}
    first = (today - timedelta(days=rollups.RECENT_DAYS - 1)).isoformat()
    rollups.keep_recent((it for it in written if it.maildomain in shown), first, today.isoformat())
    before = untested.start_of((today - timedelta(days=open_days - 1)).isoformat())
    left_out = _left_out({key: newest.get(key, before) for key in groups}, config, now)
    runtime.heartbeat("rollup", now)
    count("DaysRolledUp", len(written))
    return {"domains": len(groups), "days": open_days, "sums": len(written), "left_out": left_out}


def _roll_up(day: date, groups: dict[str, list[str]], newest: dict[str, Millis]) -> list[Stat]:
    """Add up one day, and note when each domain was last tested. Domains that are gone still count for the fleet."""
    sums = defaultdict[str, list[Stat]](list)
    for stat in stats.of_day(day.isoformat()):
        if (last := untested.newest(stat)) is not None:
            newest[stat.maildomain] = max(last, newest.get(stat.maildomain, 0))
        for group in groups.get(stat.maildomain, [rollups.FLEET]):
            sums[group].append(stat)
            if len(sums[group]) == 500:
                sums[group] = [sum_of(sums[group])]
    found = [sum_of(stats, group, day.isoformat()) for group, stats in sums.items()]
    rollups.save(found)
    return found


def _left_out(newest: dict[str, Millis], config: Config, now: Millis) -> int:
    """Record which domains are not tested although they should be; watch notifies people."""
    silent = sorted(key for key, last in newest.items() if now - last > untested.LEAST)[:MOST_LOOKED_AT]
    domains, known = fleet.by_keys(silent), health_by_key(silent)
    slower = {key: known[key].slower for key in domains}
    looks = [key for key, it in domains.items() if untested.is_left_out(it, newest[key], slower[key], config, now)]
    before = runtime.untested()
    suspects = {key: before.suspects.get(key, now) for key in looks}
    certain = [key for key in looks if untested.is_certain(domains[key], suspects[key], slower[key], config, now)]
    if certain:
        logger.error("domains are not tested", number=len(certain), maildomains=certain[:MOST_NAMED])
        count("DomainsLeftOut", len(certain))
    if suspects or before.suspects:
        runtime.save_untested(suspects, len(certain), now)
    return len(certain)


def _groups(customer: str, provider: str) -> list[str]:
    own = [rollups.of_customer(customer)] if customer else []
    return [rollups.FLEET, *own, *([rollups.of_provider(provider)] if provider else [])]
