"""`mxtrax test-alert`: whether an alert would arrive."""

from dataclasses import dataclass

import typer

from infra.cli import show
from infra.cli.command import NO, AsJson, deployed
from infra.cli.show import Column
from infra.cli.target import Here


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one simulated alert in one channel."""

    channel: str
    notice: str
    problem: str


@deployed
def test_alert(here: Here, *, as_json: AsJson = False) -> None:
    """Send a simulated failure and its recovery through every channel, by the function that sends the real ones."""
    taken = [Taken(**each) for each in here.call("AlertFunction", {"test_alert": True})["taken"]]
    columns = (
        Column[Taken]("channel", lambda it: it.channel),
        Column[Taken]("notice", lambda it: it.notice),
        Column[Taken]("", lambda it: it.problem or "taken"),
    )
    show.listing(taken, columns, as_json=as_json, nothing="There is no channel: nobody would be notified.")
    if not taken or any(each.problem for each in taken):
        raise typer.Exit(NO)
