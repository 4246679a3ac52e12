"""Which notice of an incident is due, and what it becomes by being sent.

An incident has three kinds of notice: that it has opened, that it goes on, that it is over. Each channel is to get each
once. `Incident.notified_channels` names those that have taken the latest notice while others have not; only these are
tried again. From the first that took it, the incident counts as notified (or reminded): somebody knows.
"""

from dataclasses import replace

from mxtrax.model import Incident, Millis, Notice, NoticeKind


def kind_of(incident: Incident) -> NoticeKind:
    """Give the kind of notice that an incident is due. One that closed before anybody was notified is over, and no more."""
    if incident.closed is not None:
        return NoticeKind.CLOSED
    unfinished = incident.notified_channels and incident.reminded is None
    return NoticeKind.OPENED if incident.notified is None or unfinished else NoticeKind.REMINDER


def refreshed(incident: Incident, now: Millis, remind: Millis) -> Incident:
    """Begin a new reminder where one is due, also for channels that have not taken the notice before."""
    last = incident.reminded or incident.notified
    due = incident.closed is None and last is not None and now >= last + remind
    return replace(incident, notified_channels=frozenset()) if due else incident


def taken(incident: Incident, notice: Notice, by: str, wanted_by: frozenset[str], remind: Millis) -> Incident:
    """Give an incident after one more channel has taken its notice; it stays due for the others that want it."""
    took = incident.notified_channels | {by}
    done = wanted_by <= took
    known = replace(incident, notified_channels=frozenset() if done else took)
    match notice.kind:
        case NoticeKind.CLOSED:
            return replace(known, due=None if done else notice.at)
        case NoticeKind.OPENED:
            notified = incident.notified or notice.at
            return replace(known, notified=notified, due=notified + remind if done else notice.at)
        case NoticeKind.REMINDER:
            return replace(known, reminded=notice.at, due=notice.at + remind if done else notice.at)
