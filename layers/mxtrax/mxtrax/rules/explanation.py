"""Explain a cause with its reason: every page, mail and command takes its words from one table (causes_table.py).

A cause says what became of a test, a reason what a server gave as its reason.
"""

from typing import Final

from mxtrax.frozen import dataclass
from mxtrax.model import Cause, Reason
from mxtrax.rules.causes_table import CAUSES, REASONS, Certainty, Fault
from mxtrax.rules.how_to import how_to

__all__ = ["Certainty", "Explanation", "Fault", "explain", "in_words"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cause as people read it. `words` are six at most; `next_steps` come one after the other."""

    words: str
    meaning: str
    next_steps: tuple[str, ...]
    fault: Fault
    certainty: Certainty


UNREACHED: Final = frozenset({Cause.REFUSED, Cause.DEFERRED})
"""Causes that need no server of theirs: SES says the same about a domain that it cannot look up or reach."""

NOT_KNOWN: Final = Explanation(
    "cause not known",
    "No test says why: settings were changed, or the tests that said so have been removed.",
    ("Send a test by hand, and see what becomes of it.",),
    Fault.UNKNOWN,
    Certainty.OPEN,
)


def explain(cause: Cause | None, reason: Reason | None = None, provider: str = "") -> Explanation:
    """Explain a cause with its reason; the steps are those of the provider's own product, where that is known."""
    if cause is None:
        return NOT_KNOWN
    course = CAUSES[cause]
    ground = REASONS.get(reason) if reason and course.grounds else None
    steps = ground.steps if ground else course.steps
    told = tuple(how_to(step, provider) for step in steps)
    if ground is None:
        meaning = f"{course.meaning} {course.unexplained}".rstrip()
        return Explanation(course.words, meaning, told, course.fault, course.certainty)
    alone = ground.alone if cause in UNREACHED else ""
    words = alone or course.grounds.format(ground.words)
    meaning = ground.meaning if alone else f"{course.meaning} {ground.meaning}"
    return Explanation(words, meaning, told, ground.fault, ground.certainty)


def in_words(cause: Cause | None, reason: Reason | None = None) -> str | None:
    """Say a cause in six words at most; None if there is none."""
    return explain(cause, reason).words if cause else None
