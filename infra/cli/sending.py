"""`mxtrax send` and `mxtrax sendtests`: one test followed until it is back, and one round of the whole fleet.

The mails go out by the deployed function, as the planned ones do: with its permissions, under its configuration set,
and at SES's pace. This machine only says which; it needs no right to send, and switching it off loses nothing.
"""

import json
from collections.abc import Sequence
from time import sleep
from typing import Annotated, Any, Final

import typer

from infra.cli import find, show
from infra.cli.frame import NO, AsJson, deployed
from infra.cli.journeys import moments, record
from infra.cli.target import Here
from mxtrax.admin import send_now
from mxtrax.aws import sqs
from mxtrax.errors import Refused
from mxtrax.jobs import plan
from mxtrax.model import MINUTE, SECOND, Config, MailDomain, MailTest, Millis, Verdict
from mxtrax.report.words import many, zone_of
from mxtrax.rules import schedule
from mxtrax.rules.cause import sentence, span
from mxtrax.rules.verdict import classify
from mxtrax.store import fleet, mailtests

LOOK_SECONDS: Final = 0.5
LONGEST_DELAY: Final = 900
"""Seconds that SQS holds a message back at most."""

LEAST_SHARE: Final = 0.1
"""The part of the sending rate that a round by hand gets even where the schedule needs all of it."""


@deployed
def send(
    here: Here,
    *,
    domain: Annotated[str, typer.Argument(help="Its address, its name or its number.")],
    wait: Annotated[
        int, typer.Option(min=0, metavar="SECONDS", help="How long to follow it. (Default: until it would be late.)")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Send one test now and follow it until it is back. The exit code is 0 where it came back on time."""
    config, wanted, now = here.config, find.domain(domain), here.now()
    (order,) = send_now.orders([wanted], config, now)
    here.call("SendFunction", {"Records": [{"body": json.dumps(plan.batch([order], config))}]})
    if wanted.maintmode:
        show.note(f"{wanted.address} is in maintenance: the test is counted, and nothing is judged by it.")
    until = now + (wait or order["maxreturntime"]) * SECOND
    test = _follow(here, order["testid"], until, aloud=not as_json)
    if test is None:
        raise Refused("testid", f"The test {order['testid']} was not written down; see the log of the send function.")
    verdict = classify(test, here.now())
    if as_json:
        show.as_object(record(test, here.now()))
    else:
        typer.echo(f"{verdict}: {show.plain(sentence(test, verdict, zone_of(config.timezone)))}")
    if verdict is not Verdict.ONTIME:
        raise typer.Exit(NO)


def _follow(here: Here, testid: str, until: Millis, *, aloud: bool) -> MailTest | None:
    """Tell what happens to a test as it happens, until it is decided or time is up."""
    zone, told = zone_of(here.config.timezone), set[tuple[Millis, str, str]]()
    while True:
        test = mailtests.get(testid)
        for moment in moments(test) if test and aloud else ():
            if moment not in told:
                told.add(moment)
                at, what, said = moment
                typer.echo(show.plain(f"{show.when(at, zone)}  {what}{'  ' if said else ''}{said}"))
        if (test and (test.receivetime or test.refused or test.unsent)) or here.now() > until:
            return test
        sleep(LOOK_SECONDS)


@deployed
def sendtests(here: Here, *, as_json: AsJson = False) -> None:
    """Send one test to every domain that is not in maintenance, now."""
    config, everyone = here.config, list(fleet.everyone())
    tested = [domain for domain in everyone if not domain.maintmode]
    orders = send_now.orders(tested, config, here.now())
    rate = _spare_rate(tested, config, here)
    batches = list(schedule.paced(orders, rate, int(len(orders) / rate) + 1))
    seconds = batches[-1][0] if batches else 0
    if as_json:
        show.as_object({"tests": len(orders), "in_maintenance": len(everyone) - len(orders), "seconds": seconds})
    else:
        typer.echo(f"{many(len(orders), 'test')} to send, within {span(max(1, seconds) * SECOND)}.")
    _queue([(plan.batch(tests, config), delay) for delay, tests in batches], here.settings.send_queue)


def _queue(batches: Sequence[tuple[dict[str, Any], int]], queue: str) -> None:
    """Queue batches, each with the second at which it goes out; what SQS cannot hold back so long waits here."""
    begun, left = 0, list(batches)
    while left:
        soon = [(batch, at - begun) for batch, at in left if at - begun <= LONGEST_DELAY]
        sqs.queue_all(queue, soon)
        left = left[len(soon) :]
        if left:
            show.note(
                f"{many(sum(len(b['tests']) for b, _ in left), 'test')} follow in 15 minutes; leave this running."
            )
            sleep(LONGEST_DELAY)
            begun += LONGEST_DELAY


def _spare_rate(domains: Sequence[MailDomain], config: Config, here: Here) -> float:
    """Give the mails a second that the schedule leaves of SES's rate."""
    minute = here.settings.minute_seconds * SECOND / MINUTE * 60
    planned = sum(1 / (each.interval_minutes or config.interval_minutes) for each in domains) / minute
    allowed = here.settings.send_rate
    return max(allowed * LEAST_SHARE, allowed * plan.RATE_SHARE - planned)
