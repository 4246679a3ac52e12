"""`mxtrax demo`: let every kind of customer misbehave, and check what is made of it."""

from typing import Annotated

import typer

from infra.cli.stopping import INTERRUPTED


def demo(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout instead of a table.")] = False,
) -> None:
    """Let each simulated customer behave or misbehave with minutes of seconds, and check what MXTRAX makes of it.

    Ends by itself within two and a half minutes; exit code 1 where anything is not as the customers' table expects.
    """
    try:
        from infra.cli import trial  # noqa: PLC0415 -- takes more than a second; --help should not

        outcome = trial.hold()
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    trial.show(outcome, as_json=as_json)
    raise typer.Exit(0 if outcome.ok else 1)
