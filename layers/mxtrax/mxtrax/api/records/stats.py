"""Figures of days."""

from collections.abc import Iterable
from typing import Any, Final

from mxtrax.api.fields import Schema
from mxtrax.api.records.figures import FIGURES
from mxtrax.api.records.figures import figures as figures_of
from mxtrax.api.schema import DATE, MOMENT, NUMBER, WHOLE, maybe, record, seconds
from mxtrax.model import HourOfDay, Stat
from mxtrax.rules.statistics import availability

_FIGURES: Final[dict[str, Schema]] = {
    **FIGURES,
    "average_delivery_time": maybe(NUMBER),
    "ontime_percent": maybe(NUMBER),
    "returned_percent": maybe(NUMBER),
    "quiet_ontime_num": WHOLE,
    "quiet_late_num": WHOLE,
    "quiet_fail_num": WHOLE,
    "quiet_total_num": WHOLE,
}

FIGURES_OF_DAYS: Final = record(**_FIGURES)

DAY: Final = record(d=DATE, **_FIGURES)
HOUR: Final = record(at=MOMENT, ontime=WHOLE, late=WHOLE, missed=WHOLE, unsent=WHOLE, quiet=WHOLE, total=WHOLE)


def figures(it: Stat) -> dict[str, Any]:
    """Show the figures of a day, or of several together. What fell into maintenance is in the quiet ones alone."""
    returned = it.ontime_num + it.late_num
    known = availability([it])
    return {
        **figures_of(it),
        "average_delivery_time": seconds(it.total_delivery_time // returned) if returned else None,
        "ontime_percent": known and round(known.ontime, 3),
        "returned_percent": known and round(known.returned, 3),
        "quiet_ontime_num": it.quiet_ontime_num,
        "quiet_late_num": it.quiet_late_num,
        "quiet_fail_num": it.quiet_fail_num,
        "quiet_total_num": it.quiet_total_num,
    }


def days(them: Iterable[Stat]) -> list[dict[str, Any]]:
    """Show days."""
    return [{"d": it.d, **figures(it)} for it in them]


def hours(days: Iterable[Stat]) -> list[dict[str, Any]]:
    """Show the hours of days in order."""
    return [{"at": f"{day.d}T{hour:02}:00:00Z", **_hour(day.hours[hour])} for day in days for hour in sorted(day.hours)]


def _hour(it: HourOfDay) -> dict[str, Any]:
    return {
        "ontime": it.ontime,
        "late": it.late,
        "missed": it.missed,
        "unsent": it.unsent,
        "quiet": it.quiet,
        "total": it.total,
    }
