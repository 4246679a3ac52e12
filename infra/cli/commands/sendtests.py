"""`mxtrax sendtests`: one round of the whole fleet, by the deployed function and at SES's pace."""

from collections.abc import Sequence
from time import sleep
from typing import Final

import typer

from infra.cli import show
from infra.cli.command import AsJson, deployed
from infra.cli.target import Here
from mxtrax.admin import send_now
from mxtrax.aws import sqs
from mxtrax.jobs import plan
from mxtrax.model import MINUTE, SECOND, Config, MailDomain
from mxtrax.model.orders import SendBatch
from mxtrax.report.words import many
from mxtrax.rules import schedule
from mxtrax.rules.cause import span
from mxtrax.rules.limits import effective
from mxtrax.store import fleet

LONGEST_DELAY: Final = 900
"""Seconds that SQS holds a message back at most."""

LEAST_SHARE: Final = 0.1
"""The part of the sending rate that a round by hand gets even where the schedule needs all of it."""


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


def _queue(batches: Sequence[tuple[SendBatch, int]], queue: str) -> None:
    """Queue batches, each with the second at which it goes out; what SQS cannot hold back so long waits here."""
    begun, left = 0, list(batches)
    while left:
        soon = [(batch, at - begun) for batch, at in left if at - begun <= LONGEST_DELAY]
        sqs.queue_all(queue, soon)
        left = left[len(soon) :]
        if left:
            show.note(f"{many(sum(len(b.tests) for b, _ in left), 'test')} follow in 15 minutes; leave this running.")
            sleep(LONGEST_DELAY)
            begun += LONGEST_DELAY


def _spare_rate(domains: Sequence[MailDomain], config: Config, here: Here) -> float:
    """Give the mails a second that the schedule leaves of SES's rate."""
    minute = here.settings.minute_seconds * SECOND / MINUTE * 60
    planned = sum(1 / (effective(each, config).interval_minutes) for each in domains) / minute
    allowed = here.settings.send_rate
    return max(allowed * LEAST_SHARE, allowed * plan.RATE_SHARE - planned)
