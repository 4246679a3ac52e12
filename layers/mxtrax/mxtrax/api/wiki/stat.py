"""The days of domains, as the wiki's API has them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Final

from mxtrax.api.fields.numbers import is_number
from mxtrax.api.routing import Request, Router
from mxtrax.api.wiki import paging, records
from mxtrax.api.wiki.paging import Page
from mxtrax.errors import Missing, Refused
from mxtrax.model import SECOND, MailDomain, Millis, Stat
from mxtrax.store import fleet, stats
from mxtrax.store.health import health_by_key

router: Final = Router("The wiki's reads: days")

MOST_DOMAINS: Final = 300
"""Domains whose days are read for one page; each is a query."""

type Day = tuple[MailDomain, Stat]


@router.route(
    "GET /api/v1/stat/", "listWikiDays", query=paging.OF_STATS, strict=False, gives=paging.list_of(records.Stat)
)
def listed(request: Request) -> dict[str, Any]:
    """List days: of one domain, of one date, of both, or all by id. Days of removed domains are left out."""
    given, customer = request.parameters, request.caller.customer
    page = paging.wanted(records.STATS, given, ("domain", "d"))
    number, d = paging.number(given, "domain"), paging.day(given, "d")
    if number is None:
        if d and not customer:
            return _of_date(page, d, request.now)
        return _all(page, customer, d, request.now)
    domain = fleet.by_id(number)
    if domain is None or not request.caller.sees(domain.customer):
        return paging.listed(page, [], total=0, more=False)
    return _of_domain(page, domain, d, request.now)


@router.route("GET /api/v1/stat/<number>/", "getWikiDay", query=paging.FORMAT, strict=False, gives=records.Stat)
def one(request: Request, number: str) -> records.Stat:
    """Show one day of a domain."""
    paging.only_json(request.parameters)
    if is_number(number):
        domain_number, d = records.of_stat_id(int(number))
        domain = fleet.by_id(domain_number)
        if domain and not request.caller.sees(domain.customer):
            domain = None
        day = date.fromisoformat(d)
        stat = next(stats.of_domain(domain.key, day, day), None) if domain else None
        if domain and stat:
            return _shown([(domain, stat)], request.now)[0]
    raise Missing("id", "There is no such stat.")


def _of_domain(page: Page, domain: MailDomain, d: str | None, now: Millis) -> dict[str, Any]:
    day = date.fromisoformat(d) if d else None
    days = [(domain, stat) for stat in stats.of_domain(domain.key, day, day)]
    end = page.offset + page.limit
    return paging.listed(page, _shown(days[page.offset : end], now), total=len(days), more=len(days) > end)


def _of_date(page: Page, d: str, now: Millis) -> dict[str, Any]:
    """List a date by address; there `after` is an address."""
    found = list(islice(stats.of_day(d, page.skip + page.limit + 1, page.after), page.skip, None))
    on_page = found[: page.limit]
    domains = fleet.by_keys(stat.maildomain for stat in on_page)
    shown = _shown([(domains[stat.maildomain], stat) for stat in on_page if stat.maildomain in domains], now)
    more = len(found) > page.limit
    after = on_page[-1].maildomain if more else ""
    return paging.listed(page, shown, total=stats.count_of_day(d), more=more, after=after)


def _all(page: Page, customer: str, d: str | None, now: Millis) -> dict[str, Any]:
    """List everything, or what is one customer's, by id, domain after domain; there `after` is an id.

    How many there are is DynamoDB's own count, some hours old: to count them would be to read them all. People of one
    customer get the number seen so far.
    """
    found, after = _walked(page, customer, d)
    more = bool(after)
    seen = page.offset + len(found) + more
    total = seen if customer else max(stats.about_how_many(), seen)
    return paging.listed(page, _shown(found, now), total=total, more=more, after=after)


def _walked(page: Page, customer: str, d: str | None) -> tuple[list[Day], str]:
    """Read a page of all days, and after which id the next one begins, "" if nowhere.

    A fleet whose domains have no days yet would be walked through in vain: after a while the page ends, full or not.
    """
    number, first = records.of_stat_id(paging.place(page) + 1) if page.after else (0, None)
    skip, found, domain = page.skip, list[Day](), None
    for asked, domain in enumerate(fleet.in_order(after=max(0, number - 1), customer=customer)):
        if asked == MOST_DOMAINS:
            if skip:
                raise Refused(
                    "offset", f"offset: {page.offset} is too high; follow meta.next, or filter by domain or d."
                )
            return found, str(records.stat_id(domain.id, "1970-01-01") - 1)
        begin = first if first and domain.id == number else "0001-01-01"
        days = _days(domain, max(begin, d or begin), d)
        found += days[skip:]
        skip = max(0, skip - len(days))
        if len(found) > page.limit:
            last_domain, last = found[page.limit - 1]
            return found[: page.limit], str(records.stat_id(last_domain.id, last.d))
    return found, ""


def _days(domain: MailDomain, first: str, last: str | None) -> list[Day]:
    end = date.fromisoformat(last) if last else None
    return [(domain, stat) for stat in stats.of_domain(domain.key, date.fromisoformat(first), end)]


def _shown(days: Iterable[Day], now: Millis) -> list[records.Stat]:
    found = list(days)
    known = health_by_key({domain.key for domain, _ in found})
    today = datetime.fromtimestamp(now // SECOND, UTC).date()
    return [records.stat(stat, domain, known[domain.key], today) for domain, stat in found]
