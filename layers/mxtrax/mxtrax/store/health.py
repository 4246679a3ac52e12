"""What is known of domains now: DomainHealth, which the fold alone writes."""

from collections.abc import Iterable, Iterator

from mxtrax.model import DomainHealth
from mxtrax.rules.schedule import PACES
from mxtrax.store import mapping, packed_health, scanning
from mxtrax.store.tables import HealthRow


def health_of(key: str) -> DomainHealth:
    """Read what is known of a domain; of a new one, a blank."""
    return health_by_key([key])[key]


def health_by_key(keys: Iterable[str]) -> dict[str, DomainHealth]:
    """Read what is known of several domains; of a new one, a blank."""
    wanted = list(keys)
    found = {row.maildomain: mapping.health(row) for row in HealthRow.batch_get(wanted, consistent_read=True)}
    return {key: found.get(key) or DomainHealth(maildomain=key) for key in wanted}


def all_health() -> Iterator[DomainHealth]:
    """Read what is known of the whole fleet; tests and hours are unpacked where somebody asks for them."""
    return map(packed_health.of, scanning.items(HealthRow))


def wanting_retest() -> dict[str, int]:
    """Give the domains that are to be tested more often for now, and how often (rules.schedule.PACES)."""
    return {row.maildomain: pace for pace in PACES for row in HealthRow.retest_index.query(pace)}


def slowed(slowest: int) -> dict[str, int]:
    """Give the domains that are tested more slowly, and how often their interval is doubled, up to `slowest` times."""
    return {
        row.maildomain: doublings
        for doublings in range(1, slowest + 1)
        for row in HealthRow.slower_index.query(doublings)
    }
