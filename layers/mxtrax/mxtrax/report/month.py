"""A customer's month as a CSV file (RFC 4180) that a spreadsheet takes: a row for each domain, and one for all."""

import csv
import io
from collections.abc import Iterator

from mxtrax.model import MINUTE, SECOND, Stat
from mxtrax.report import words
from mxtrax.rules.formulas import guarded
from mxtrax.rules.month import Minutes, Month
from mxtrax.rules.statistics import availability, percentile, sum_of, times_of

HEADER = (
    "month",
    "customer",
    "domain",
    "availability in per cent",
    "target in per cent",
    "minutes counted",
    "minutes down",
    "minutes allowed down",
    "minutes slow",
    "minutes left out",
    "minutes unmeasured",
    "incidents",
    "tests",
    "on time in per cent",
    "average delivery time in seconds",
    "95 per cent within seconds",
)


def render(month: Month, customer: str, target_percent: float) -> bytes:
    """Write a month in UTF-8 with a byte order mark: without one, Excel takes it for another encoding."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows([guarded(words.clean(cell)) for cell in row] for row in _rows(month, customer, target_percent))
    return out.getvalue().encode("utf-8-sig")


def _rows(month: Month, customer: str, target_percent: float) -> Iterator[list[str]]:
    for it in month.domains:
        name, number = it.domain.address, len(it.incidents)
        yield [month.name, customer, name, *_cells(it.minutes, target_percent), str(number), *_figures(it.figures)]
    whole = sum_of(it.figures for it in month.domains)
    number = sum(len(it.incidents) for it in month.domains)
    yield [month.name, customer, "all", *_cells(month.minutes, target_percent), str(number), *_figures(whole)]


def _cells(it: Minutes, target_percent: float) -> list[str]:
    known = it.availability
    lasting = (it.counted, it.down, it.allowed(target_percent), it.slow, it.left_out, it.unmeasured)
    share = "" if known is None else f"{known:.4f}"
    return [share, f"{target_percent:g}", *(f"{each / MINUTE:.1f}" for each in lasting)]


def _figures(it: Stat) -> list[str]:
    known, returned = availability([it]), it.ontime_num + it.late_num
    within = percentile(times_of(it), 95)
    return [
        str(it.total_num),
        f"{known.ontime:.3f}" if known else "",
        f"{it.total_delivery_time / returned / SECOND:.1f}" if returned else "",
        f"{within / SECOND:.1f}" if within is not None else "",
    ]
