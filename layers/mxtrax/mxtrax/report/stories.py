"""The notices of an alert mail: for each incident what happened, since when, why, and what was seen.

Domains whose mail one provider runs are reported as one where they share a kind of notice: one cause, one alert.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, Final

from mxtrax.frozen import dataclass
from mxtrax.model import MONITOR, Config, Incident, Notice, NoticeKind, Stat
from mxtrax.report import words
from mxtrax.report.brief import ACT, link, worst_first
from mxtrax.report.figures import Figures
from mxtrax.report.words import LIMITS, many
from mxtrax.rules.act_token import MOST_OTHERS
from mxtrax.rules.cause import span
from mxtrax.rules.explanation import explain
from mxtrax.rules.how_to import by_name
from mxtrax.rules.zones import zone_of

MOST_MEMBERS: Final = 50
"""Domains of one provider that are listed in its story; the table has the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The story of one incident, or of `number` of one provider: sentences, members, and evidence.

    `evidence` holds a stranger's words. `meaning` and `steps` explain it while it goes on, `link` leads to it, and with
    `act` people say that they are on it, or on all of several.
    """

    address: str
    customer: str = ""
    cause: str
    sentences: tuple[str, ...]
    evidence: str
    members: tuple[str, ...] = ()
    number: int = 1
    meaning: str = ""
    steps: tuple[str, ...] = ()
    link: str = ""
    act: str = ""
    act_words: str = ACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What stories are told from beside their incidents: the figures of the fleet, the day's, and where links lead.

    With the full report below, stories say what exceeds the limits; without it, they give the day's figures. Of a very
    large fleet `left_out` domains are not among the figures, all of them in order.
    """

    figures: Mapping[str, Figures]
    days: Mapping[str, Stat]
    config: Config
    base: str = ""
    act: Callable[..., str] = lambda *_: ""
    full: bool = False
    left_out: int = 0

    @property
    def zone(self) -> tzinfo:
        """Give the zone in which times are written."""
        return zone_of(self.config.timezone)


@dataclass(frozen=True, slots=True)
class Group:
    """The incidents with one kind of notice, worst first. `number` counts those that are not among the stories, too."""

    kind: NoticeKind
    title: str
    number: int
    stories: tuple[Story, ...]
    ours: str = ""
    """What is said first, where the notice is of the monitor itself."""

    corrected: bool = False
    """Whether all of them have been notified before, of another cause."""

    again: bool = False
    """Whether all of them are relapses: people heard within the hour before that they were over."""

    leads: bool = True
    """Whether it may lead the mail. A mail storm never comes before what concerns customers."""

    @property
    def more(self) -> int:
        """How many incidents are not reported in full."""
        return self.number - sum(story.number for story in self.stories)


_TITLES = {
    NoticeKind.OPENED: "Failing",
    NoticeKind.CHANGED: "Also failing",
    NoticeKind.REMINDER: "Still failing",
    NoticeKind.CLOSED: "Recovered",
}
_BEGIN = {
    NoticeKind.OPENED: ("is failing", "are failing"),
    NoticeKind.CHANGED: ("is failing as well", "are failing as well"),
    NoticeKind.REMINDER: ("is still failing", "are still failing"),
    NoticeKind.CLOSED: ("has recovered", "have recovered"),
}
_AGAIN = ("is failing again", "are failing again")
_CORRECTED = (
    "is failing for a different reason than first reported",
    "are failing for a different reason than first reported",
)


def group(kind: NoticeKind, notices: Sequence[Notice], known: Known, most: int) -> Group | None:
    """Report all incidents with one kind of notice, the `most` worst in full; None if there are none."""
    of_kind = [notice for notice in notices if notice.kind is kind and notice.incident.maildomain != MONITOR]
    if not of_kind:
        return None

    def story(together: Sequence[Notice]) -> Story:
        return _common_story(together, known) if len(together) > 1 else _story(together[0], known)

    stories = tuple(story(together) for together in _by_provider(worst_first(of_kind))[:most])
    corrected = kind is NoticeKind.CHANGED and not any(notice.joined for notice in of_kind)
    again = kind is NoticeKind.OPENED and all(notice.incident.again_of for notice in of_kind)
    title = "Another reason" if corrected else "Failing again" if again else _TITLES[kind]
    return Group(kind, title, len(of_kind), stories, corrected=corrected, again=again)


def headlines(groups: Sequence[Group]) -> tuple[str, ...]:
    """Say what has happened in a sentence for each kind of notice."""
    sentences = []
    for it in groups:
        one, several = _CORRECTED if it.corrected else _AGAIN if it.again else _BEGIN[it.kind]
        first, single = it.stories[0], len(it.stories) == 1 and not it.more
        if it.ours:
            sentences.append(it.ours)
        elif not single:
            sentences.append(f"{many(it.number, 'domain')} {several}.")
        else:
            begin = f"{first.address} {one if it.number == 1 else several}"
            sentences.append(f"{begin}." if it.kind is NoticeKind.CLOSED else f"{begin}: {first.cause}.")
    return tuple(sentences) or ("Nothing has changed.",)


def _by_provider(notices: Iterable[Notice]) -> list[list[Notice]]:
    """Group the domains that one provider runs, in the order of the worst of each."""
    together: dict[str, list[Notice]] = {}
    for notice in notices:
        together.setdefault(notice.incident.provider or notice.incident.maildomain, []).append(notice)
    return list(together.values())


def _common_story(notices: Sequence[Notice], known: Known) -> Story:
    """Report several domains of one provider as one; the evidence is the worst one's."""
    incidents, worst, zone = [notice.incident for notice in notices], notices[0], known.zone
    whose = many(len({incident.customer for incident in incidents}), "customer")
    causes = Counter(words.of_cause(incident.cause, incident.reason) for incident in incidents).most_common()
    cause = causes[0][0] if len(causes) == 1 else ", ".join(f"{said} ({number:,})" for said, number in causes)
    first = words.when(min(incident.opened for incident in incidents), zone)
    last = max((incident.closed for incident in incidents if incident.closed is not None), default=None)
    when = (
        f"Failing since {first}.{_joined(notices)}"
        if last is None
        else f"They were failing from {first} to {words.when(last, zone)}."
    )
    members = [_member(notice) for notice in notices[:MOST_MEMBERS]]
    if len(incidents) > MOST_MEMBERS:
        members.append(f"and {len(incidents) - MOST_MEMBERS:,} more")
    provider, evidence = words.clean(worst.incident.provider), worst.incident.evidence
    as_one = f"One provider, {provider}, runs their mail, so they are reported as one:"
    return Story(
        address=f"{provider}: {many(len(incidents), 'domain')} of {whose}",
        cause=cause,
        sentences=(when, *_escalated(incidents, zone), *_siblings(notices, known), as_one),
        evidence=f"{_address(worst)}: {words.clean(evidence)}" if evidence else "",
        members=tuple(members),
        number=len(incidents),
        act_words=f"{ACT}: {_all_of(len(notices), _address(worst))}",
        **advice(worst, known, notices[1:]),
    )


def _joined(notices: Iterable[Notice]) -> str:
    """Say how many incidents of the same cause this reader already knows."""
    before = max(notice.joined for notice in notices)
    return f" You were notified of {many(before, 'other')} with the same cause before." if before else ""


def _all_of(number: int, worst: str) -> str:
    """Say what one link acknowledges; muting is for the worst domain alone."""
    most = MOST_OTHERS + 1
    return f"{'all' if number <= most else 'the worst'} {min(number, most)} at once ({worst} can be muted)"


def advice(notice: Notice, known: Known, others: Sequence[Notice] = ()) -> dict[str, Any]:
    """Give the explanation of a notice while it goes on; `others` are acknowledged together with it."""
    incident = notice.incident
    if incident.closed is not None:
        return {"link": link(notice, known.base)}
    told = explain(incident.cause, incident.reason, incident.provider)
    return {
        "meaning": told.meaning,
        "steps": tuple(by_name(step, known.config.sendinguser) for step in told.next_steps),
        "link": link(notice, known.base),
        "act": known.act(notice, *others),
    }


def _siblings(notices: Sequence[Notice], known: Known) -> list[str]:
    """Say how the provider's other domains are: whether it is the provider, or these alone."""
    provider, these = notices[0].incident.provider, {notice.incident.maildomain for notice in notices}
    if not provider or notices[0].incident.closed is not None or known.left_out:
        return []
    others = [
        it.failing
        for key, it in known.figures.items()
        if it.line.health.provider == provider and key not in these and not it.line.domain.maintmode
    ]
    if not others:
        return []
    failing = sum(others)
    are = "all well" if not failing else "all failing" if failing == len(others) else f"{failing:,} failing"
    return [f"The other domains of {words.clean(provider)} here ({len(others):,}): {are}."]


def _member(notice: Notice) -> str:
    address, name = _address(notice), _customer(notice)
    return f"{address}, {name}" if name else address


def _address(notice: Notice) -> str:
    return words.clean(notice.domain.address if notice.domain else notice.incident.maildomain)


def _customer(notice: Notice) -> str:
    return words.clean(notice.customer.friendlyname if notice.customer else notice.incident.customer)


def _story(notice: Notice, known: Known) -> Story:
    return Story(
        address=_address(notice),
        customer=_customer(notice),
        cause=words.of_cause(notice.incident.cause, notice.incident.reason),
        sentences=tuple(_sentences(notice, known)),
        evidence=words.clean(notice.incident.evidence),
        **advice(notice, known),
    )


def _sentences(notice: Notice, known: Known) -> list[str]:
    incident, figures = notice.incident, known.figures.get(notice.incident.maildomain)
    sentences = _when(notice, known.zone)
    if notice.domain is None and not notice.test:
        sentences.append("This domain is no longer tested.")
    if incident.acknowledged and incident.closed is None:
        sentences.append(f"{words.clean(incident.acknowledged_by)} is on it.")
    sentences += [
        *_escalated([incident], known.zone),
        *_today(known.days.get(incident.maildomain)),
        *_siblings([notice], known),
    ]
    if incident.closed is not None or not known.full:
        return sentences
    return sentences + ((figures.sentences() if figures else []) or _by_name(incident))


def _escalated(incidents: Iterable[Incident], zone: tzinfo) -> list[str]:
    """Say why the second list is notified: people on it read of this for the first time."""
    waiting = [it.notified for it in incidents if it.escalated and it.notified and not (it.acknowledged or it.closed)]
    if not waiting:
        return []
    return [f"Escalated: the first alert went out {words.when(min(waiting), zone)}, and nobody has acknowledged it."]


def _today(day: Stat | None) -> list[str]:
    """Give the day's figures, those that statistics and console show."""
    if day is None or not day.total_num:
        return []
    missed = day.total_num - day.ontime_num - day.late_num
    said = [f"{day.ontime_num:,} of {many(day.total_num, 'test')} on time"]
    said += [f"{number:,} {what}" for number, what in ((day.late_num, "late"), (missed, "not returned")) if number]
    return [f"Today (UTC): {', '.join(said)}."]


def _when(notice: Notice, zone: tzinfo) -> list[str]:
    incident = notice.incident
    opened = words.when(incident.opened, zone)
    if incident.closed is not None:
        lasted = span(max(0, incident.closed - incident.opened))
        sentences = [f"It was failing from {opened} to {words.when(incident.closed, zone)}, for {lasted}."]
        if incident.notified is None:
            sentences.append("It recovered before this alert could be sent.")
        return sentences
    begin = f"Failing {'again ' if incident.again_of else ''}since {opened}"
    first = f" It failed first at {words.when(incident.began, zone)}." if incident.again_of else ""
    if notice.kind is NoticeKind.OPENED:
        return [f"{begin}.{first}"]
    if notice.kind is NoticeKind.CHANGED:
        return [f"{begin}.{first}{_joined([notice])}"]
    return [f"{begin}, for {span(max(0, notice.at - incident.opened))} now."]


def _by_name(incident: Incident) -> list[str]:
    """Say what was exceeded when it opened, if today's figures no longer show it."""
    return [f"Exceeded the limit for the {LIMITS[name]}." for name in incident.exceeded if name in LIMITS]
