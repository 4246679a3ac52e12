"""`mxtrax run`: keep testing a fleet on this machine."""

from pathlib import Path
from typing import Annotated

import typer

STATE = Path(".mxtrax")


def run(
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Discard the kept state and start afresh.")] = False,
    csv: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Import this fleet. (Default for a new world: a sample fleet.)"),
    ] = None,
    relay: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Send all mail to this server instead of the simulated customers.")
    ] = "",
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, metavar="PORT", help="The port of the local AWS and the API; 0: any free one."),
    ] = 0,
    state: Annotated[Path, typer.Option(metavar="DIR", help="Where state is kept between runs.")] = STATE,
) -> None:
    """Test a fleet on this machine until Ctrl-C, and show its status.

    A local AWS runs the real functions; simulated customers return the tests on time, late, or not at all. Nothing leaves
    this machine.
    """
    try:
        from infra.cli import keep_running  # noqa: PLC0415 -- takes more than a second; --help should not

        keep_running.watch(fresh=fresh, csv=csv, relay=relay, port=port, state=state)
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
