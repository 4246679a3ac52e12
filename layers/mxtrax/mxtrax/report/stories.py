"""The news of an alert mail: for each incident what happened, since when, why, and what was seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from mxtrax.cause import span
from mxtrax.model import Config, Customer, Incident, Millis
from mxtrax.report import words
from mxtrax.report.figures import Figures
from mxtrax.report.words import LIMITS, many
from mxtrax.telling import News, news_of


@dataclass(frozen=True, slots=True)
class Story:
    """What there is to tell of one incident: sentences, and what was seen, which holds a stranger's words."""

    address: str
    customer: str
    cause: str
    sentences: tuple[str, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class Group:
    """All incidents with the same kind of news, worst first. `number` counts those, too, that are not among the stories."""

    news: News
    title: str
    number: int
    stories: tuple[Story, ...]


_SUBJECT = {News.OPEN: "FAILING", News.REMINDER: "STILL FAILING", News.CLOSED: "RECOVERED"}
_BEGIN = {
    News.OPEN: ("is failing", "are failing"),
    News.REMINDER: ("is still failing", "are still failing"),
    News.CLOSED: ("has recovered", "have recovered"),
}


def group(
    news: News,
    told: Sequence[Incident],
    known: Mapping[str, Figures],
    customers: Mapping[str, Customer],
    config: Config,
    now: Millis,
    most: int,
) -> Group | None:
    """Tell all incidents with one kind of news, the `most` worst in full; None where there are none."""
    of_kind = [incident for incident in told if news_of(incident) is news]
    if not of_kind:
        return None
    of_kind.sort(key=lambda incident: _order(incident, known.get(incident.maildomain)))
    zone = words.zone_of(config.timezone)
    stories = tuple(_story(it, known.get(it.maildomain), customers, zone, now) for it in of_kind[:most])
    return Group(news, _SUBJECT[news].capitalize(), len(of_kind), stories)


def subject(groups: Sequence[Group]) -> str:
    """Write the subject: the gravest news, how many domains, the worst of them, and what else there is."""
    if not groups:
        return "MXTRAX report"
    first, *others = groups
    name = first.stories[0].address
    parts = [_SUBJECT[first.news], many(first.number, "domain")]
    parts.append(f"worst: {name}" if first.number > 1 and first.news is not News.CLOSED else name)
    if first.number > 1 and first.news is News.CLOSED:
        parts[-1] += f" and {many(first.number - 1, 'other')}"
    parts += [f"{other.number:,} {_SUBJECT[other.news].lower()}" for other in others]
    return " | ".join(parts)


def headlines(groups: Sequence[Group]) -> tuple[str, ...]:
    """Say the news in a sentence for each kind."""
    sentences = []
    for it in groups:
        one, several = _BEGIN[it.news]
        if it.number > 1:
            sentences.append(f"{many(it.number, 'domain')} {several}.")
        elif it.news is News.CLOSED:
            sentences.append(f"{it.stories[0].address} {one}.")
        else:
            sentences.append(f"{it.stories[0].address} {one}: {it.stories[0].cause}.")
    return tuple(sentences) or ("Nothing has changed.",)


def _order(incident: Incident, figures: Figures | None) -> tuple[object, ...]:
    return (0, figures.order) if figures else (1, (incident.opened, incident.id))


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
    opened = words.when(incident.opened, zone)
    if incident.closed is not None:
        lasted = span(max(0, incident.closed - incident.opened))
        sentences = [f"It was failing from {opened} to {words.when(incident.closed, zone)}, for {lasted}."]
        if incident.announced is None:
            sentences.append("It had recovered before its failing was told.")
        return sentences
    if news_of(incident) is News.OPEN:
        sentences = [f"Failing since {opened}."]
    else:
        sentences = [f"Failing since {opened}, for {span(max(0, now - incident.opened))} now."]
    if figures is None:
        sentences.append("This domain is no longer tested.")
    return sentences + (figures.sentences() if figures and figures.exceeded else _by_name(incident))


def _by_name(incident: Incident) -> list[str]:
    """Say what was exceeded when it opened, where today's figures no longer tell."""
    return [f"Exceeded the limit for the {LIMITS[name]}." for name in incident.exceeded if name in LIMITS]
