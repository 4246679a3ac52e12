"""Rehearse the alarm: a failing and a recovery that nobody had, through every channel, so that one knows they arrive."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from mxtrax import report
from mxtrax.model import Cause, Config, Incident, Millis
from mxtrax.notify import posting
from mxtrax.rules.notices import TOPIC
from mxtrax.runtime.environment import Settings
from mxtrax.store import fleet
from mxtrax.store import settings as stored

ADDRESS: Final = "rehearsal@mxtrax.invalid"
"""A domain that nobody can have (RFC 2606)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one alarm in one channel: an address, or the topic. `problem` is empty where it was taken."""

    channel: str
    notice: str
    problem: str


def rehearse(now: Millis, settings: Settings) -> list[Taken]:
    """Send a simulated failing and its recovery through every channel, and give what became of each.

    Nothing is written down: no incident is opened, and no channel is left out because it has been told before.
    """
    config = stored.load(settings.initial)
    opened = Incident(
        id=f"rehearsal-{now}",
        maildomain=ADDRESS,
        opened=now,
        cause=Cause.ACCEPTED_THEN_LOST,
        evidence="This is a rehearsal: no domain is failing.",
    )
    closed = replace(opened, notified=now, closed=now, evidence="This is a rehearsal: no domain was failing.")
    return [taken for incident in (opened, closed) for taken in _everywhere(incident, config, now, settings)]


def _everywhere(incident: Incident, config: Config, now: Millis, settings: Settings) -> Iterator[Taken]:
    notice = str(report.kind_of(incident))
    composed = report.compose(now, config, [incident], [], {})
    mail = replace(composed, subject=f"REHEARSAL | {composed.subject}")
    for address in _addresses(config):
        problem = posting.mail(mail, address, config, settings, now) if config.sendinguser else "sendinguser is not set"
        yield Taken(channel=address, notice=notice, problem=problem)
    if settings.alert_topic:
        message, attributes = report.message(incident, None, None, None, now)
        yield Taken(channel=TOPIC, notice=notice, problem=posting.publish(message, attributes, settings))


def _addresses(config: Config) -> list[str]:
    """Give all who are ever mailed: whom Config names, and the customers' own people."""
    own = (address for customer in fleet.customers().values() for address in customer.alertuser)
    return list(dict.fromkeys((*config.alertuser, *own)))
