"""What there is to tell of an incident, to whom, and what has been told.

An incident has three kinds of notice: that it has opened, that it goes on, that it is over. Each channel is to get each
once. `Incident.notified_channels` names those that have taken the latest notice while others have not; only these
are tried again. From the first that took it, the incident counts as notified (or reminded): somebody knows.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from mxtrax.model import MONITOR, Config, Customer, Incident, Millis

TOPIC: Final = "topic"
"""The channel to machines; every other is an address, with `mailto:` before it."""

_MAIL: Final = "mailto:"


class NoticeKind(StrEnum):
    """The three things that are told of an incident; the values are those of the message for machines."""

    OPENED = "opened"
    REMINDER = "reminder"
    CLOSED = "closed"


def kind_of(incident: Incident) -> NoticeKind:
    """Give what there is to tell of an incident. One that closed before it was notified is over, and no more."""
    if incident.closed is not None:
        return NoticeKind.CLOSED
    unfinished = incident.notified_channels and incident.reminded is None
    return NoticeKind.OPENED if incident.notified is None or unfinished else NoticeKind.REMINDER


def refreshed(incident: Incident, now: Millis, remind: Millis) -> Incident:
    """Begin a new reminder where one is due, also of channels that have not taken the news before."""
    last = incident.reminded or incident.notified
    due = incident.closed is None and last is not None and now >= last + remind
    return replace(incident, notified_channels=frozenset()) if due else incident


def channels(incident: Incident, config: Config, customers: Mapping[str, Customer], *, topic: bool) -> frozenset[str]:
    """Give all who are to be told of an incident: those whom Config names, its customer's own people, the topic."""
    customer = customers.get(incident.customer) if incident.maildomain != MONITOR else None
    addresses = {*config.alertuser, *(customer.alertuser if customer else ())} if config.sendinguser else set[str]()
    return frozenset({f"{_MAIL}{address}" for address in addresses} | ({TOPIC} if topic else set()))


def address_of(channel: str) -> str:
    """Give the address of a channel; empty for the topic."""
    return channel.removeprefix(_MAIL) if channel.startswith(_MAIL) else ""


def as_notified(
    incident: Incident, took: frozenset[str], everyone: frozenset[str], now: Millis, remind: Millis
) -> Incident:
    """Give an incident after these channels have taken its news; it stays due for the others."""
    done = everyone <= incident.notified_channels | took
    known = replace(incident, notified_channels=frozenset() if done else incident.notified_channels | took)
    match kind_of(incident):
        case NoticeKind.CLOSED:
            return replace(known, due=None if done else now)
        case NoticeKind.OPENED:
            notified = incident.notified or now
            return replace(known, notified=notified, due=notified + remind if done else now)
        case NoticeKind.REMINDER:
            return replace(known, reminded=now, due=now + remind if done else now)
