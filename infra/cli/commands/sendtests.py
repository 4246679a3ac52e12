"""`mxtrax sendtests`: test the whole fleet once, with the deployed function and at SES's rate."""

from collections.abc import Sequence
from time import sleep
from typing import Final

import typer

from infra.cli import show
from infra.cli.command import AsJson, deployed
from infra.cli.target import Here
from mxtrax.admin import send_now
from mxtrax.aws import sqs
from mxtrax.model import SECOND
from mxtrax.model.orders import SendBatch
from mxtrax.report.words import many
from mxtrax.rules.cause import span

LONGEST_DELAY: Final = 900
"""Seconds for which SQS delays a message at most."""


@deployed
def sendtests(here: Here, *, as_json: AsJson = False) -> None:
    """Send one test to every domain that is not in maintenance, now."""
    ordered = send_now.send_round(here.actor, here.now(), here.settings)
    if as_json:
        counts = {"tests": ordered.tests, "in_maintenance": ordered.in_maintenance, "seconds": ordered.seconds}
        show.as_object(counts)
    else:
        within = span(max(1, ordered.seconds) * SECOND)
        typer.echo(f"{many(ordered.tests, 'test')} to send, within {within}.")
    _queue(ordered.batches, here.settings.send_queue)


def _queue(batches: Sequence[tuple[SendBatch, int]], queue: str) -> None:
    """Queue batches, each with the second at which it goes out; what SQS cannot delay that long waits here."""
    begun, left = 0, list(batches)
    while left:
        soon = [(batch, at - begun) for batch, at in left if at - begun <= LONGEST_DELAY]
        sqs.queue_all(queue, soon)
        left = left[len(soon) :]
        if left:
            show.note(f"{many(sum(len(b.tests) for b, _ in left), 'test')} follow in 15 minutes; leave this running.")
            sleep(LONGEST_DELAY)
            begun += LONGEST_DELAY
