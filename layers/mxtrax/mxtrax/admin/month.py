"""A customer's month, as it is reported to them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from mxtrax.errors import Refused
from mxtrax.model import MONITOR, SECOND, Cause, Customer, Incident, MailDomain, Millis, Scope, Window
from mxtrax.rules.month import LeftOut, Month, OfDomain, Stretch, minutes_of, month_at, period_of
from mxtrax.rules.should_be import shown
from mxtrax.rules.statistics import sum_of
from mxtrax.rules.windows import covers, occurrences
from mxtrax.store import fleet, incidents, stats, windows

MOST_INCIDENTS: Final = 2_000
"""Incidents of a customer that are looked through, the latest first."""

_NAME: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


def read(now: Millis, whose: Customer, name: str, zone: str) -> Month:
    """Read a customer's month, such as 2026-11; "" is the one that lasts. Raises Refused for what is no month."""
    name = name or month_at(now, zone)
    if not _NAME.fullmatch(name):
        raise Refused("month", f"month: {shown(name)} should be a month such as 2026-11.")
    period = period_of(name, zone, now)
    if period.start >= now:
        raise Refused("month", f"month: {name} has not begun yet.")
    domains = list(fleet.in_order(customer=whose.codename))
    by_domain = defaultdict[str, list[Incident]](list)
    for it in _incidents(whose.codename, period):
        by_domain[it.maildomain].append(it)
    planned, ours = windows.everything(), list(_faults(period))
    return Month(
        name=name,
        period=period,
        domains=tuple(_of_domain(it, period, by_domain[it.key], planned, ours) for it in domains),
        left_out=tuple(sorted({it for domain in domains for it in _left_out(domain, period, planned)} | set(ours))),
    )


def _of_domain(
    domain: MailDomain, period: Stretch, own: list[Incident], planned: list[Window], ours: list[LeftOut]
) -> OfDomain:
    first, last = (datetime.fromtimestamp(at / SECOND, UTC).date() for at in (period.start, period.end - 1))
    days = list(stats.of_domain(domain.key, first, last))
    return OfDomain(
        domain=domain,
        minutes=minutes_of(period, own, [*_left_out(domain, period, planned), *ours], days),
        incidents=tuple(own),
        figures=sum_of(days, domain.key),
    )


def _left_out(domain: MailDomain, period: Stretch, planned: list[Window]) -> Iterator[LeftOut]:
    for window in planned:
        if covers(window, domain):
            target = "" if window.scope is Scope.ALL else window.target
            for start, end in occurrences(window, *period):
                yield LeftOut(start, min(end, period.end), ours=False, target=target)


def _incidents(codename: str, period: Stretch) -> Iterator[Incident]:
    """Read what a customer's domains went through in a period, the latest first."""
    after, read_so_far = "", 0
    while read_so_far < MOST_INCIDENTS:
        found = incidents.page(200, after, customer=codename)
        yield from (it for it in found.items if it.opened < period.end and (it.closed or period.end) > period.start)
        read_so_far, after = read_so_far + len(found.items), found.after
        if not after:
            return


def _faults(period: Stretch) -> Iterator[LeftOut]:
    """Read the faults of our own that lie in a period."""
    for it in incidents.of_domain(MONITOR):
        if it.cause is Cause.STORM:
            continue
        start, end = max(it.sent or it.opened, period.start), min(it.closed or period.end, period.end)
        if start < end:
            yield LeftOut(start, end, ours=True)
