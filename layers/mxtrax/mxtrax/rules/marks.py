"""The early mark: how long a test may be out before it is suspicious, by how long a domain's tests usually take."""

import math
from collections.abc import Sequence
from typing import Final

from mxtrax.model import SECOND, Millis, Recent, Verdict

QUICKEST_MARK: Final = 50
SLOWEST_MARK: Final = 150
"""Seconds after which a test that is still out is suspicious, at least and at most."""

LONGEST_FRESH: Final[Millis] = SLOWEST_MARK * SECOND + 1
"""How long after its sending a test is due for the first time, at most."""

ENOUGH: Final = 20
"""From this many returns on, a domain's own 95th percentile says what is usual for it."""

STEP: Final = 10
"""Marks are rounded up to this many seconds, so that they rarely change."""


def early_mark(recent: Sequence[Recent], maxreturntime: int) -> int:
    """Give the seconds after which a test that is not back is suspicious: 1.5 times the domain's own 95th percentile.

    While few have come back, it is three times the slowest of them: waiting longest for the least known domains would
    report their outages late.
    """
    took = sorted(test.took for test in recent if test.took is not None and test.verdict is Verdict.ONTIME)
    if not took:
        return min(SLOWEST_MARK, maxreturntime)
    usual = took[math.ceil(len(took) * 95 / 100) - 1] * 1.5 if len(took) >= ENOUGH else took[-1] * 3
    rounded = math.ceil(usual / SECOND / STEP) * STEP
    return min(max(QUICKEST_MARK, min(rounded, SLOWEST_MARK)), maxreturntime)
