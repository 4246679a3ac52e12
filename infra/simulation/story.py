"""Tell the story of a domain: its tests, the notices, the truth."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from infra.simulation import product
from infra.simulation.episodes import Episode
from infra.simulation.figures import delay, real, truth_of
from infra.simulation.model import HOUR, MINUTE, SECOND, Mail, Millis, Scenario, Trouble
from infra.simulation.score import Score
from infra.simulation.seen import Notice, Played

LATE: Final = 3 * 60
"""A notice that is later than this many seconds is worth a story."""

MOST_LINES: Final = 44


@dataclass(frozen=True, slots=True)
class Chapter:
    """The subject of a story, and its domain and stretch of time."""

    title: str
    domain: str
    start: Millis
    end: Millis


def stories(score: Score, played: Played, most: int) -> Iterator[str]:
    """Tell at most this many stories of each kind of fault."""
    told = Counter[str]()
    for chapter in _chapters(score):
        told[chapter.title] += 1
        if told[chapter.title] <= most:
            tested = score.scenario.domains.get(chapter.domain)  # None: our own loop
            provider = tested.provider.name if tested else "us"
            yield "\n".join(
                [
                    f"\n== {chapter.title}: {chapter.domain} (provider {provider})",
                    *_lines(score.scenario, played, chapter),
                ]
            )


def _chapters(score: Score) -> Iterator[Chapter]:
    for alert in score.false:
        yield _around(f"false alarm, {truth_of(alert)}", alert.domain, alert.told)
    for one in real(score):
        yield from _of_episode(one)
    for it in score.wrong:
        alert, at = it.alert, it.alert.told if it.when == "open" else it.alert.over or it.alert.told
        title = f"wrong cause at {it.when}, {alert.truth}: {it.said} instead of {', '.join(it.fine)}"
        yield Chapter(title, alert.domain, at - HOUR, at + 10 * MINUTE)


def _of_episode(one: Episode) -> Iterator[Chapter]:
    kind = one.trouble.kind
    if one.known is not None and one.told is None:
        yield _around(f"missed {kind}", one.domain, one.known)
    if one.known is not None and one.told is not None and delay(one) > LATE:
        yield _around(f"late {kind}", one.domain, one.known)
    if len(one.alerts) > 1:
        yield _around(f"more than one alarm, {kind}", one.domain, one.alerts[1].told)


def _around(title: str, domain: str, at: Millis) -> Chapter:
    return Chapter(title, domain, at - 20 * MINUTE, at + 45 * MINUTE)


def _lines(scenario: Scenario, played: Played, it: Chapter) -> list[str]:
    lines = [
        *_of_tests(played.by_domain.get(it.domain, ()), it),
        *_of_notices(played.notices, it),
        *_of_troubles([one for one in scenario.troubles if it.domain in one.domains], ""),
        *_of_troubles([own for own in scenario.own if it.start - HOUR <= own.start < it.end + HOUR], "OURS "),
    ]
    texts = [f"{clock(at)} {text}" for at, text in sorted(lines)]
    if len(texts) <= MOST_LINES:
        return texts
    half = MOST_LINES // 2
    return [*texts[:half], f"... {len(texts) - 2 * half} lines ...", *texts[-half:]]


def _of_tests(mails: Iterable[Mail], it: Chapter) -> Iterator[tuple[Millis, str]]:
    for mail in mails:
        back_late = mail.bad and mail.back is not None and it.start <= mail.back < it.end
        if it.start <= mail.sent < it.end or back_late:
            heard = ", ".join(f"{kind} told {clock(at)}" for kind, at in mail.heard.items())
            why = " ".join(word for word in (mail.what, mail.trouble, mail.ours) if word)
            yield mail.sent, f"test {mail.id[:8]} {why}: {_end_of(mail)}; {heard}"


def _end_of(mail: Mail) -> str:
    if mail.back is not None:
        return f"back after {(mail.back - mail.sent) / SECOND:.0f} s"
    return "never back" if mail.bounced is None else f"bounce at {clock(mail.bounced)}"


def _of_notices(told: Iterable[Notice], it: Chapter) -> Iterator[tuple[Millis, str]]:
    for one in told:
        if one.channel != "topic" or not it.start - HOUR <= one.at < it.end + HOUR:
            continue
        if one.domain == it.domain:
            yield one.at, f">>> {one.kind.upper()} {one.cause}, by test {one.mail[:8]}: {one.evidence[:160]}"
        elif one.domain == product.MONITOR_ITSELF:
            yield one.at, f">>> MONITOR {one.kind.upper()} {one.evidence[:160]}"


def _of_troubles(troubles: Sequence[Trouble], whose: str) -> Iterator[tuple[Millis, str]]:
    for it in troubles:
        for begin, end in it.stretches:
            yield begin, f"--- {whose}{it.id} begins ({it.how})"
            yield end, f"--- {whose}{it.id} ends"


def clock(at: Millis) -> str:
    """Give a moment as day of the month and time, UTC."""
    return datetime.fromtimestamp(at // SECOND, UTC).strftime("%d %H:%M:%S")
