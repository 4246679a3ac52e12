"""`mxtrax demo`: let every kind of customer misbehave, then cut off our own inbox, and check MXTRAX's response."""

from typing import Annotated

import typer

from infra.cli.stopping import INTERRUPTED


def demo(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout instead of a table.")] = False,
) -> None:
    """Let simulated customers misbehave, with minutes shortened to seconds, and check MXTRAX's verdicts and alerts.

    It checks each customer's verdict, cause, sentence and alert; that two domains of one provider make one alert; and that,
    while our own inbox is cut off, one alert reports the monitor itself and customers are only reported for what a server
    says. Simulated Slack and PagerDuty are notified, too. It takes about three minutes, longer on a busy machine. The exit
    code is 1 if anything is not as expected.
    """
    try:
        from infra.demo import run  # noqa: PLC0415 -- takes more than a second; --help should not

        outcome = run.hold()
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    run.show(outcome, as_json=as_json)
    raise typer.Exit(0 if outcome.ok else 1)
