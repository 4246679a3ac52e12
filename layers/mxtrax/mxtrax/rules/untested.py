"""Is every domain tested? If one is left out of the rounds while all jobs run, the fault is the monitor's own."""

from datetime import UTC, datetime
from typing import Final

from mxtrax.model import HOUR, MINUTE, SECOND, Config, MailDomain, Millis, Stat
from mxtrax.rules.limits import effective

INTERVALS: Final = 3
"""This many intervals without a test are no coincidence."""

LEAST: Final = 3 * HOUR
"""How long a domain may go without a test in any case: a day counts its tests by the hour."""

SURE: Final = 50 * MINUTE
"""For how long a domain has to look left out before anybody is notified: it may have come out of maintenance just now."""


def newest(stat: Stat) -> Millis | None:
    """Give the end of the last hour of a day in which a test was sent, whatever became of it; None without any."""
    hours = [hour for hour, it in stat.hours.items() if it.total or it.unsent or it.quiet]
    return start_of(stat.d) + (max(hours) + 1) * HOUR if hours else None


def start_of(day: str) -> Millis:
    """Give the moment at which a day begins."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * SECOND


def is_left_out(domain: MailDomain, last: Millis, slower: int, config: Config, now: Millis) -> bool:
    """Say whether a domain has missed three tests since its last one."""
    since = max(last, domain.added)
    return not domain.maintmode and now - since > max(LEAST, INTERVALS * interval(domain, slower, config))


def is_certain(domain: MailDomain, since: Millis, slower: int, config: Config, now: Millis) -> bool:
    """Say whether a domain has looked left out for long enough, for an interval at least."""
    return now - since >= max(SURE, interval(domain, slower, config))


def interval(domain: MailDomain, slower: int, config: Config) -> Millis:
    """Give how far apart the tests of a domain are, with each doubling for one that refuses for good."""
    return effective(domain, config).interval_minutes * MINUTE << slower
