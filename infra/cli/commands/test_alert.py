"""`mxtrax test-alert`: whether an alert would arrive."""

import typer

from infra.cli import show
from infra.cli.command import NO, AsJson, deployed
from infra.cli.show import Column
from infra.cli.target import Here
from mxtrax.admin import test_alert as use_cases
from mxtrax.admin.test_alert import Taken


@deployed
def test_alert(here: Here, *, as_json: AsJson = False) -> None:
    """Send a simulated failure and its recovery through every channel, with the function that sends real alerts."""

    def sent() -> list[Taken]:
        return [Taken(**each) for each in here.call("AlertFunction", {"test_alert": True})["taken"]]

    taken = use_cases.order(here.actor, here.now(), sent)
    columns = (
        Column[Taken]("channel", lambda it: it.channel),
        Column[Taken]("notice", lambda it: it.notice),
        Column[Taken]("", lambda it: it.problem or "taken"),
    )
    show.listing(taken, columns, as_json=as_json, nothing="There is no channel: nobody would be notified.")
    if not taken or any(each.problem for each in taken):
        raise typer.Exit(NO)
