"""`mxtrax import-domains`: the fleet from a CSV file."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from infra.cli import show
from infra.cli.command import NO, AsJson, deployed
from infra.cli.target import Here
from mxtrax.admin import importing
from mxtrax.errors import Refused
from mxtrax.rules import fleet_csv
from mxtrax.rules.untrusted_text import for_terminal


@deployed
def import_domains(
    here: Here,
    *,
    file: Annotated[str, typer.Option("--file", "-f", metavar="FILE", help="The CSV file; - reads standard input.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import customers and domains from a CSV file.

    Its first line is Customer.friendlyname,Customer.codename,MailDomain.testuser,MailDomain.domainname, or that of
    export-domains --all. Existing customers and domains stay as they are, so it is safe to import a file again. Rows
    that cannot be imported are listed with their line and the reason; then the exit code is 1.
    """
    roster = importing.read(_bytes(file), here.settings)
    with _progress(len(roster.good)) as step:
        done = importing.import_fleet(here.actor, here.now(), roster, dry_run=dry_run, progress=step)
    if as_json:
        bad = [{"line": row.line, "reason": row.reason} for row in done.bad]
        show.as_object({**done.counts, "adds_up": done.adds_up, "dry_run": dry_run, "bad": bad})
    else:
        _tell(done, here.name, dry_run=dry_run)
    if done.bad or not done.adds_up:
        raise typer.Exit(NO)


def _tell(done: importing.Outcome, where: str, *, dry_run: bool) -> None:
    for row in done.bad:
        show.note(f"line {row.line}: {for_terminal(row.reason)}")
    counts = (
        ("Would be imported" if dry_run else "Imported", done.imported),
        ("Already there", done.there),
        ("Problematic", len(done.bad)),
        ("Rows in the file", done.rows),
    )
    show.pairs((name, f"{number:,}") for name, number in counts)
    if not done.adds_up:
        show.note("These do not add up: somebody else changed the fleet meanwhile. Import the file again.")
    elif dry_run:
        show.note(f"Nothing was changed in {where}.")


@contextmanager
def _progress(rows: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Importing", total=rows)
        yield lambda done: bar.advance(task, done)


def _bytes(file: str) -> bytes:
    """Read a file; of one that is too large, only enough to show that."""
    most = fleet_csv.MAX_BYTES + 1
    try:
        if file == "-":
            return sys.stdin.buffer.read(most)
        with Path(file).open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        raise Refused("file", f"{file}: {error.strerror or error}") from error
