"""Tables for people: by kind of trouble, by outage of ours, and compared with the simple rules."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich.box import MARKDOWN
from rich.table import Table

from infra.simulation import product
from infra.simulation.episodes import Alert, Episode
from infra.simulation.figures import GOAL, delay, percentile, real
from infra.simulation.model import SECOND
from infra.simulation.score import SEEN, Ours, Score

RIVALS: Final = {
    "knowable": "knowable",
    "told": "told",
    "within_60_s": "in 60 s",
    "p50_s": "p50 s",
    "p95_s": "p95 s",
    "false": "false",
    "false_flush": "flush",
    "false_ours": "ours",
    "cause_open": "cause open",
    "cause_close": "close",
    "mails_per_cause": "mails a cause",
    "tests_over_regular": "tests over regular",
}
"""The figures in which the product is compared with the simple rules, and their headings."""


def tables(scores: Sequence[Score], total: Mapping[str, Any]) -> Iterator[Table]:
    """Give the tables of a run."""
    yield _by_kind(scores)
    yield _of_ours([ours for score in scores for ours in score.ours])
    yield _in_all(total)
    if rivals := total.get("rivals"):
        yield _against(total, rivals)


def _table(*columns: str) -> Table:
    """Make a table that can be pasted into a document."""
    return Table(*columns, box=MARKDOWN)


def _by_kind(scores: Sequence[Score]) -> Table:
    table = _table(
        "trouble", "stretches", "knowable", "told", "missed", "untested", "in 60 s", "p50 s", "p95 s", "alarms",
        "cause at open", "at close", "back p50 s", "mails open", "closed",
    )  # fmt: skip
    kinds = defaultdict[str, list[Episode]](list)
    for score in scores:
        for one in real(score):
            kinds[one.trouble.kind].append(one)
    for kind, episodes in sorted(kinds.items()):
        table.add_row(kind, *_row(episodes), *_causes(kind, scores), *_mails(kind, scores))
    return table


def _row(episodes: Sequence[Episode]) -> Iterator[str]:
    known = [one for one in episodes if one.known is not None]
    late = sorted(delay(one) for one in known if one.told is not None)
    missed = [one for one in known if one.told is None]
    yield from map(str, (len(episodes), len(known), len(late), len(missed), sum(one.untested for one in missed)))
    yield str(sum(one <= GOAL / SECOND for one in late))
    yield _seconds(percentile(late, 50))
    yield _seconds(percentile(late, 95))
    yield str(sum(len(one.alerts) for one in episodes))


def _causes(kind: str, scores: Sequence[Score]) -> Iterator[str]:
    """Give how many alarms named the right cause, and how soon after the trouble's end the recovery was notified."""
    alerts = [alert for score in scores for alert in score.alerts if alert.truth == kind and alert.episode]
    wrong = Counter(it.when for score in scores for it in score.wrong if it.alert.truth == kind)
    closed = [alert for alert in alerts if alert.over is not None]
    yield f"{len(alerts) - wrong['open']}/{len(alerts)}"
    yield f"{len(closed) - wrong['close']}/{len(closed)}"
    yield _seconds(percentile(sorted(_overs(closed)), 50))


def _overs(closed: Iterable[Alert]) -> Iterator[float]:
    for alert in closed:
        if alert.over is not None and alert.episode is not None and alert.over >= alert.episode.end:
            yield (alert.over - alert.episode.end) / SECOND


def _mails(kind: str, scores: Sequence[Score]) -> Iterator[str]:
    """Give the number of mails about a trouble, at its beginning and its end."""
    ids = [(score, it.id) for score in scores for it in score.scenario.troubles if it.kind == kind]
    counts = [count for score, id_ in ids if (count := score.mails_of.get(id_))]
    for notice in (product.OPENED, product.CLOSED):
        yield f"{sum(count[notice] for count in counts) / len(counts):.1f}" if counts else ""


def _of_ours(ours: Sequence[Ours]) -> Table:
    table = _table("outage of ours", "times", "told", "to be told", "after s", "over s", "domains blamed")
    for kind in sorted({it.kind for it in ours}):
        of_kind = [it for it in ours if it.kind == kind]
        after = sorted(it.after for it in of_kind if it.after is not None)
        over = sorted(it.over for it in of_kind if it.over is not None)
        table.add_row(
            kind,
            str(len(of_kind)),
            str(sum(it.told for it in of_kind)),
            str(len(of_kind) if kind in SEEN else 0),
            _seconds(percentile(after, 50)),
            _seconds(percentile(over, 50)),
            str(sum(it.blamed for it in of_kind)),
        )
    return table


def _in_all(total: Mapping[str, Any]) -> Table:
    table = _table("in all", "")
    for name, value in total.items():
        if name not in {"mixture", "seeds", "rivals"}:
            table.add_row(name, _shown(value))
    return table


def _against(total: Mapping[str, Any], rivals: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("rule", *RIVALS.values())
    for name, figures in {"the alarm": total, **rivals}.items():
        table.add_row(name, *(_shown(figures[figure]) for figure in RIVALS))
    return table


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    if isinstance(value, float):
        return f"{value:.4g}"
    return "" if value is None else str(value)


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"
