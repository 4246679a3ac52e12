"""List, show and delete mail that belongs to no test."""

import sys
from itertools import islice
from typing import Annotated, Final

import typer

from infra.cli import show
from infra.cli.command import AsJson, Yes, deployed
from infra.cli.returned_mail import account
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.admin import unmatched
from mxtrax.admin.unmatched import Listed
from mxtrax.errors import Refused
from mxtrax.mail import read
from mxtrax.report.words import many
from mxtrax.rules.untrusted_text import for_terminal
from mxtrax.rules.zones import zone_of

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

SHOWN_LINES: Final = 200

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="As the list shows it.")]


@app.command("list")
@deployed
def list_(
    here: Here,
    *,
    limit: Annotated[int, typer.Option(min=1, max=unmatched.MOST, help="How many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the mails, latest first."""
    zone = zone_of(here.config.timezone)
    columns = (
        Column[Listed]("came", lambda it: show.when(it.at, zone)),
        Column[Listed]("from", lambda it: it.sender),
        Column[Listed]("subject", lambda it: it.subject),
        Column[Listed]("why", lambda it: it.why),
        Column[Listed]("id", lambda it: it.id),
    )
    letters, more = unmatched.latest(here.settings, 0, limit)
    show.listing(letters, columns, as_json=as_json, nothing="There is no unmatched mail.")
    if more:
        show.note("There are more; --limit shows them.")


@app.command("show")
@deployed
def show_(
    here: Here,
    *,
    number: Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.")],
    raw: Annotated[bool, typer.Option("--raw", help="The raw mail, for a file or a pipe.")] = False,
) -> None:
    """Show a mail: what was read from it, and its text with terminal control codes removed."""
    found = unmatched.source(here.settings, number)
    if raw:
        if sys.stdout.isatty():
            raise Refused("raw", "Raw mail can control a terminal: redirect it to a file with > mail.eml.")
        sys.stdout.buffer.write(found)
        return
    typer.echo(account(number, read(found)))
    lines = found.decode("utf-8", "replace").splitlines()
    for line in islice(lines, SHOWN_LINES):
        typer.echo(f"  | {for_terminal(line.expandtabs())}")
    if len(lines) > SHOWN_LINES:
        show.note(f"{len(lines) - SHOWN_LINES:,} more lines; --raw gives them.")


@app.command()
@deployed
def delete(here: Here, *, numbers: Ids, yes: Yes = False) -> None:
    """Delete mails permanently."""
    for number in numbers:
        unmatched.check_there(here.settings, number)
    show.sure(f"Delete {many(len(numbers), 'mail')} of {here.name} permanently?", yes=yes)
    for number in numbers:
        unmatched.delete(here.actor, here.now(), here.settings, number)
