"""Which notice of an incident is due, and how sending it changes the incident.

An incident has four kinds of notice: it has opened, it is not what it seemed, it goes on, it is over. Each target
should get each one once. `Incident.notified_channels` names the targets that have accepted the latest notice while
others have not; only the others are tried again. Once the first target has accepted it, the incident counts as notified
(or reminded): somebody knows. `Incident.told` names everybody who knows about it.
"""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from mxtrax.model import Incident, Millis, Notice, NoticeKind
from mxtrax.rules.evidence import certainty
from mxtrax.rules.explanation import explain
from mxtrax.rules.reminders import Pace, by_itself, escalates, next_look, next_reminder

ANEW: Final = 60
"""Minutes after which a target whose notice bounced is tried again, while nobody else knows."""


def kind_of(incident: Incident) -> NoticeKind:
    """Give the kind of notice that an incident is due. One that closed before anybody was notified is only over."""
    if incident.closed is not None:
        return NoticeKind.CLOSED
    if incident.corrected is not None and incident.notified is not None:
        return NoticeKind.CHANGED
    unfinished = incident.notified_channels and incident.reminded is None
    return NoticeKind.OPENED if incident.notified is None or unfinished else NoticeKind.REMINDER


def is_corrected(incident: Incident) -> bool:
    """Say whether what people were told has turned out to be wrong, so that they should do something else.

    A less certain cause than the one that was told is no news: a mail that is still out may come back late, as others
    did.
    """
    if incident.notified is None or incident.told_cause is None or incident.closed is not None:
        return False
    if certainty(incident.cause) < certainty(incident.told_cause):
        return False
    told = explain(incident.told_cause, incident.told_reason, incident.provider)
    return told.next_steps != explain(incident.cause, incident.reason, incident.provider).next_steps


def kind_for(incident: Incident, target: str) -> NoticeKind:
    """Give the kind of notice for one target: if it does not know about the incident yet, that it has opened."""
    kind = kind_of(incident)
    return NoticeKind.OPENED if kind is not NoticeKind.CLOSED and target not in incident.told else kind


def with_news(
    incident: Incident, pace: Pace, now: Millis, *, along: bool = False, company: bool = False
) -> Incident | None:
    """Give an incident as it is before its next notice; None while no notice is due.

    A reminder starts again for all, even for targets that have not accepted the previous notice. With `along`, one that
    is due soon counts as due; with `company`, it waits for another notice that will go out soon.
    """
    if incident.closed is not None:
        return None if incident.due is None else incident
    if incident.notified is None:
        again = incident.notified_channels and now - (incident.due or now) >= ANEW * pace.minute
        return replace(incident, notified_channels=frozenset(), due=now) if again else incident
    if is_corrected(incident):  # Targets that accepted the latest notice were told something else, too.
        incident = replace(incident, notified_channels=frozenset(), corrected=now)
    second = escalates(incident, pace)
    if second is not None and second <= now:  # Those who know are not notified again for that.
        took = incident.notified_channels or frozenset(incident.told)
        incident = replace(incident, escalated=now, notified_channels=took)
    reminder = next_reminder(incident, pace, along=True) if along else by_itself(incident, pace, company=company)
    if reminder is not None and reminder <= now and incident.corrected is None:
        return replace(incident, notified_channels=frozenset())
    return incident if incident.notified_channels or incident.corrected is not None else None


def taken(incident: Incident, notice: Notice, by: str, wanted_by: frozenset[str], pace: Pace) -> Incident:
    """Give an incident after one more target has accepted its notice; it stays due for the others."""
    took, kind = incident.notified_channels | {by}, kind_of(incident)
    done = wanted_by <= took
    known = replace(
        incident,
        notified_channels=frozenset() if done else took,
        told={**incident.told, by: notice.at},
        told_cause=incident.cause,
        told_reason=incident.reason,
        corrected=None if done else incident.corrected,
        due=notice.at,
    )
    match kind:
        case NoticeKind.CLOSED:
            return replace(known, due=None if done else notice.at)
        case NoticeKind.OPENED:
            known = replace(known, notified=incident.notified or notice.at)
        case NoticeKind.REMINDER if not incident.notified_channels:
            known = replace(known, reminded=notice.at, reminders=incident.reminders + 1)
        case NoticeKind.CHANGED:  # A target that has just got a correction needs no reminder yet.
            known = replace(known, reminded=notice.at)
    return replace(known, due=next_look(known, pace, notice.at)) if done else known


def came_back(incident: Incident, target: str, now: Millis) -> Incident:
    """Give an incident whose latest notice bounced from a target: it does not know, so others are tried at once."""
    told = {who: at for who, at in incident.told.items() if who != target}
    took = (incident.notified_channels or frozenset(incident.told)) | {target}
    return replace(incident, told=told, notified_channels=took, notified=incident.notified if told else None, due=now)


def settled(incident: Incident, wanted_by: AbstractSet[str], pace: Pace, now: Millis) -> Incident | None:
    """Give an incident whose notice no target is left to accept, though not all were tried; None while there is one."""
    if not incident.notified_channels or not wanted_by <= incident.notified_channels:
        return None
    if incident.closed is not None:
        return replace(incident, notified_channels=frozenset(), due=None)
    if incident.notified is None:
        return None
    done = replace(incident, notified_channels=frozenset(), corrected=None)
    return replace(done, due=next_look(done, pace, now))
