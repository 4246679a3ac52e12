"""What strangers may see of a customer, behind a secret link: how its mail is doing, and no evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any, Final

from mxtrax.frozen import dataclass
from mxtrax.model import Branding, Customer, DomainHealth, MailDomain, Millis, Stat, Verdict
from mxtrax.model.moments import iso
from mxtrax.rules import status as rule
from mxtrax.rules.statistics import availability
from mxtrax.rules.untrusted_text import line as line_of

DAYS: Final = 30
"""Days that are shown, today among them."""

LONGEST: Final = 1_000
"""Characters of a name that are shown."""


class PublicStatus(StrEnum):
    """How mail is doing, as a stranger sees it, the worst first. UNKNOWN: what the monitor says may be its own fault."""

    DOWN = "down"
    SLOW = "slow"
    UNKNOWN = "unknown"
    SETUP = "setup"
    MAINTENANCE = "maintenance"
    OK = "ok"


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
    status: PublicStatus
    sentence: str
    short: str
    detail: str
    since: Millis
    response: str
    note: str
    availability: float | None
    days: tuple[Day, ...]
    lines: tuple[Line, ...]
    more: int


def line(
    domain: MailDomain, known: DomainHealth, days: Iterable[Stat], *, maintenance: bool, doubtful: bool, silent: bool
) -> Line:
    """Say how a domain is doing.

    `maintenance`: it is in it now; `doubtful`: its failing may be the monitor's own fault; `silent`: no tests are sent.
    """
    status = _status(known, maintenance=maintenance)
    failing = status in {PublicStatus.DOWN, PublicStatus.SLOW}
    if (failing and doubtful) or ((failing or status is PublicStatus.OK) and silent):
        status = PublicStatus.UNKNOWN
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
    worst = min((each.status for each in lines), key=list(PublicStatus).index, default=PublicStatus.SETUP)
    if worst in {PublicStatus.SETUP, PublicStatus.MAINTENANCE} and any(
        each.status is PublicStatus.OK for each in lines
    ):
        worst = PublicStatus.OK
    sentence, short = _words(worst, sum(each.status is worst for each in lines), len(lines) + more)
    return Status(
        name=line_of(customer.friendlyname, LONGEST),
        by=by,
        at=now,
        status=worst,
        sentence=sentence,
        short=short,
        detail=_DETAILS.get(worst, ""),
        since=min((each.since for each in lines if each.status is worst), default=0) if worst in _BAD else 0,
        response=response if worst in _BAD else "",
        note=customer.public_note,
        availability=share(by_date.values()),
        days=tuple(Day(d=d, availability=share([by_date[d]] if d in by_date else [])) for d in dates),
        lines=tuple(lines),
        more=more,
    )


def _status(known: DomainHealth, *, maintenance: bool) -> PublicStatus:
    """Give the status of a domain as it is shown: one that is only suspect is OK to a stranger."""
    if maintenance:
        return PublicStatus.MAINTENANCE
    status = rule.status_of(known, maintmode=False)
    return PublicStatus.OK if status is rule.Status.SUSPECT else PublicStatus(status.word)


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


def _words(status: PublicStatus, concerned: int, all_: int) -> tuple[str, str]:
    """Give the sentence over the page, and what the badge says."""
    match status:
        case PublicStatus.DOWN | PublicStatus.SLOW if all_ == 1:
            return f"Mail is {status}", str(status)
        case PublicStatus.DOWN | PublicStatus.SLOW:
            verb = "is" if concerned == 1 else "are"
            return f"{concerned:,} of {domains(all_)} {verb} {status}", f"{concerned:,} of {all_:,} {status}"
        case PublicStatus.UNKNOWN:
            return "Not known at the moment: the monitor itself has a problem", "not known"
        case PublicStatus.MAINTENANCE:
            return "In maintenance", "maintenance"
        case PublicStatus.SETUP:
            return "Not tested yet", "not tested yet"
        case PublicStatus.OK:
            return "Mail is working", "working"


def domains(number: int) -> str:
    """Count domains: 1 domain, 2 domains."""
    return f"{number:,} domain" if number == 1 else f"{number:,} domains"


def as_json(it: Status) -> dict[str, Any]:
    """Give a customer's page for programs."""
    return {
        "name": it.name,
        "by": it.by.name,
        "contact": it.by.contact,
        "at": iso(it.at),
        "status": it.status,
        "sentence": it.sentence,
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
