"""The figures of one score, or of several added up."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from infra.simulation.episodes import FLUSH, OURS, Alert, Episode
from infra.simulation.model import SECOND
from infra.simulation.score import Score

GOAL: Final = 60 * SECOND
"""How soon after it can be known a trouble should be reported."""

SOFT: Final = frozenset({"partial_loss", "flapping", "slow_inside", "slow_return", "creeping"})
"""Neither a rejection nor an outage: some mail comes back, or comes late."""


def figures(scores: Sequence[Score]) -> dict[str, Any]:
    """Give the figures that have goals. Shares are fractions of 1, `*_s` are seconds; undefined ones are None."""
    known, told = _known(scores), _told(scores)
    missed = [one for one in known if one.told is None]
    late = sorted(delay(one) for one in told)
    why = Counter(truth_of(alert) for score in scores for alert in score.false)
    days = sum(score.scenario.domain_days for score in scores)
    causes = sum((Counter(score.causes) for score in scores), Counter[str]())
    troubles = sum(len({one.trouble.id for one in _known([score])}) for score in scores)
    tests, regular = sum(score.tests for score in scores), sum(score.scenario.regular for score in scores)
    mails = sum(score.alert_mails for score in scores)
    false, flush = why.total(), why[FLUSH]
    within = sum(one <= GOAL / SECOND for one in late)
    return {
        "knowable": len(known),
        "told": len(told),
        "missed": len(missed),
        "missed_firm": sum(one.trouble.how not in SOFT for one in missed),
        "missed_untested": sum(one.untested for one in missed),
        "within_60_s": within,
        "within_60_s_share": share(within, len(known)),
        "p50_s": percentile(late, 50),
        "p95_s": percentile(late, 95),
        "false": false,
        "false_flush": flush,
        "false_ours": sum(number for it, number in why.items() if it.startswith(OURS)),
        "false_by_truth": dict(sorted(why.items())),
        "domain_days": days,
        "false_per_100_domain_days": share(100 * (false - flush), days),
        "cause_open": share(causes["open_ok"], causes["open"]),
        "cause_close": share(causes["close_ok"], causes["close"]),
        "alerts": sum(len(score.alerts) for score in scores),
        "mails": mails,
        "causes": troubles,
        "mails_per_cause": share(mails, troubles),
        "tests": tests,
        "tests_over_regular": share(tests, regular),
    }


def delay(one: Episode) -> float:
    """Give how many seconds after it could be known a reported episode was reported."""
    if one.told is None or one.known is None:
        raise ValueError("it was not told, or could not be known")
    return (one.told - one.known) / SECOND


def truth_of(alert: Alert) -> str:
    """Name what a false alarm is based on."""
    return alert.episode.trouble.kind if alert.episode is not None else alert.truth


def share(part: float, whole: float) -> float | None:
    """Give a part's share of a whole; None if the whole is zero."""
    return round(part / whole, 4) if whole else None


def percentile(values: Sequence[float], percent: int) -> float | None:
    """Give a percentile of sorted values, as one of them."""
    return values[min(len(values) - 1, len(values) * percent // 100)] if values else None


def real(score: Score) -> list[Episode]:
    """Give what must be reported: all but declared maintenance and mailboxes that are not set up yet."""
    return [one for one in score.episodes if one.trouble.to_tell]


def _known(scores: Sequence[Score]) -> list[Episode]:
    return [one for score in scores for one in real(score) if one.known is not None]


def _told(scores: Sequence[Score]) -> list[Episode]:
    return [one for one in _known(scores) if one.told is not None]
