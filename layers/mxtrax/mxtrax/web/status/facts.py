"""What strangers may see of a customer, behind a link that nobody can guess: how its mail is doing, and no evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from mxtrax.model import Customer, DomainHealth, MailDomain, Millis, Stat, State, Verdict
from mxtrax.model.moments import iso
from mxtrax.rules.statistics import availability
from mxtrax.rules.untrusted_text import line as line_of

DAYS: Final = 30
"""Days that are shown, today among them."""

LONGEST: Final = 1_000
"""Characters of a name that are shown."""


class Health(StrEnum):
    """How mail is doing, as a stranger sees it. UNKNOWN: what the monitor says may be its own fault."""

    FAILING = "failing"
    UNKNOWN = "unknown"
    UNTESTED = "untested"
    MAINTENANCE = "maintenance"
    WORKING = "working"


WORDS: Final = {
    Health.FAILING: "Failing",
    Health.UNKNOWN: "Not known",
    Health.UNTESTED: "Not tested yet",
    Health.MAINTENANCE: "Maintenance",
    Health.WORKING: "Working",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A domain. `availability` is the per cent of its tests that came back on time, None where there were none.

    `since` and `tested` are 0 where there is nothing to show.
    """

    domain: str
    health: Health
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
    """A customer's page. `more` counts the domains that are not among the lines, which are the worst ones."""

    name: str
    at: Millis
    health: Health
    sentence: str
    short: str
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
    health = _health(known, maintenance=maintenance)
    if (health is Health.FAILING and doubtful) or (health in {Health.FAILING, Health.WORKING} and silent):
        health = Health.UNKNOWN
    return Line(
        domain=line_of(domain.domainname, LONGEST),
        health=health,
        since=0 if health in {Health.MAINTENANCE, Health.UNTESTED} else known.since,
        tested=max((test.sendtime for test in known.recent if test.verdict is not Verdict.UNSENT), default=0),
        availability=_share(days),
    )


def status(
    customer: Customer, lines: Sequence[Line], more: int, sums: Iterable[Stat], dates: Sequence[str], now: Millis
) -> Status:
    """Say how a customer is doing. `sums` are days of all its domains added up, `dates` those that are to be shown."""
    by_date = {each.d: each for each in sums}
    worst = min((each.health for each in lines), key=list(Health).index, default=Health.UNTESTED)
    if worst is not Health.FAILING and worst is not Health.UNKNOWN and _any(lines, Health.WORKING):
        worst = Health.WORKING
    concerned = sum(each.health is worst for each in lines)
    sentence, short = _words(worst, concerned, len(lines) + more)
    return Status(
        name=line_of(customer.friendlyname, LONGEST),
        at=now,
        health=worst,
        sentence=sentence,
        short=short,
        availability=_share(by_date.values()),
        days=tuple(Day(d=d, availability=_share([by_date[d]] if d in by_date else [])) for d in dates),
        lines=tuple(lines),
        more=more,
    )


def _health(known: DomainHealth, *, maintenance: bool) -> Health:
    if maintenance:
        return Health.MAINTENANCE
    return {State.FAILING: Health.FAILING, State.OK: Health.WORKING, State.NEW: Health.UNTESTED}[known.state]


def _any(lines: Sequence[Line], health: Health) -> bool:
    return any(each.health is health for each in lines)


def _share(days: Iterable[Stat]) -> float | None:
    known = availability(days)
    return known.ontime if known else None


def _words(health: Health, concerned: int, all_: int) -> tuple[str, str]:
    """Give the sentence over the page, and what the badge says."""
    match health:
        case Health.FAILING if all_ == 1:
            return "Mail is failing", "failing"
        case Health.FAILING:
            verb = "is" if concerned == 1 else "are"
            return f"{concerned:,} of {domains(all_)} {verb} failing", f"{concerned:,} of {all_:,} failing"
        case Health.UNKNOWN:
            return "Not known at the moment: the monitor itself is in trouble", "not known"
        case Health.MAINTENANCE:
            return "In maintenance", "maintenance"
        case Health.UNTESTED:
            return "Not tested yet", "not tested yet"
        case Health.WORKING:
            return "Mail is working", "working"


def domains(number: int) -> str:
    """Count domains: 1 domain, 2 domains."""
    return f"{number:,} domain" if number == 1 else f"{number:,} domains"


def as_json(it: Status) -> dict[str, Any]:
    """Give a customer's page for programs."""
    return {
        "name": it.name,
        "at": iso(it.at),
        "health": it.health,
        "sentence": it.sentence,
        "availability": it.availability,
        "days": [asdict(day) for day in it.days],
        "domains": [asdict(line) | {"since": iso(line.since), "tested": iso(line.tested)} for line in it.lines],
        "more": it.more,
    }
