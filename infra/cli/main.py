"""The `mxtrax` command: its options, and how it fails."""

import sys

import typer

from infra.cli.group import Commands
from mxtrax.errors import MxtraxError

app = typer.Typer(
    name="mxtrax",
    cls=Commands,
    help="Monitor mail systems with round-trip test mails.",
    epilog="Exit codes: 0 done, or yes; 1 no, or something is wrong; 2 usage error.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _commands() -> None:
    pass


def run_command() -> int:
    """Run the command line, and give the exit code."""
    try:
        app()
    except MxtraxError as error:
        print(f"mxtrax: {error}", file=sys.stderr)
        return 2
    return 0
