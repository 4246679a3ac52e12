"""`mxtrax send`: one test, followed until it comes back.

The deployed function sends the mail, like planned ones: with its permissions and its configuration set. This machine
only names the domain; it needs no permission to send, and switching it off loses nothing.
"""

from time import sleep
from typing import Annotated, Final

import typer

from infra.cli import find, show
from infra.cli.command import NO, AsJson, deployed
from infra.cli.mailtest import moments, record
from infra.cli.target import Here
from mxtrax.admin import send_now
from mxtrax.errors import Refused
from mxtrax.model import SECOND, MailTest, Millis, Verdict
from mxtrax.model.orders import SendBatch, to_json
from mxtrax.rules.cause import sentence
from mxtrax.rules.untrusted_text import for_terminal
from mxtrax.rules.verdict import classify
from mxtrax.rules.zones import zone_of
from mxtrax.store import mailtests

LOOK_SECONDS: Final = 0.5


@deployed
def send(
    here: Here,
    *,
    domain: Annotated[str, typer.Argument(help="Its address, its name or its number.")],
    wait: Annotated[
        int,
        typer.Option(
            min=0, metavar="SECONDS", help="How many seconds to follow it. (Default: until it would be late.)"
        ),
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Send one test now and follow it until it comes back. The exit code is 0 if it came back on time."""
    config, wanted, now = here.config, find.domain(domain), here.now()

    def deliver(batch: SendBatch) -> None:
        here.call("SendFunction", {"Records": [{"body": to_json(batch)}]})

    order = send_now.send(here.actor, now, here.settings, wanted, deliver)
    if wanted.maintmode:
        show.note(f"{wanted.address} is in maintenance: the test is counted, but not judged.")
    until = now + (wait or order.maxreturntime) * SECOND
    test = _follow(here, order.testid, until, aloud=not as_json)
    if test is None:
        raise Refused("testid", f"The test {order.testid} was not recorded; see the send function's log.")
    verdict = classify(test, here.now())
    if as_json:
        show.as_object(record(test, here.now()))
    else:
        typer.echo(f"{verdict}: {for_terminal(sentence(test, verdict, zone_of(config.timezone)))}")
    if verdict is not Verdict.ONTIME:
        raise typer.Exit(NO)


def _follow(here: Here, testid: str, until: Millis, *, aloud: bool) -> MailTest | None:
    """Print what happens to a test as it happens, until its verdict is final or time is up."""
    zone, told = zone_of(here.config.timezone), set[tuple[Millis, str, str]]()
    while True:
        test = mailtests.get(testid)
        for moment in moments(test) if test and aloud else ():
            if moment not in told:
                told.add(moment)
                at, what, said = moment
                typer.echo(for_terminal(f"{show.when(at, zone)}  {what}{'  ' if said else ''}{said}"))
        if (test and (test.receivetime or test.refused or test.unsent)) or here.now() > until:
            return test
        sleep(LOOK_SECONDS)
