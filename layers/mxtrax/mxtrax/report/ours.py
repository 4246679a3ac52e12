"""The part of an alert mail that is about the monitor itself: what shows it, and what becomes of the alerts on hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo

from mxtrax.model import MONITOR, Cause, Notice, NoticeKind
from mxtrax.report import words
from mxtrax.report.stories import Group, Known, Story, advice
from mxtrax.rules.cause import span

_GOES_ON = (
    "Testing and counting go on. An alert on hold is sent once a test fails that was sent after the trouble; it is dropped "
    "if the domain is well by then."
)
_IS_OVER = (
    "An alert that was on hold is sent once a test fails that was sent since then; it is dropped if the domain has "
    "recovered."
)


def ours(notices: Sequence[Notice], known: Known) -> list[Group]:
    """Say what there is to say of the monitor itself."""
    zone, groups = known.zone, []
    for notice in notices:
        incident = notice.incident
        if incident.maildomain == MONITOR:
            cause = words.of_cause(incident.cause)
            monitor_fault = incident.cause is Cause.MONITOR_FAULT
            story = _own_fault(notice, zone) if monitor_fault else _own_story(notice, cause, zone)
            story = replace(story, **advice(notice, known))
            if monitor_fault:  # its headline says what it means
                story = replace(story, meaning="")
            said = _headline(notice.kind, "" if monitor_fault else cause)
            groups.append(Group(notice.kind, "The monitor itself", 1, (story,), ours=said, leads=monitor_fault))
    return groups


def _headline(kind: NoticeKind, cause: str) -> str:
    """Say how the monitor is; without a cause the fault is ours, and alerts are on hold because of it."""
    if kind is NoticeKind.CLOSED:
        return "The monitor itself is well again." + (f" It was: {cause}." if cause else "")
    still = "still " if kind is NoticeKind.REMINDER else ""
    return f"The monitor itself is {still}in trouble: {cause or 'alerts that this may have caused are on hold'}."


def _own_fault(notice: Notice, zone: tzinfo) -> Story:
    """Say what shows that the fault is ours, and what becomes of the alerts on hold."""
    incident = notice.incident
    cause = words.clean(incident.evidence) or words.of_cause(incident.cause)
    after = _GOES_ON if incident.closed is None else _IS_OVER
    return Story(address=_stretch(notice, zone), cause=cause, sentences=(after,), evidence="")


def _own_story(notice: Notice, cause: str, zone: tzinfo) -> Story:
    evidence = words.clean(notice.incident.evidence)
    return Story(address=_stretch(notice, zone), cause=cause, sentences=(), evidence=evidence)


def _stretch(notice: Notice, zone: tzinfo) -> str:
    """Say since when there is trouble, or from when to when there was."""
    incident = notice.incident
    opened = words.when(incident.opened, zone)
    lasted = span(max(0, (incident.closed or notice.at) - incident.opened))
    if incident.closed is not None:
        return f"In trouble from {opened} to {words.when(incident.closed, zone)}, for {lasted}"
    return f"In trouble since {opened}" + ("" if notice.kind is NoticeKind.OPENED else f", for {lasted} now")
