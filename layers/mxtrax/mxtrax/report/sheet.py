"""The whole fleet as a CSV file (RFC 4180), for a mail that cannot show it all."""

import csv
import io
from collections.abc import Mapping, Sequence

from mxtrax.model import SECOND, Customer, Recent
from mxtrax.report import words
from mxtrax.report.figures import Figures
from mxtrax.rules.formulas import guarded

HEADER = (
    "maildomain",
    "customer",
    "friendlyname",
    "state",
    "in maintenance",
    "since",
    "on time",
    "late",
    "did not return",
    "total",
    "on-time rate",
    "late rate",
    "not returned rate",
    "average delivery time in seconds",
    "limits exceeded",
    "last cause",
)


def render(fleet: Sequence[Figures], customers: Mapping[str, Customer]) -> bytes:
    """Write the fleet, worst first, in UTF-8 with a byte order mark: without one, Excel takes it for another encoding."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows([guarded(words.clean(cell)) for cell in _cells(figures, customers)] for figures in fleet)
    return out.getvalue().encode("utf-8-sig")


def _cells(figures: Figures, customers: Mapping[str, Customer]) -> list[str]:
    (domain, health), counts = figures.line, figures.counts
    customer = customers.get(domain.customer)
    returned = counts.ontime + counts.late
    return [
        domain.address,
        domain.customer,
        customer.friendlyname if customer else "",
        str(health.state),
        "yes" if domain.maintmode else "no",
        words.iso(health.since) if health.since else "",
        str(counts.ontime),
        str(counts.late),
        str(counts.missed),
        str(counts.total),
        f"{words.rate(counts.ontime, counts.total):.2f}",
        f"{figures.late_rate:.2f}",
        f"{figures.missed_rate:.2f}",
        f"{counts.took / returned / SECOND:.3f}" if returned else "",
        " ".join(figures.exceeded),
        _last_cause(health.recent),
    ]


def _last_cause(recent: Sequence[Recent]) -> str:
    """Give the cause of the last test that was not on time."""
    return next((words.of_cause(test.cause, test.reason) for test in reversed(recent) if test.cause), "")
