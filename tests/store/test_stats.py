"""The days of many domains: spread over shards, and read as one list."""

import pytest

from mxtrax.model import Stat
from mxtrax.rules.schedule import SHARDS, shard_of
from mxtrax.store import mapping, stats
from mxtrax.store.tables import StatRow
from tests.stage import Stage

DAY = "2026-11-22"
KEYS = [f"mx@d{number:03}.example" for number in range(120)]


@pytest.fixture
def fleet(it: Stage) -> None:
    """Give 120 domains a day, and two of them the day before."""
    for key in KEYS:
        mapping.stat_row(Stat(maildomain=key, d=DAY, ontime_num=1, version=1)).save()
    for key in KEYS[:2]:
        mapping.stat_row(Stat(maildomain=key, d="2026-11-21", ontime_num=1, version=1)).save()


@pytest.mark.usefixtures("fleet")
def test_the_domains_of_a_day_come_by_address() -> None:
    """Whatever their shards are, and wherever reading continues; more of them than one call gives."""
    assert {shard_of(key) for key in KEYS} == set(range(SHARDS))
    assert [stat.maildomain for stat in stats.of_day(DAY)] == KEYS
    assert [stat.maildomain for stat in stats.of_day(DAY, 7)] == KEYS[:7]
    assert [stat.maildomain for stat in stats.of_day(DAY, 7, KEYS[6])] == KEYS[7:14]
    assert [stat.d for stat in stats.of_day("2026-11-21")] == ["2026-11-21"] * 2
    assert list(stats.of_day("2026-11-20")) == []


@pytest.mark.usefixtures("fleet")
def test_the_domains_of_a_day_are_counted() -> None:
    """Over all shards."""
    assert (stats.count_of_day(DAY), stats.count_of_day("2026-11-21"), stats.count_of_day("2026-11-20")) == (120, 2, 0)


@pytest.mark.usefixtures("fleet")
def test_a_day_that_the_index_tells_of_and_the_table_does_not_yet_is_left_out() -> None:
    """Index and table do not learn of a new day in the same moment."""
    gone = StatRow(KEYS[3], DAY)
    keys = [*KEYS[:3], *KEYS[4:]]
    gone.delete()
    assert [stat.maildomain for stat in stats.of_day(DAY)] == keys
