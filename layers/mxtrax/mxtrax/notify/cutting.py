"""Cut texts to the limits of services, each in its own units."""

from collections.abc import Callable, Sequence
from typing import Final

from mxtrax.report.brief import ACT, Brief

CUT: Final = "\N{HORIZONTAL ELLIPSIS}"


def characters(text: str) -> int:
    """Count characters."""
    return len(text)


def utf16(text: str) -> int:
    """Count as JavaScript does: what lies beyond the first 65,536 characters counts twice."""
    return len(text.encode("utf-16-le", "replace")) // 2


def utf8(text: str) -> int:
    """Count bytes on the wire."""
    return len(text.encode("utf-8", "replace"))


def cut(text: str, most: int, measure: Callable[[str], int] = characters) -> str:
    """Give as much of a text as fits, with an ellipsis where something was left out."""
    if measure(text) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle] + CUT) <= most else (low, middle - 1)
    return text[:low] + CUT if measure(CUT) <= most else ""


def heading(briefs: Sequence[Brief]) -> str:
    """Give the line above one or several notices."""
    first, *others = briefs
    return first.subject if not others else f"{len(briefs)} notices, worst first"


def body(briefs: Sequence[Brief]) -> list[str]:
    """Give the lines of one notice: the facts, then what to do; of several, the subject of each."""
    if len(briefs) > 1:
        return [it.subject for it in briefs]
    (it,) = briefs
    facts = [f"{label}: {value}" for label, value in it.facts]
    meaning = [] if it.over else [it.told.meaning]
    return [*facts, *meaning, *(f"{number}. {step}" for number, step in enumerate(it.steps, 1))]


def links(briefs: Sequence[Brief]) -> list[tuple[str, str]]:
    """Give the links below a message: the acting link of a single notice, and the first one's page in the console."""
    first, *others = briefs
    known = [("" if others else first.act, ACT), (first.link, "Open in MXTRAX")]
    return [(words, url) for url, words in known if url]
