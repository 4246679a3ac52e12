"""What is known about domains now: DomainHealth, which only the fold writes."""

from collections.abc import Iterable, Iterator

from mxtrax.model import DomainHealth
from mxtrax.rules.schedule import PACES
from mxtrax.store import mapping, packed_health, scanning
from mxtrax.store.tables import HealthRow


def health_of(key: str) -> DomainHealth:
    """Read a domain's health; a blank for a new domain."""
    return health_by_key([key])[key]


def health_by_key(keys: Iterable[str]) -> dict[str, DomainHealth]:
    """Read several domains' health; a blank for a new domain."""
    wanted = list(keys)
    found = {row.maildomain: mapping.health(row) for row in HealthRow.batch_get(wanted, consistent_read=True)}
    return {key: found.get(key) or DomainHealth(maildomain=key) for key in wanted}


def all_health() -> Iterator[DomainHealth]:
    """Read the whole fleet's health; tests and hours are unpacked on first use."""
    return map(packed_health.of, scanning.items(HealthRow))


def wanting_retest() -> dict[str, int]:
    """Give the domains that are tested more often for now, and how often (rules.schedule.PACES)."""
    return {row.maildomain: pace for pace in PACES for row in HealthRow.retest_index.query(pace)}


def slowed(slowest: int) -> dict[str, int]:
    """Give the domains that are tested less often, and how many times their interval is doubled, up to `slowest`."""
    return {
        row.maildomain: doublings
        for doublings in range(1, slowest + 1)
        for row in HealthRow.slower_index.query(doublings)
    }
