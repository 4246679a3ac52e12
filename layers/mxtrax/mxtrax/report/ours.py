"""The news of an alert mail that is of the monitor itself: what says so, and what becomes of the alarms that are held."""

from collections.abc import Sequence
from datetime import tzinfo

from mxtrax.model import MONITOR, Cause, Config, Incident, Millis
from mxtrax.report import words
from mxtrax.report.stories import Group, Story
from mxtrax.rules.cause import span
from mxtrax.rules.notices import NoticeKind, kind_of

_OURS = {
    NoticeKind.OPENED: "The monitor itself is in trouble: alarms that this may have caused are held.",
    NoticeKind.REMINDER: "The monitor itself is still in trouble: alarms that this may have caused are held.",
    NoticeKind.CLOSED: "The monitor itself is well again.",
}
_OTHERWISE = {
    NoticeKind.OPENED: "The monitor itself is in trouble",
    NoticeKind.REMINDER: "The monitor itself is still in trouble",
    NoticeKind.CLOSED: "The monitor itself is well again. It was",
}
_GOES_ON = (
    "Testing and counting go on. A held alarm is told once a test that was sent after the trouble fails, too; it is "
    "dropped where the domain recovers with us."
)
_IS_OVER = (
    "An alarm that was held is told once a test that was sent since then fails, too; it is dropped where the domain has "
    "recovered."
)


def ours(told: Sequence[Incident], config: Config, now: Millis) -> list[Group]:
    """Tell what there is to tell of the monitor itself."""
    zone, groups = words.zone_of(config.timezone), []
    for incident in told:
        if incident.maildomain == MONITOR:
            news, cause = kind_of(incident), words.of_cause(incident.cause)
            monitor_fault = incident.cause is Cause.MONITOR_FAULT
            story = _own_fault(incident, zone, now) if monitor_fault else _own_story(incident, cause, zone, now)
            said = _OURS[news] if monitor_fault else f"{_OTHERWISE[news]}: {cause}."
            groups.append(Group(news, "The monitor itself", 1, (story,), ours=said))
    return groups


def _own_fault(incident: Incident, zone: tzinfo, now: Millis) -> Story:
    """Tell what says that the fault is ours, and what becomes of the alarms that are held."""
    cause = words.clean(incident.evidence) or words.of_cause(incident.cause)
    after = _GOES_ON if incident.closed is None else _IS_OVER
    return Story(address=_stretch(incident, zone, now), cause=cause, sentences=(after,), evidence="")


def _own_story(incident: Incident, cause: str, zone: tzinfo, now: Millis) -> Story:
    evidence = words.clean(incident.evidence)
    return Story(address=_stretch(incident, zone, now), cause=cause, sentences=(), evidence=evidence)


def _stretch(incident: Incident, zone: tzinfo, now: Millis) -> str:
    """Say since when there is trouble, or from when to when there was."""
    opened = words.when(incident.opened, zone)
    lasted = span(max(0, (incident.closed or now) - incident.opened))
    if incident.closed is not None:
        return f"In trouble from {opened} to {words.when(incident.closed, zone)}, for {lasted}"
    return f"In trouble since {opened}" + ("" if kind_of(incident) is NoticeKind.OPENED else f", for {lasted} now")
