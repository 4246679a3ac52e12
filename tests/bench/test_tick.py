"""A minute of a large fleet, by the limits of DynamoDB's partitions."""

import math

from infra.bench import tick


def test_a_hundred_thousand_domains_go_into_four_partitions() -> None:
    """Tested every 5 minutes, even with the first tests of a day; all of them are folded within the minute."""
    for midnight in (False, True):
        it = tick.minute(100_000, 5, midnight=midnight)
        _, units = it.busiest()
        assert units <= tick.LIMIT
        assert it.last < tick.MINUTE


def test_without_a_pace_all_workers_would_write_in_one_second() -> None:
    """So it is the pace that keeps them apart, and each test still costs the same units."""
    paced, at_once = tick.minute(100_000, 5), tick.minute(100_000, 5, per_second=math.inf)
    _, units = at_once.busiest()
    assert units > 5 * tick.LIMIT
    assert paced.spent.total() == at_once.spent.total() == 14 * 20_000
