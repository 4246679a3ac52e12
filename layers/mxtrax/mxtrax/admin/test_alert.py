"""The test alert: a simulated failure and recovery through every channel, so that people know that alerts arrive."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from mxtrax.admin.actor import Actor
from mxtrax.admin.audit import entry
from mxtrax.errors import TryAgain
from mxtrax.frozen import dataclass
from mxtrax.model import MINUTE, Cause, Incident, Millis, Notice, NoticeKind
from mxtrax.notify.channel import Channel, Context
from mxtrax.runtime.environment import Settings
from mxtrax.store import audit, customers, runtime
from mxtrax.store.config import load_config

ADDRESS: Final = "test-alert@mxtrax.invalid"
"""A domain that nobody can have (RFC 2606)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The outcome of one notice in one channel: an address, or the topic. `problem` is empty if it was accepted."""

    channel: str
    notice: str
    problem: str


def order(actor: Actor, now: Millis, act: Callable[[], list[Taken]]) -> list[Taken]:
    """Have a test alert sent by `act`. The audit knows of it before it goes out: it may outlive the caller.

    Raises TryAgain within a minute of the one before: each mails everybody who gets alerts, out of SES's daily quota.
    """
    if not runtime.acquire_lease("test-alert", now, now + MINUTE):
        raise TryAgain("The last test alert went out less than a minute ago: wait a minute, then send another.")
    audit.note(entry(actor, now, "alert.test", "alerts"))
    return act()


def send(now: Millis, settings: Settings) -> list[Taken]:
    """Send a simulated failure and its recovery through every channel, and give each result.

    Nothing is written down: no incident is opened, and no channel is left out because it was notified before.
    """
    from mxtrax.notify.channels import channels  # noqa: PLC0415 -- what writes mails is brought by a test, not by each call

    config = load_config(settings.initial)
    context = Context(now=now, config=config, settings=settings, customers=customers.everyone(), lines=lambda _: ())
    everywhere = channels(context)
    return [taken for notice in notices(now) for channel in everywhere for taken in _by(channel, notice, context)]


def notices(now: Millis) -> tuple[Notice, Notice]:
    """Make a failure that nobody has, and its recovery."""
    opened = Incident(
        id=f"test-alert-{now}",
        maildomain=ADDRESS,
        opened=now,
        cause=Cause.ACCEPTED_THEN_LOST,
        evidence="This is a test alert: no domain is failing.",
    )
    closed = replace(opened, notified=now, closed=now, evidence="This is a test alert: no domain was failing.")
    return (
        Notice(kind=NoticeKind.OPENED, at=now, incident=opened, test=True),
        Notice(kind=NoticeKind.CLOSED, at=now, incident=closed, test=True),
    )


def _by(channel: Channel, notice: Notice, context: Context) -> Iterator[Taken]:
    """Send a notice to everyone whom a channel knows: whom Config names, and the customers' own people."""
    lack = channel.lacks()
    for target in channel.targets(context.config, context.customers):
        for _, problem in [(notice, lack)] if lack else channel.send(target, [notice]):
            yield Taken(channel=target.name, notice=str(notice.kind), problem=problem)
