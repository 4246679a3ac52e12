"""`mxtrax demo`: let every kind of customer misbehave, then cut our own inbox off, and check what is made of it."""

from typing import Annotated

import typer

from infra.cli.stopping import INTERRUPTED


def demo(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout instead of a table.")] = False,
) -> None:
    """Let each simulated customer behave or misbehave with minutes of seconds, and check what MXTRAX makes of it.

    Verdict, cause, sentence and alert of each; one alert for the two domains of one provider; and, when our own inbox is
    cut off and restored, one alert about the monitor itself and silence about its customers, but for what a server itself
    says. Slack and PagerDuty, played by doubles, are told as well. Takes about three minutes, on a busy machine longer.
    Exit code 1 where anything is not as it should be.
    """
    try:
        from infra.demo import run  # noqa: PLC0415 -- takes more than a second; --help should not

        outcome = run.hold()
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    run.show(outcome, as_json=as_json)
    raise typer.Exit(0 if outcome.ok else 1)
