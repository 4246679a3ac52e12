"""What an alert mail says, as plain facts in reading order: the news, and the report below it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, tzinfo
from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import SECOND, Config, Customer, Millis, Notice, NoticeKind
from mxtrax.report import words
from mxtrax.report.brief import subject
from mxtrax.report.figures import Figures, together
from mxtrax.report.ours import ours
from mxtrax.report.stories import Group, Known, group, headlines
from mxtrax.report.words import LIMITS, many, per_cent
from mxtrax.rules.health import streak_to_recover
from mxtrax.rules.schedule import SLOWEST, bounce_percent, braked
from mxtrax.rules.zones import zone_of

MOST_ROWS: Final = 50
"""Domains whose figures are in the mail itself. Beyond that, people stop reading and mail programs cut off."""


MOST_STORIES: Final = 10
"""Stories told in full in a mail of news only: one screen, or little more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One domain's figures. Each of ontime, late and missed is a number and its rate in words."""

    address: str
    customer: str
    failing: bool
    ontime: tuple[str, str]
    late: tuple[str, str]
    missed: tuple[str, str]
    average: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole mail. `totals` and `limits` are label and value; `attached` is a file name or nothing."""

    subject: str
    headlines: tuple[str, ...]
    groups: tuple[Group, ...]
    basis: str
    totals: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    attached: str
    full: bool


def lay_out(
    now: Millis,
    notices: Sequence[Notice],
    fleet: Sequence[Figures],
    customers: Mapping[str, Customer],
    known: Known,
) -> Page:
    """Lay out the mail; `fleet` comes worst first, and those in maintenance are left out of the figures."""
    config = known.config
    of_fleet = [group(kind, notices, known, MOST_ROWS if known.full else MOST_STORIES) for kind in NoticeKind]
    own = ours(notices, known)
    first, last = ([it for it in own if it.leads is leads] for leads in (True, False))
    groups = (*first, *(filled for filled in of_fleet if filled), *last)
    news = Page(
        subject=subject_of(notices, known.zone),
        headlines=headlines(groups),
        groups=groups,
        basis="",
        totals=(),
        limits=(),
        rows=(),
        notes=(*_warnings(config, fleet, customers), _written(now, config)),
        attached="",
        full=False,
    )
    return _with_report(news, now, known, fleet, customers) if known.full else news


def subject_of(notices: Sequence[Notice], zone: tzinfo) -> str:
    """Write the subject. A reminder answers what was said before, so that mail programs show one conversation."""
    if not notices:
        return "MXTRAX report"
    again = all(it.kind is NoticeKind.REMINDER for it in notices)
    return f"Re: {subject(notices, zone)}" if again else subject(notices, zone)


def _with_report(
    news: Page, now: Millis, known: Known, fleet: Sequence[Figures], customers: Mapping[str, Customer]
) -> Page:
    """Put the wiki's report below the news."""
    config, left_out = known.config, known.left_out
    shown = [figures for figures in fleet if not figures.line.domain.maintmode]
    attached = (
        f"mxtrax-{datetime.fromtimestamp(now // SECOND, UTC):%Y-%m-%d-%H%M}.csv" if len(shown) > MOST_ROWS else ""
    )
    return replace(
        news,
        full=True,
        basis=_basis(config),
        totals=_totals(shown),
        limits=tuple(
            (f"Limit for the {LIMITS[name]}", words.limit(name, value)) for name, value in asdict(config.limits).items()
        ),
        rows=tuple(_row(figures, config, customers) for figures in shown[:MOST_ROWS]),
        notes=(
            *_warnings(config, fleet, customers),
            *_slower(config, fleet),
            *_notes(now, config, len(shown), len(fleet) - len(shown), attached, left_out),
        ),
        attached=attached,
    )


def customer_words(codename: str, customers: Mapping[str, Customer]) -> str:
    """Name a customer as people know it, and by its code."""
    customer = customers.get(codename)
    return f"{words.clean(customer.friendlyname)} ({codename})" if customer else words.clean(codename)


def _basis(config: Config) -> str:
    if config.window_hours == 0:
        return "All tests count; after a recovery a domain's count restarts."
    window = many(config.window_hours, "hour")
    return f"The tests of the last {window} count; after a recovery a domain's count restarts."


def _totals(shown: Sequence[Figures]) -> tuple[tuple[str, str], ...]:
    counts = together(shown)
    return (
        ("Overall on-time rate", per_cent(words.rate(counts.ontime, counts.total)) if counts.total else "no tests yet"),
        ("On time", f"{counts.ontime:,}"),
        ("Late", f"{counts.late:,}"),
        ("Did not return", f"{counts.missed:,}"),
        ("Total", f"{counts.total:,}"),
        ("Average delivery time", words.average(counts) or words.NONE),
    )


def _row(figures: Figures, config: Config, customers: Mapping[str, Customer]) -> Row:
    domain, counts = figures.line.domain, figures.counts

    def part(number: int) -> tuple[str, str]:
        return f"{number:,}", per_cent(words.rate(number, counts.total))

    return Row(
        address=words.clean(domain.address),
        customer=customer_words(domain.customer, customers),
        failing=figures.failing,
        ontime=part(counts.ontime),
        late=part(counts.late),
        missed=part(counts.missed),
        average=words.average(counts) or words.NONE,
        notes=(
            *figures.sentences(),
            *_no_average(figures),
            *_recovering(figures, config),
            *_own_limits(figures, config),
        ),
    )


def _no_average(figures: Figures) -> list[str]:
    if not figures.counts.total:
        return ["No test counts yet."]
    return [] if words.average(figures.counts) else ["No test has returned, so there is no average."]


def _recovering(figures: Figures, config: Config) -> list[str]:
    if not figures.failing:
        return []
    if config.recover_after:
        health = figures.line.health
        needed = many(streak_to_recover(health, config.recover_after), "test")
        again = ", because it has relapsed before" if health.relapses else ""
        return [f"Recovers after {needed} on time in a row ({health.streak} so far){again}."]
    return [] if figures.exceeded else ["No limit is exceeded any more; its next test decides."]


def _own_limits(figures: Figures, config: Config) -> list[str]:
    """Name the limits that are the domain's own, so that nobody compares it with the general ones."""
    return [
        f"Its own limit for the {LIMITS[name]}: {words.limit(name, own)}."
        for name in LIMITS
        if (own := getattr(figures.limits, name)) != getattr(config.limits, name, None) and name not in figures.exceeded
    ]


def _warnings(config: Config, fleet: Sequence[Figures], customers: Mapping[str, Customer]) -> list[str]:
    """Warn of addresses that an alert may not reach, because their mail is what is being tested.

    Of the customers' own addresses, only those are named whose domains are shown: nobody sees another customer's.
    """
    monitored = {figures.line.domain.domainname.lower() for figures in fleet}
    whose = sorted({figures.line.domain.customer for figures in fleet} & customers.keys())
    addresses = dict.fromkeys(config.alertuser, ", or subscribe to the topic")
    for codename in whose:
        for address in customers[codename].alertuser:
            addresses.setdefault(address, f" to those of {customer_words(codename, customers)}")
    return [
        f"Warning: mail to {words.clean(address)} goes through a domain that is tested here; when it fails, its "
        f"alerts may not arrive. Add an address elsewhere{more}."
        for address, more in addresses.items()
        if address.rpartition("@")[2].lower() in monitored
    ]


def _slower(config: Config, fleet: Sequence[Figures]) -> list[str]:
    """Say which domains are tested less often, and why, so that nobody waits for tests that do not come."""
    slower = {
        figures.line.domain.key: figures.line.health.slower
        for figures in fleet
        if figures.line.health.slower and not figures.line.domain.control
    }
    if not slower:
        return []
    domains = [figures.line.domain for figures in fleet]
    said = (
        f"{many(len(slower), 'domain')} permanently rejected several tests and are tested less often until one returns."
    )
    pace = braked(domains, slower, config)
    if pace is slower:
        return [said]
    share = per_cent(bounce_percent(domains, slower, config))
    now = "at a sixteenth of their usual pace" if max(pace.values()) <= SLOWEST else "once a day"
    why = f"Otherwise {share} of all tests would bounce, and SES reviews accounts that bounce too much."
    return [f"{said} For now that is {now}. {why}"]


def _notes(
    now: Millis, config: Config, shown: int, in_maintenance: int, attached: str, left_out: int
) -> tuple[str, ...]:
    notes = []
    if left_out:
        notes.append(f"{left_out:,} domains without problems are left out, from all figures too: the console has them.")
    if attached:
        notes.append(
            f"These are the {MOST_ROWS} worst of {shown:,} domains; all of them are in the attached {attached}."
        )
    if in_maintenance:
        are = "is" if in_maintenance == 1 else "are"
        notes.append(f"{many(in_maintenance, 'domain')} {are} in maintenance and not shown here.")
    return (*notes, _written(now, config))


def _written(now: Millis, config: Config) -> str:
    return f"Generated by MXTRAX at {words.when(now, zone_of(config.timezone))}."
