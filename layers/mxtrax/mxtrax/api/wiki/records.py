"""What records of the wiki look like: its fields first, under its names, additions after them."""

from datetime import date
from typing import Any, Final

from mxtrax.api.fields import Schema
from mxtrax.api.records.figures import FIGURES, figures
from mxtrax.api.schema import (
    DATE,
    MOMENT,
    STATUS,
    TEXT,
    WHOLE,
    YES_OR_NO,
    maybe,
    moment,
    record,
    several,
)
from mxtrax.model import DomainHealth, MailDomain, Stat, State
from mxtrax.rules.statistics import all_done
from mxtrax.rules.status import status_of

MAILDOMAINS: Final = "/api/v2/maildomain/"
STATS: Final = "/api/v1/stat/"

EPOCH: Final = date(1970, 1, 1)
DAYS: Final = 100_000
"""A stat's id is its domain's id times this, and the days since 1970."""


WIKI_DOMAIN: Final = record(
    domainname=TEXT,
    failing=YES_OR_NO,
    id=WHOLE,
    maintmode=YES_OR_NO,
    resource_uri=TEXT,
    testuser=TEXT,
    customer=maybe(TEXT),
    status=STATUS,
    since=maybe(MOMENT),
)

WIKI_FIGURES: Final = tuple(FIGURES)[:7]

WIKI_STAT: Final = record(all_done=YES_OR_NO, d=DATE, domain=WIKI_DOMAIN, id=WHOLE, resource_uri=TEXT, **FIGURES)


def wiki_list(of: Schema) -> Schema:
    """Give the schema of a list as the wiki has it."""
    meta = record(limit=WHOLE, next=maybe(TEXT), offset=WHOLE, previous=maybe(TEXT), total_count=WHOLE)
    return record(meta=meta, objects=several(of))


def maildomain(domain: MailDomain, health: DomainHealth) -> dict[str, Any]:
    """Show a domain."""
    return {
        "domainname": domain.domainname,
        "failing": health.state is State.FAILING,
        "id": domain.id,
        "maintmode": domain.maintmode,
        "resource_uri": f"{MAILDOMAINS}{domain.id}/",
        "testuser": domain.testuser,
        "customer": domain.customer or None,
        "status": status_of(health, maintmode=domain.maintmode).word,
        "since": moment(health.since),
    }


def stat(day: Stat, domain: MailDomain, health: DomainHealth, today: date) -> dict[str, Any]:
    """Show a day of a domain; times in seconds. The wiki's fields come first, in its order, which is the alphabet's."""
    number, shown = stat_id(domain.id, day.d), figures(day)
    wiki = {
        "all_done": all_done(day, today),
        "d": day.d,
        "domain": maildomain(domain, health),
        "id": number,
        "resource_uri": f"{STATS}{number}/",
        **{name: shown[name] for name in WIKI_FIGURES},
    }
    return dict(sorted(wiki.items())) | shown


def stat_id(domain: int, d: str) -> int:
    """Give the number of a day of a domain."""
    return domain * DAYS + (date.fromisoformat(d) - EPOCH).days


def of_stat_id(number: int) -> tuple[int, str]:
    """Give the domain's id and the day that a stat's id stands for."""
    domain, days = divmod(number, DAYS)
    return domain, date.fromordinal(EPOCH.toordinal() + days).isoformat()
