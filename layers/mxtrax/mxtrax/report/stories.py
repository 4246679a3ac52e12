"""The news of an alert mail: for each incident what happened, since when, why, and what was seen.

Domains whose mail one provider runs are told as one where they share a piece of news: one cause, one alarm.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from mxtrax.model import MONITOR, Config, Customer, Incident, Millis
from mxtrax.report import words
from mxtrax.report.figures import Figures
from mxtrax.report.words import LIMITS, many
from mxtrax.rules.cause import span
from mxtrax.rules.notices import NoticeKind, kind_of

MOST_MEMBERS: Final = 50
"""Domains of one provider that are listed in its story; the table has the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What there is to tell of one incident, or of `number` of one provider: sentences, members, and what was seen.

    `evidence` holds a stranger's words.
    """

    address: str
    customer: str = ""
    cause: str
    sentences: tuple[str, ...]
    evidence: str
    members: tuple[str, ...] = ()
    number: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """All incidents with the same kind of news, worst first. `number` counts those, too, that are not among the stories."""

    news: NoticeKind
    title: str
    number: int
    stories: tuple[Story, ...]
    ours: str = ""
    """What is said first, where the news is of the monitor itself."""

    @property
    def more(self) -> int:
        """How many incidents are not told in full."""
        return self.number - sum(story.number for story in self.stories)


_SUBJECT = {NoticeKind.OPENED: "FAILING", NoticeKind.REMINDER: "STILL FAILING", NoticeKind.CLOSED: "RECOVERED"}
_OUR_SUBJECT = {
    NoticeKind.OPENED: "MONITOR IN TROUBLE",
    NoticeKind.REMINDER: "MONITOR STILL IN TROUBLE",
    NoticeKind.CLOSED: "MONITOR WELL AGAIN",
}
_BEGIN = {
    NoticeKind.OPENED: ("is failing", "are failing"),
    NoticeKind.REMINDER: ("is still failing", "are still failing"),
    NoticeKind.CLOSED: ("has recovered", "have recovered"),
}


def group(
    news: NoticeKind,
    told: Sequence[Incident],
    known: Mapping[str, Figures],
    customers: Mapping[str, Customer],
    config: Config,
    now: Millis,
    most: int,
) -> Group | None:
    """Tell all incidents with one kind of news, the `most` worst in full; None where there are none."""
    of_kind = [incident for incident in told if kind_of(incident) is news and incident.maildomain != MONITOR]
    if not of_kind:
        return None
    of_kind.sort(key=lambda incident: _order(incident, known.get(incident.maildomain)))
    zone = words.zone_of(config.timezone)

    def story(incidents: Sequence[Incident]) -> Story:
        if len(incidents) > 1:
            return _common_story(incidents, known, customers, zone)
        (it,) = incidents
        return _story(it, known.get(it.maildomain), customers, zone, now)

    stories = tuple(story(incidents) for incidents in _by_provider(of_kind)[:most])
    return Group(news, _SUBJECT[news].capitalize(), len(of_kind), stories)


def subject(groups: Sequence[Group]) -> str:
    """Write the subject: the gravest news, how many domains, the worst of them, and what else there is."""
    if not groups:
        return "MXTRAX report"
    first, *others = groups
    if first.ours:
        return " | ".join([_OUR_SUBJECT[first.news], *_others(others)])
    name, single = first.stories[0].address, len(first.stories) == 1 and not first.more
    if single and first.number > 1:
        return " | ".join([_SUBJECT[first.news], name, *_others(others)])
    parts = [_SUBJECT[first.news], many(first.number, "domain")]
    parts.append(f"worst: {name}" if first.number > 1 and first.news is not NoticeKind.CLOSED else name)
    if first.number > 1 and first.news is NoticeKind.CLOSED:
        parts[-1] += f" and {many(first.number - first.stories[0].number, 'other')}"
    return " | ".join([*parts, *_others(others)])


def _others(groups: Iterable[Group]) -> list[str]:
    return [f"{it.number:,} {_SUBJECT[it.news].lower()}" for it in groups if not it.ours]


def headlines(groups: Sequence[Group]) -> tuple[str, ...]:
    """Say the news in a sentence for each kind."""
    sentences = []
    for it in groups:
        one, several = _BEGIN[it.news]
        first, single = it.stories[0], len(it.stories) == 1 and not it.more
        if it.ours:
            sentences.append(it.ours)
        elif not single:
            sentences.append(f"{many(it.number, 'domain')} {several}.")
        else:
            begin = f"{first.address} {one if it.number == 1 else several}"
            sentences.append(f"{begin}." if it.news is NoticeKind.CLOSED else f"{begin}: {first.cause}.")
    return tuple(sentences) or ("Nothing has changed.",)


def _order(incident: Incident, figures: Figures | None) -> tuple[object, ...]:
    return (0, figures.order) if figures else (1, (incident.opened, incident.id))


def _by_provider(incidents: Iterable[Incident]) -> list[list[Incident]]:
    """Put together what one provider runs, in the order of the worst of each."""
    together: dict[str, list[Incident]] = {}
    for incident in incidents:
        together.setdefault(incident.provider or incident.maildomain, []).append(incident)
    return list(together.values())


def _common_story(
    incidents: Sequence[Incident], known: Mapping[str, Figures], customers: Mapping[str, Customer], zone: tzinfo
) -> Story:
    """Tell of several domains of one provider as one; the evidence is the worst one's."""
    worst = incidents[0]
    whose = many(len({incident.customer for incident in incidents}), "customer")
    causes = Counter(words.of_cause(incident.cause) for incident in incidents).most_common()
    cause = causes[0][0] if len(causes) == 1 else ", ".join(f"{said} ({number:,})" for said, number in causes)
    first = words.when(min(incident.opened for incident in incidents), zone)
    last = max((incident.closed for incident in incidents if incident.closed is not None), default=None)
    when = f"Failing since {first}." if last is None else f"They were failing from {first} to {words.when(last, zone)}."
    members = [_member(incident, known.get(incident.maildomain), customers) for incident in incidents[:MOST_MEMBERS]]
    if len(incidents) > MOST_MEMBERS:
        members.append(f"and {len(incidents) - MOST_MEMBERS:,} more")
    return Story(
        address=f"{words.clean(worst.provider)}: {many(len(incidents), 'domain')} of {whose}",
        cause=cause,
        sentences=(when, f"One provider, {words.clean(worst.provider)}, runs their mail, so this is told as one:"),
        evidence=f"{_address(worst, known)}: {words.clean(worst.evidence)}" if worst.evidence else "",
        members=tuple(members),
        number=len(incidents),
    )


def _member(incident: Incident, figures: Figures | None, customers: Mapping[str, Customer]) -> str:
    customer = customers.get(incident.customer)
    address = _address(incident, {incident.maildomain: figures} if figures else {})
    name = words.clean(customer.friendlyname if customer else incident.customer)
    return f"{address}, {name}" if name else address


def _address(incident: Incident, known: Mapping[str, Figures]) -> str:
    figures = known.get(incident.maildomain)
    return words.clean(figures.line.domain.address if figures else incident.maildomain)


def _story(
    incident: Incident, figures: Figures | None, customers: Mapping[str, Customer], zone: tzinfo, now: Millis
) -> Story:
    customer = customers.get(incident.customer)
    address = figures.line.domain.address if figures else incident.maildomain
    return Story(
        address=words.clean(address),
        customer=words.clean(customer.friendlyname if customer else incident.customer),
        cause=words.of_cause(incident.cause),
        sentences=tuple(_sentences(incident, figures, zone, now)),
        evidence=words.clean(incident.evidence),
    )


def _sentences(incident: Incident, figures: Figures | None, zone: tzinfo, now: Millis) -> list[str]:
    sentences = _when(incident, zone, now)
    if figures is None:
        sentences.append("This domain is no longer tested.")
    if incident.closed is not None:
        return sentences
    return sentences + (figures.sentences() if figures and figures.exceeded else _by_name(incident))


def _when(incident: Incident, zone: tzinfo, now: Millis) -> list[str]:
    opened = words.when(incident.opened, zone)
    if incident.closed is not None:
        lasted = span(max(0, incident.closed - incident.opened))
        sentences = [f"It was failing from {opened} to {words.when(incident.closed, zone)}, for {lasted}."]
        if incident.notified is None:
            sentences.append("It had recovered before its failing was told.")
        return sentences
    if kind_of(incident) is NoticeKind.OPENED:
        return [f"Failing since {opened}."]
    return [f"Failing since {opened}, for {span(max(0, now - incident.opened))} now."]


def _by_name(incident: Incident) -> list[str]:
    """Say what was exceeded when it opened, where today's figures no longer tell."""
    return [f"Exceeded the limit for the {LIMITS[name]}." for name in incident.exceeded if name in LIMITS]
