"""Commands' output: tables for people, plain columns without a terminal, one JSON object a line for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mxtrax.model import SECOND, Millis
from mxtrax.rules.untrusted_text import for_terminal


@dataclass(frozen=True, slots=True)
class Column[T]:
    """A column of a list: its title, its content, and whether that is a number."""

    title: str
    of: Callable[[T], str]
    number: bool = False


def listing[T](
    items: Iterable[T],
    columns: Sequence[Column[T]],
    *,
    as_json: bool,
    record: Callable[[T], Mapping[str, Any]] | None = None,
    nothing: str = "",
) -> None:
    """Show a list of things. `record` gives each one's JSON; by default, all its fields."""
    if as_json:
        for item in items:
            as_object(record(item) if record else item)
        return
    cells = [[for_terminal(column.of(item)) for column in columns] for item in items]
    if not cells and nothing:
        note(nothing)
        return
    table([column.title for column in columns], cells, {n for n, column in enumerate(columns) if column.number})


def table(titles: Sequence[str], cells: Sequence[Sequence[str]], numbers: Iterable[int] = ()) -> None:
    """Lay out rows: as a drawn table on a terminal, else in columns that programs can split."""
    right = set(numbers)
    if sys.stdout.isatty():
        drawn = Table(box=None, pad_edge=False, header_style="bold")
        for number, title in enumerate(titles):
            drawn.add_column(title, justify="right" if number in right else "left", overflow="fold")
        for row in cells:
            drawn.add_row(*map(Text, row))
        Console().print(drawn)
        return
    rows = [list(titles), *map(list, cells)]
    widths = [max(len(row[number]) for row in rows) for number in range(len(titles))]
    for row in rows:
        line = (
            f"{cell:{'>' if n in right else '<'}{width}}"
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(line).rstrip())


def pairs(lines: Iterable[tuple[str, str]]) -> None:
    """Show one thing: names and values, one below the other."""
    known = list(lines)
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        print(f"{name:{width}}  {for_terminal(value)}".rstrip())


def as_object(item: Any) -> None:  # noqa: ANN401 -- a dataclass or a mapping
    """Print one thing as a JSON object on a line. Times are milliseconds since 1970, UTC."""
    whole = asdict(item) if is_dataclass(item) and not isinstance(item, type) else item
    print(json.dumps(whole, ensure_ascii=False, default=_for_json))


def note(sentence: str) -> None:
    """Print a remark that is not part of the output."""
    typer.echo(sentence, err=True)


def sure(question: str, *, yes: bool) -> None:
    """Ask before something irreversible. A no ends the command."""
    if not (yes or typer.confirm(question)):
        note("Nothing was changed.")
        raise typer.Exit(1)


def when(at: Millis | None, zone: tzinfo = UTC) -> str:
    """Write a moment: 2026-11-22 10:02:11."""
    return "" if at is None else f"{datetime.fromtimestamp(at / SECOND, zone):%Y-%m-%d %H:%M:%S}"


def _for_json(value: object) -> object:
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    raise TypeError(f"{type(value).__name__} cannot be shown as JSON")
