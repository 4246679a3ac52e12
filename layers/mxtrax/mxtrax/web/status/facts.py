"""What strangers may see of a customer, behind a secret link: how its mail is doing, and no evidence."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

from mxtrax.frozen import dataclass
from mxtrax.model import Branding, Customer, DomainHealth, MailDomain, Millis, Stat, Verdict
from mxtrax.model.moments import iso
from mxtrax.rules import status as rule
from mxtrax.rules.public_status import PublicStatus, Summary, of_domain, summary_of
from mxtrax.rules.statistics import availability
from mxtrax.rules.untrusted_text import line as line_of
from mxtrax.store.badges import Badge

DAYS: Final = 30
"""Days that are shown, today among them."""

LONGEST: Final = 1_000
"""Characters of a name that are shown."""

WORDS: Final = {
    PublicStatus.DOWN: "Down",
    PublicStatus.SLOW: "Slow",
    PublicStatus.UNKNOWN: "Not known",
    PublicStatus.SETUP: "Not tested yet",
    PublicStatus.MAINTENANCE: "Maintenance",
    PublicStatus.OK: "Working",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A domain. `availability` is the per cent of its tests that came back on time, None if there were none.

    `since` and `tested` are 0 if there is nothing to show.
    """

    domain: str
    status: PublicStatus
    since: Millis
    tested: Millis
    availability: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of all domains together."""

    d: str
    availability: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A customer's page. `more` counts the domains that are not among the lines, which are the worst ones.

    `by` is whom the page is from; `detail` says what is seen where mail is not working, since `since`, and `response` what
    is done about it. `note` is what the operator says to the customer.
    """

    name: str
    by: Branding
    at: Millis
    summary: Summary
    detail: str
    since: Millis
    response: str
    note: str
    availability: float | None
    days: tuple[Day, ...]
    lines: tuple[Line, ...]
    more: int

    @property
    def status(self) -> PublicStatus:
        """How its mail is doing."""
        return self.summary.status


def line(
    domain: MailDomain, known: DomainHealth, days: Iterable[Stat], *, maintenance: bool, doubtful: bool, silent: bool
) -> Line:
    """Say how a domain is doing.

    `maintenance`: it is in it now; `doubtful`: its failing may be the monitor's own fault; `silent`: no tests are sent.
    """
    status = of_domain(
        rule.status_of(known, maintmode=False), maintenance=maintenance, doubtful=doubtful, silent=silent
    )
    return Line(
        domain=line_of(domain.domainname, LONGEST),
        status=status,
        since=0 if status in {PublicStatus.MAINTENANCE, PublicStatus.SETUP} else known.since,
        tested=max((test.sendtime for test in known.recent if test.verdict is not Verdict.UNSENT), default=0),
        availability=share(days),
    )


def status(
    customer: Customer,
    lines: Sequence[Line],
    more: int,
    sums: Iterable[Stat],
    dates: Sequence[str],
    now: Millis,
    response: str,
    by: Branding,
) -> Status:
    """Say how a customer is doing. `sums` are days of all its domains added up, `dates` those that are to be shown.

    `response` is what is done about what does not work, `by` whom the page is from.
    """
    by_date = {each.d: each for each in sums}
    it = summary_of(Counter(each.status for each in lines), len(lines) + more)
    worst = it.status
    return Status(
        name=line_of(customer.friendlyname, LONGEST),
        by=by,
        at=now,
        summary=it,
        detail=_DETAILS.get(worst, ""),
        since=min((each.since for each in lines if each.status is worst), default=0) if worst in _BAD else 0,
        response=response if worst in _BAD else "",
        note=customer.public_note,
        availability=share(by_date.values()),
        days=tuple(Day(d=d, availability=share([by_date[d]] if d in by_date else [])) for d in dates),
        lines=tuple(lines),
        more=more,
    )


def badge(it: Status) -> Badge:
    """Give as much of a page as a badge says."""
    return Badge(it.name, it.summary)


def share(days: Iterable[Stat]) -> float | None:
    """Give the per cent of the tests of some days that came back on time; None if there were none."""
    known = availability(days)
    return known.ontime if known else None


_BAD: Final = frozenset({PublicStatus.DOWN, PublicStatus.SLOW})

_DETAILS: Final = {
    PublicStatus.DOWN: "Test mail has not come back",
    PublicStatus.SLOW: "Test mail comes back late",
    PublicStatus.UNKNOWN: "The fault may be the monitor's own, so nothing can be said of your mail at the moment.",
}


def as_json(it: Status) -> dict[str, Any]:
    """Give a customer's page for programs."""
    return {
        "name": it.name,
        "by": it.by.name,
        "contact": it.by.contact,
        "at": iso(it.at),
        "status": it.status,
        "sentence": it.summary.sentence,
        "detail": it.detail,
        "since": iso(it.since),
        "response": it.response,
        "note": it.note,
        "note_to_all": it.by.note,
        "availability": it.availability,
        "days": [asdict(day) for day in it.days],
        "domains": [asdict(line) | {"since": iso(line.since), "tested": iso(line.tested)} for line in it.lines],
        "more": it.more,
    }
