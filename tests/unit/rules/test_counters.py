"""What monitoring systems count of tests."""

from collections import Counter
from dataclasses import replace

import pytest

from mxtrax.model import SECOND, MailTest, Verdict
from mxtrax.rules import counters
from mxtrax.store.tables import RuntimeRow

TEST = MailTest(testid="t", maildomain="d", sendtime=1_000, maxreturntime=300, max_sec_until_fail=86_400)


@pytest.mark.parametrize(
    ("seconds", "verdict", "bucket"),
    [(0, "ontime", 1), (1, "ontime", 1), (1.5, "ontime", 5), (300, "ontime", 300), (86_400, "late", 86_400)],
)
def test_a_round_trip_falls_into_the_first_bucket_that_holds_it(seconds: float, verdict: str, bucket: int) -> None:
    """Bounds belong to the shorter side, as `le` says."""
    took = int(seconds * SECOND)
    added = counters.of(replace(TEST, receivetime=1_000 + took), Verdict(verdict))
    assert +added == +Counter({verdict: 1, "took": took, f"within_{bucket}": 1})


def test_what_takes_longer_than_the_last_bound_is_in_no_bucket_and_counts() -> None:
    """The bucket +Inf is the number of all that came back."""
    late = replace(TEST, receivetime=1_000 + 90_000 * SECOND)
    assert counters.of(late, Verdict.LATE) == {"late": 1, "took": 90_000 * SECOND}


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        (replace(TEST, quiet=True, receivetime=2_000), Verdict.ONTIME),
        (replace(TEST, counted=Verdict.OVERDUE), Verdict.OVERDUE),
        (TEST, Verdict.PENDING),
    ],
)
def test_maintenance_and_what_is_not_new_count_nothing(test: MailTest, verdict: Verdict) -> None:
    """A graph shows no outage that was planned, and no test twice under one verdict."""
    assert not counters.of(test, verdict)


def test_each_counter_has_a_place() -> None:
    """In the one item that holds them."""
    assert set(counters.NAMES) <= RuntimeRow.get_attributes().keys()
