"""The notices of an alert mail: for each incident what happened, since when, why, and what was seen.

Domains whose mail one provider runs are reported as one where they share a kind of notice: one cause, one alert.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from mxtrax.model import MONITOR, Config, Incident, Notice, NoticeKind
from mxtrax.report import words
from mxtrax.report.figures import Figures
from mxtrax.report.words import LIMITS, many
from mxtrax.rules.cause import span

MOST_MEMBERS: Final = 50
"""Domains of one provider that are listed in its story; the table has the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What there is to say of one incident, or of `number` of one provider: sentences, members, and what was seen.

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
    """The incidents with one kind of notice, worst first. `number` counts those that are not among the stories, too."""

    kind: NoticeKind
    title: str
    number: int
    stories: tuple[Story, ...]
    ours: str = ""
    """What is said first, where the notice is of the monitor itself."""

    leads: bool = True
    """Whether it may lead the mail. A storm of mail never stands before what concerns customers."""

    @property
    def more(self) -> int:
        """How many incidents are not reported in full."""
        return self.number - sum(story.number for story in self.stories)


_SUBJECT = {
    NoticeKind.OPENED: "FAILING",
    NoticeKind.CHANGED: "ALSO FAILING",
    NoticeKind.REMINDER: "STILL FAILING",
    NoticeKind.CLOSED: "RECOVERED",
}
_OUR_SUBJECT = {
    NoticeKind.OPENED: "MONITOR IN TROUBLE",
    NoticeKind.CHANGED: "MONITOR IN TROUBLE",
    NoticeKind.REMINDER: "MONITOR STILL IN TROUBLE",
    NoticeKind.CLOSED: "MONITOR WELL AGAIN",
}
_BEGIN = {
    NoticeKind.OPENED: ("is failing", "are failing"),
    NoticeKind.CHANGED: ("is failing as well", "are failing as well"),
    NoticeKind.REMINDER: ("is still failing", "are still failing"),
    NoticeKind.CLOSED: ("has recovered", "have recovered"),
}


def group(
    kind: NoticeKind, notices: Sequence[Notice], known: Mapping[str, Figures], config: Config, most: int
) -> Group | None:
    """Report all incidents with one kind of notice, the `most` worst in full; None where there are none."""
    of_kind = [notice for notice in notices if notice.kind is kind and notice.incident.maildomain != MONITOR]
    if not of_kind:
        return None
    of_kind.sort(key=lambda notice: _order(notice.incident, known.get(notice.incident.maildomain)))
    zone = words.zone_of(config.timezone)

    def story(together: Sequence[Notice]) -> Story:
        if len(together) > 1:
            return _common_story(together, zone)
        (it,) = together
        return _story(it, known.get(it.incident.maildomain), zone)

    stories = tuple(story(together) for together in _by_provider(of_kind)[:most])
    return Group(kind, _SUBJECT[kind].capitalize(), len(of_kind), stories)


def subject(groups: Sequence[Group]) -> str:
    """Write the subject: the gravest notice, how many domains, the worst of them, and what else there is."""
    if not groups:
        return "MXTRAX report"
    first, *others = groups
    if first.ours:
        return " | ".join([_OUR_SUBJECT[first.kind], *_others(others)])
    name, single = first.stories[0].address, len(first.stories) == 1 and not first.more
    if single and first.number > 1:
        return " | ".join([_SUBJECT[first.kind], name, *_others(others)])
    parts = [_SUBJECT[first.kind], many(first.number, "domain")]
    parts.append(f"worst: {name}" if first.number > 1 and first.kind is not NoticeKind.CLOSED else name)
    if first.number > 1 and first.kind is NoticeKind.CLOSED:
        parts[-1] += f" and {many(first.number - first.stories[0].number, 'other')}"
    return " | ".join([*parts, *_others(others)])


def _others(groups: Iterable[Group]) -> list[str]:
    return [f"{it.number:,} {_SUBJECT[it.kind].lower()}" for it in groups if not it.ours]


def headlines(groups: Sequence[Group]) -> tuple[str, ...]:
    """Say what has happened in a sentence for each kind of notice."""
    sentences = []
    for it in groups:
        one, several = _BEGIN[it.kind]
        first, single = it.stories[0], len(it.stories) == 1 and not it.more
        if it.ours:
            sentences.append(it.ours)
        elif not single:
            sentences.append(f"{many(it.number, 'domain')} {several}.")
        else:
            begin = f"{first.address} {one if it.number == 1 else several}"
            sentences.append(f"{begin}." if it.kind is NoticeKind.CLOSED else f"{begin}: {first.cause}.")
    return tuple(sentences) or ("Nothing has changed.",)


def _order(incident: Incident, figures: Figures | None) -> tuple[object, ...]:
    return (0, figures.order) if figures else (1, (incident.opened, incident.id))


def _by_provider(notices: Iterable[Notice]) -> list[list[Notice]]:
    """Put together what one provider runs, in the order of the worst of each."""
    together: dict[str, list[Notice]] = {}
    for notice in notices:
        together.setdefault(notice.incident.provider or notice.incident.maildomain, []).append(notice)
    return list(together.values())


def _common_story(notices: Sequence[Notice], zone: tzinfo) -> Story:
    """Report several domains of one provider as one; the evidence is the worst one's."""
    incidents, worst = [notice.incident for notice in notices], notices[0]
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
    return Story(
        address=f"{provider}: {many(len(incidents), 'domain')} of {whose}",
        cause=cause,
        sentences=(when, f"One provider, {provider}, runs their mail, so they are reported as one:"),
        evidence=f"{_address(worst)}: {words.clean(evidence)}" if evidence else "",
        members=tuple(members),
        number=len(incidents),
    )


def _joined(notices: Iterable[Notice]) -> str:
    """Say of how many of the same cause this reader has been notified before."""
    before = max(notice.joined for notice in notices)
    return f" You were notified of {many(before, 'other')} of the same cause before." if before else ""


def _member(notice: Notice) -> str:
    address, name = _address(notice), _customer(notice)
    return f"{address}, {name}" if name else address


def _address(notice: Notice) -> str:
    return words.clean(notice.domain.address if notice.domain else notice.incident.maildomain)


def _customer(notice: Notice) -> str:
    return words.clean(notice.customer.friendlyname if notice.customer else notice.incident.customer)


def _story(notice: Notice, figures: Figures | None, zone: tzinfo) -> Story:
    return Story(
        address=_address(notice),
        customer=_customer(notice),
        cause=words.of_cause(notice.incident.cause, notice.incident.reason),
        sentences=tuple(_sentences(notice, figures, zone)),
        evidence=words.clean(notice.incident.evidence),
    )


def _sentences(notice: Notice, figures: Figures | None, zone: tzinfo) -> list[str]:
    sentences = _when(notice, zone)
    if notice.domain is None and not notice.test:
        sentences.append("This domain is no longer tested.")
    if notice.incident.closed is not None:
        return sentences
    return sentences + (figures.sentences() if figures and figures.exceeded else _by_name(notice.incident))


def _when(notice: Notice, zone: tzinfo) -> list[str]:
    incident = notice.incident
    opened = words.when(incident.opened, zone)
    if incident.closed is not None:
        lasted = span(max(0, incident.closed - incident.opened))
        sentences = [f"It was failing from {opened} to {words.when(incident.closed, zone)}, for {lasted}."]
        if incident.notified is None:
            sentences.append("It recovered before this alert could be sent.")
        return sentences
    if notice.kind is NoticeKind.OPENED:
        return [f"Failing since {opened}."]
    if notice.kind is NoticeKind.CHANGED:
        return [f"Failing since {opened}.{_joined([notice])}"]
    return [f"Failing since {opened}, for {span(max(0, notice.at - incident.opened))} now."]


def _by_name(incident: Incident) -> list[str]:
    """Say what was exceeded when it opened, where today's figures no longer tell."""
    return [f"Exceeded the limit for the {LIMITS[name]}." for name in incident.exceeded if name in LIMITS]
