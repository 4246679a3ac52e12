"""A customer's month for people who do not sign in (month.html): what its report says, without mailboxes and causes."""

from typing import Final

from mxtrax.admin import month as months
from mxtrax.errors import Refused
from mxtrax.frozen import dataclass
from mxtrax.model import Branding, Customer, Incident, Millis, Published
from mxtrax.rules.month import Month, OfDomain, Stretch, is_slow, month_at
from mxtrax.rules.statistics import sum_of
from mxtrax.rules.untrusted_text import line
from mxtrax.store import branding, config, customers, fleet
from mxtrax.web.status.facts import LONGEST, share
from mxtrax.web.status.page import around
from mxtrax.web.status.templates import render

MOST: Final = 200
"""Most domains of a customer whose month strangers can see; with more, only people who sign in can."""

BACK: Final = 24
"""How many months back the page links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An incident: of which domain, whether mail still came back, and when. `lasted` runs on while it goes on."""

    domain: str
    slow: bool
    opened: Millis
    lasted: Millis
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is shown of a month. `month` is None if the customer has more domains than are added up here."""

    name: str
    by: Branding
    at: Millis
    called: str
    month: Month | None
    published: Published
    events: tuple[Event, ...]
    ontime: float | None
    earlier: str
    later: str

    @property
    def allowed(self) -> Millis:
        """Give for how long mail may have been down."""
        return self.month.minutes.allowed(self.published.target_percent) if self.month else 0


def read(token: str, name: str, now: Millis) -> Report | None:
    """Read the month of the customer behind a link, "" for the one that lasts; None if there is no such page."""
    customer = customers.by_link(token)
    if customer is None:
        return None
    known = config.published()
    try:
        month = None if fleet.count(customer.codename) > MOST else months.read(now, customer, name, known.timezone)
    except Refused:
        return None
    return _report(customer, name or month_at(now, known.timezone), month, known, branding.load(), now)


def page(it: Report, token: str) -> str:
    """Set a month as a page."""
    return render("month.html", it=it, token=token, domain_of=_domain_of, **around(it.by))


def _report(customer: Customer, name: str, month: Month | None, known: Published, by: Branding, now: Millis) -> Report:
    lasting = month_at(now, known.timezone)
    return Report(
        name=line(customer.friendlyname, LONGEST),
        by=by,
        at=now,
        called=name,
        month=month,
        published=known,
        events=tuple(_events(month)) if month else (),
        ontime=share([sum_of(it.figures for it in month.domains)]) if month else None,
        earlier=_away(name, -1) if _number(lasting) - _number(name) < BACK else "",
        later=_away(name, 1) if name < lasting else "",
    )


def _events(month: Month) -> list[Event]:
    """Give the incidents of all domains in the order in which they began; what was our fault is none of theirs."""
    found = [_event(of, it, month.period) for of in month.domains for it in of.incidents if it.dropped is None]
    return sorted(found, key=lambda it: (it.opened, it.domain))


def _event(of: OfDomain, it: Incident, period: Stretch) -> Event:
    ended = it.closed or period.end
    return Event(
        domain=_domain_of(of),
        slow=is_slow(it),
        opened=it.opened,
        lasted=ended - it.opened,
        over=it.closed is not None,
    )


def _domain_of(of: OfDomain) -> str:
    return line(of.domain.domainname, LONGEST)


def _number(name: str) -> int:
    return 12 * int(name[:4]) + int(name[5:]) - 1


def _away(name: str, months_: int) -> str:
    """Name the month that is some months away."""
    year, month = divmod(_number(name) + months_, 12)
    return f"{year:04}-{month + 1:02}"
