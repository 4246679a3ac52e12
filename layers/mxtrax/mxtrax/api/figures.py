"""The figures that all days have: the wiki's, under its names, and ours."""

from typing import Any

from mxtrax.api.schema import Duration
from mxtrax.frozen import dataclass
from mxtrax.model import Stat
from mxtrax.rules.statistics import percentile, times_of


@dataclass(frozen=True, kw_only=True)
class Additions:
    """What we add to the wiki's figures."""

    unsent_num: int
    p50_delivery_time: Duration | None
    p95_delivery_time: Duration | None
    p99_delivery_time: Duration | None


@dataclass(frozen=True, kw_only=True)
class Figures(Additions):
    """What a day has, or several together."""

    fail_num: int
    late_num: int
    max_delivery_time: Duration | None
    min_delivery_time: Duration | None
    ontime_num: int
    total_delivery_time: Duration
    total_num: int


def percentiles(it: Stat) -> dict[str, Any]:
    """Work out the percentiles of a day, by the names of their fields."""
    times = times_of(it)
    return {f"p{q}_delivery_time": percentile(times, q) for q in (50, 95, 99)}
