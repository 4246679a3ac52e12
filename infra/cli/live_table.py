"""The live table: a row for each domain, worst first, and a summary below. Read from the store; otherwise pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from mxtrax.edge import clock
from mxtrax.model import SECOND, Config, DomainHealth, MailDomain, Recent, State, Verdict
from mxtrax.rules.cause import span
from mxtrax.rules.explanation import in_words
from mxtrax.rules.health import needed, terms_for
from mxtrax.rules.status import Status, status_of
from mxtrax.store import fleet, runtime
from mxtrax.store.health import all_health

TIMES: Final = 5
"""Round trips that are shown for each domain."""

NEVER: Final = "\N{EN DASH}"
_VERDICTS: Final = (Verdict.FAILED, Verdict.OVERDUE, Verdict.LATE, Verdict.UNSENT, Verdict.PENDING, Verdict.ONTIME)
_COLOURS: Final[Mapping[str, str]] = {
    Status.DOWN.word: "red",
    Status.SLOW.word: "red",
    Status.SUSPECT.word: "yellow",
    Status.SETUP.word: "dim",
    Status.OK.word: "green",
    Status.PAUSED.word: "dim",
    Verdict.FAILED: "red",
    Verdict.OVERDUE: "red",
    Verdict.LATE: "yellow",
    Verdict.UNSENT: "magenta",
    Verdict.ONTIME: "green",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One domain. `verdict` is None before its first test is judged."""

    address: str
    verdict: Verdict | None
    status: Status
    times: tuple[str, ...]
    words: str

    @property
    def order(self) -> tuple[int, int, str]:
        """Sort the worst to the top."""
        verdict = self.verdict or Verdict.PENDING
        return self.status, _VERDICTS.index(verdict), self.address


@dataclass(frozen=True, slots=True)
class LiveTable:
    """All rows, worst first, and how many seconds ago tests were last planned; None if never."""

    rows: tuple[Row, ...]
    age: float | None

    @property
    def summary(self) -> str:
        """Say in one line how the fleet is doing, and when tests were last planned."""
        counts = Counter(row.status for row in self.rows)
        said = ", ".join(f"{counts[status]} {status.word}" for status in reversed(Status) if counts[status])
        round_ = "no round yet" if self.age is None else f"last round {self.age:.0f} s ago"
        return f"{len(self.rows)} domains: {said}; {round_}"


def read(config: Config) -> LiveTable:
    """Read the table from the store."""
    known, now = {health.maildomain: health for health in all_health()}, clock()
    beaten = runtime.last_heartbeat("plan", now)
    domains = list(fleet.in_order())
    return LiveTable(
        rows=arranged(domains, known, config),
        age=None if beaten is None else max(0, now - beaten) / SECOND,
    )


def arranged(domains: Iterable[MailDomain], known: Mapping[str, DomainHealth], config: Config) -> tuple[Row, ...]:
    """Make the rows, worst first."""
    rows = (_row(domain, known.get(domain.key) or DomainHealth(maildomain=domain.key), config) for domain in domains)
    return tuple(sorted(rows, key=lambda row: row.order))


def _row(domain: MailDomain, health: DomainHealth, config: Config) -> Row:
    last = health.recent[-1] if health.recent else None
    return Row(
        address=domain.address,
        verdict=last.verdict if last else None,
        status=status_of(health, maintmode=domain.maintmode),
        times=tuple(map(_time, health.recent[-TIMES:])),
        words=_words(health, needed(health, terms_for(domain, config))),
    )


def _time(test: Recent) -> str:
    return NEVER if test.took is None else span(test.took)


def _words(health: DomainHealth, still: int | None) -> str:
    """Word the cause of the last failure as long as it matters: until the domain is well again."""
    if not health.recent:
        return "waiting for its first result"
    last = health.recent[-1]
    if health.state is not State.FAILING or last.verdict is not Verdict.ONTIME:
        return _cause(last)
    trouble = next((test for test in reversed(health.recent) if test.cause), None)
    back = "back" if still is None else f"back for {health.streak} of {health.streak + still} tests"
    return f"{back}; before: {_cause(trouble)}" if trouble else back


def _cause(test: Recent) -> str:
    return in_words(test.cause, test.reason) or ""


def render(live: LiveTable, footer: Sequence[str], width: int, height: int) -> Group:
    """Draw the table on a terminal; rows that do not fit, the best ones, are only counted."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0), width=width)
    for heading in ("Domain", "Last", "Status"):
        table.add_column(heading, no_wrap=True)
    table.add_column("Last times", no_wrap=True)
    table.add_column("Cause", no_wrap=True, overflow="ellipsis", ratio=1)
    room = max(3, height - len(footer) - 6)
    shown = live.rows if len(live.rows) <= room else live.rows[: room - 1]
    for row in shown:
        verdict = str(row.verdict or NEVER)
        table.add_row(
            Text(row.address),
            Text(verdict, _COLOURS.get(verdict, "")),
            Text(row.status.word, _COLOURS[row.status.word]),
            Text("  ".join(row.times)),
            Text(row.words),
        )
    lines = [Text(f"and {len(live.rows) - len(shown)} more", "dim")] if len(shown) < len(live.rows) else []
    return Group(table, *lines, Text(), Text(live.summary, "bold"), *(Text(line, "dim") for line in footer))


def changes(before: LiveTable | None, now: LiveTable) -> list[str]:
    """Give a line for every domain whose verdict, status or cause has changed, for output without a table."""
    known = {row.address: _essence(row) for row in before.rows} if before else {}
    return [_line(row) for row in now.rows if row.verdict and known.get(row.address) != _essence(row)]


def _essence(row: Row) -> tuple[str, ...]:
    return (str(row.verdict), row.status.word, row.words)


def _line(row: Row) -> str:
    took = row.times[-1] if row.times else NEVER
    return f"{row.address:<32} {row.verdict!s:<8} {row.status.word:<8} {took:>8}  {row.words}".rstrip()
