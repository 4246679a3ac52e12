"""Read from the tables how a customer's mail is doing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Final

from mxtrax.model import SECOND, Branding, DomainHealth, Incident, Millis, Stat
from mxtrax.rules import selfcheck
from mxtrax.rules.windows import in_maintenance
from mxtrax.store import badges, branding, customers, fleet, fleet_queries, incidents, rollups, runtime, stats, windows
from mxtrax.store.badges import Badge
from mxtrax.store.health import health_by_key
from mxtrax.web.status import facts
from mxtrax.web.status.facts import Line, Status

AT_ONCE: Final = 8
"""Domains whose days are read side by side."""

MOST: Final = 100
"""Domains on a page; the others are counted."""


def read(token: str, now: Millis, minute_seconds: int) -> Status | None:
    """Read how the customer behind a link is doing; None if there is none."""
    customer = customers.by_link(token)
    if customer is None:
        return None
    today = datetime.fromtimestamp(now // SECOND, UTC).date()
    dates = [(today - timedelta(days=back)).isoformat() for back in range(facts.DAYS)][::-1]
    silent = selfcheck.is_silent(runtime.last_heartbeat("plan", now), now, minute_seconds)
    keys = fleet_queries.domains(fleet_queries.View(customer=customer.codename), MOST).items
    known = health_by_key(keys)
    lines = list(_lines(keys, known, today, now, silent=silent))
    more = max(0, fleet.count(customer.codename) - len(lines))
    sums = rollups.of(rollups.of_customer(customer.codename), dates[0], dates[-1])
    return facts.status(customer, lines, more, sums, dates, now, _response(known.values()), branding.load())


def read_badge(token: str, now: Millis, minute_seconds: int) -> Badge | None:
    """Read what a badge says; None for no valid link.

    That is one read while plan writes it down. Otherwise it is read from all that can change it, in ten calls.
    """
    if written := badges.of_link(token, now, selfcheck.patience(minute_seconds)):
        return written
    customer = customers.by_link(token)
    if customer is None:
        return None
    silent = selfcheck.is_silent(runtime.last_heartbeat("plan", now), now, minute_seconds)
    keys = fleet_queries.domains(fleet_queries.View(customer=customer.codename), MOST).items
    lines = list(_lines(keys, health_by_key(keys), None, now, silent=silent))
    more = max(0, fleet.count(customer.codename) - len(lines))
    return facts.badge(facts.status(customer, lines, more, (), (), now, "", Branding()))


def _response(known: Iterable[DomainHealth]) -> str:
    """Say what is done about the incidents that go on; nothing if nobody knows of them yet."""
    open_ = incidents.by_ids({it.incident for it in known if it.incident}).values()
    if any(it.acknowledged for it in open_):
        return "we are looking into it"
    return "we have been notified" if any(it.notified for it in open_) else ""


def _lines(
    keys: Sequence[str], known: Mapping[str, DomainHealth], today: date | None, now: Millis, *, silent: bool
) -> Iterator[Line]:
    """Say how each domain is doing, the worst first; without its days where no `today` is given."""
    there, planned = fleet.by_keys(keys), windows.everything()
    fault, days = _fault(), _days(keys, today) if today else {}
    for key in keys:
        if domain := there.get(key):
            resting = in_maintenance(planned, domain, now)
            doubtful = fault is not None and known[key].since >= fault.sent
            yield facts.line(
                domain, known[key], days.get(key, ()), maintenance=resting, doubtful=doubtful, silent=silent
            )


def _days(keys: Sequence[str], today: date) -> dict[str, list[Stat]]:
    """Read the days of domains side by side: a query each, and one after the other a hundred wait for a hundred."""
    first = today - timedelta(days=facts.DAYS - 1)
    with ThreadPoolExecutor(AT_ONCE) as side_by_side:
        return dict(
            zip(keys, side_by_side.map(lambda key: stats.counts_of_domain(key, first, today), keys), strict=True)
        )


def _fault() -> Incident | None:
    """Give the monitor's own fault that goes on."""
    found = incidents.by_ids([selfcheck.ID]).get(selfcheck.ID)
    return found if found and found.closed is None else None
