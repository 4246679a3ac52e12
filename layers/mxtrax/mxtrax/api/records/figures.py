"""The figures that all days have, under the wiki's names and ours."""

from typing import Any, Final

from mxtrax.api.fields import Schema
from mxtrax.api.schema import NUMBER, WHOLE, maybe, seconds
from mxtrax.model import Stat
from mxtrax.rules.statistics import percentile, times_of

FIGURES: Final[dict[str, Schema]] = {
    "fail_num": WHOLE,
    "late_num": WHOLE,
    "max_delivery_time": maybe(NUMBER),
    "min_delivery_time": maybe(NUMBER),
    "ontime_num": WHOLE,
    "total_delivery_time": NUMBER,
    "total_num": WHOLE,
    "unsent_num": WHOLE,
    "p50_delivery_time": maybe(NUMBER),
    "p95_delivery_time": maybe(NUMBER),
    "p99_delivery_time": maybe(NUMBER),
}


def figures(day: Stat) -> dict[str, Any]:
    """Show the figures that all days have."""
    times = times_of(day)
    return {
        "fail_num": day.fail_num,
        "late_num": day.late_num,
        "max_delivery_time": seconds(day.max_delivery_time),
        "min_delivery_time": seconds(day.min_delivery_time),
        "ontime_num": day.ontime_num,
        "total_delivery_time": seconds(day.total_delivery_time),
        "total_num": day.total_num,
        "unsent_num": day.unsent_num,
        "p50_delivery_time": seconds(percentile(times, 50)),
        "p95_delivery_time": seconds(percentile(times, 95)),
        "p99_delivery_time": seconds(percentile(times, 99)),
    }
