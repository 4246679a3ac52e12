"""Counters of tests for a monitoring system: by verdict, and how long round trips took. They only ever grow.

The figures of record are the days (`rules/statistics.py`). These counters are for graphs and rates: if a worker dies
between its fold and its count, its tests are missing.
"""

from collections import Counter
from typing import Final

from mxtrax.model import SECOND, MailTest, Verdict
from mxtrax.rules.verdict import delivery_time

VERDICTS: Final = (Verdict.ONTIME, Verdict.LATE, Verdict.OVERDUE, Verdict.FAILED, Verdict.UNSENT)
"""What is counted. An overdue test is counted once more when it turns out late or failed."""

BOUNDS: Final = (1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 86_400)
"""Seconds that a round trip took at most; each is a bucket of the histogram."""

TOOK: Final = "took"
"""Names the milliseconds of all round trips together."""


def within(bound: int) -> str:
    """Name the round trips that took at most this many seconds, and longer than the bound before."""
    return f"within_{bound}"


NAMES: Final = (*VERDICTS, TOOK, *map(within, BOUNDS))
"""All counters."""


def of(test: MailTest, verdict: Verdict) -> Counter[str]:
    """Give what a test adds to the counters with a new verdict. In maintenance it adds nothing."""
    if test.quiet or verdict is test.counted or verdict not in VERDICTS:
        return Counter()
    added = Counter[str]({verdict.value: 1})
    took = delivery_time(test)
    if took is not None and verdict in (Verdict.ONTIME, Verdict.LATE):
        added[TOOK] = took
        added.update(within(bound) for bound in [each for each in BOUNDS if took <= each * SECOND][:1])
    return added
