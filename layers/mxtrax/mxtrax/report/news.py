"""What there is to tell of an incident: that it has begun, that it goes on, that it is over."""

from enum import StrEnum

from mxtrax.model import Incident


class News(StrEnum):
    """The three things that are told of an incident; the values are those of the message for machines."""

    OPEN = "open"
    REMINDER = "reminder"
    CLOSED = "closed"


def news_of(incident: Incident) -> News:
    """Give what there is to tell of an incident. One that closed before it was announced is over, and no more."""
    if incident.closed is not None:
        return News.CLOSED
    return News.OPEN if incident.announced is None else News.REMINDER
