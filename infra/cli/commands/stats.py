"""`mxtrax stats`: the days of a domain, or of the whole fleet."""

import csv
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import typer

from infra.cli import find, show
from infra.cli.command import AsJson, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.errors import Refused
from mxtrax.model import SECOND, Millis, Stat
from mxtrax.rules.cause import span
from mxtrax.rules.formulas import guarded
from mxtrax.rules.statistics import all_done, availability, day_of, percentile, times_of
from mxtrax.store import fleet
from mxtrax.store import stats as days

MOST_DAYS = 3_660


@deployed
def stats(
    here: Here,
    *,
    domain: Annotated[str, typer.Argument(metavar="[DOMAIN]", help="(Default: the whole fleet.)")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="YYYY-MM-DD in UTC. (Default: a week ago.)")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="YYYY-MM-DD in UTC. (Default: today.)")] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="As a CSV file, with times in seconds.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show statistics by day: how many tests were on time, late or failed, and how long they took."""
    today = date.fromisoformat(day_of(here.now()))
    until = _day("--to", last) or today
    since = _day("--from", first) or until - timedelta(days=6)
    if not 0 <= (until - since).days < MOST_DAYS:
        raise Refused("--from", f"--from {since} should be before --to {until}, by at most ten years.")
    found = _found(domain, since, until)
    if as_csv:
        _write_csv(found, today)
        return
    columns = (
        Column[Stat]("day", lambda it: it.d),
        Column[Stat]("domain", lambda it: it.maildomain),
        Column[Stat]("on time", lambda it: f"{it.ontime_num:,}", number=True),
        Column[Stat]("late", lambda it: f"{it.late_num:,}", number=True),
        Column[Stat]("failed", lambda it: f"{it.fail_num:,}", number=True),
        Column[Stat]("total", lambda it: f"{it.total_num:,}", number=True),
        Column[Stat]("returned", _returned, number=True),
        Column[Stat]("unsent", lambda it: f"{it.unsent_num:,}", number=True),
        Column[Stat]("min", lambda it: _span(it.min_delivery_time), number=True),
        Column[Stat]("average", lambda it: _span(average(it)), number=True),
        Column[Stat]("p95", lambda it: _span(percentile(times_of(it), 95)), number=True),
        Column[Stat]("max", lambda it: _span(it.max_delivery_time), number=True),
        Column[Stat]("done", lambda it: "yes" if all_done(it, today) else "no"),
    )
    nothing = f"No statistics from {since} to {until}."
    days = found if as_json else list(found)  # Output for programs is written as it arrives.
    show.listing(days, columns, as_json=as_json, record=lambda it: _record(it, today), nothing=nothing)
    if isinstance(days, list) and (known := availability(days)):
        share = f"{known.returned:.2f} % returned, {known.ontime:.2f} % on time"
        show.note(f"{since} to {until}: of {known.total:,} tests {share}; maintenance is left out.")


def _found(domain: str, since: date, until: date) -> Iterator[Stat]:
    if domain:
        yield from days.of_domain(find.domain(domain).key, since, until)
        return
    for number in range((until - since).days + 1):
        yield from days.of_day((since + timedelta(days=number)).isoformat())


def average(stat: Stat) -> Millis | None:
    """Give the average delivery time of returned tests, on time or late."""
    returned = stat.ontime_num + stat.late_num
    return round(stat.total_delivery_time / returned) if returned else None


def _record(stat: Stat, today: date) -> dict[str, Any]:
    """Give a day with the wiki's names of fields; times are in milliseconds."""
    fields = asdict(stat)
    del fields["histogram"], fields["version"]
    times = times_of(stat)
    quantiles = {f"p{q}_delivery_time": percentile(times, q) for q in (50, 95, 99)}
    return fields | {"average_delivery_time": average(stat), **quantiles, "all_done": all_done(stat, today)}


def _write_csv(found: Iterator[Stat], today: date) -> None:
    """Write days for spreadsheets to open directly: a byte order mark, one figure per cell, and the domain in each row."""
    sys.stdout.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    rows = csv.writer(sys.stdout, lineterminator="\r\n")
    owners = {domain.key: domain.customer for domain in fleet.everyone()}
    head: list[str] = []
    for stat in found:
        record = {"maildomain": stat.maildomain, "customer": owners.get(stat.maildomain, ""), **_record(stat, today)}
        del record["hours"]
        if not head:
            rows.writerow(head := list(record))
        rows.writerow([_cell(name, record[name]) for name in head])


def _cell(name: str, value: object) -> object:
    if name.endswith("_delivery_time") and isinstance(value, int):
        return value / SECOND
    return guarded(value) if isinstance(value, str) else value


def _day(option: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise Refused(option, f"{option}: {text!r} is not a day; use a form such as 2026-11-22.") from error


def _returned(stat: Stat) -> str:
    known = availability([stat])
    return f"{known.returned:.2f} %" if known else ""


def _span(took: Millis | None) -> str:
    return "" if took is None else span(took)
