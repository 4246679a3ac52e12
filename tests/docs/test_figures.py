"""A figure in a decision can be reproduced: the entry names a command or a source, or it is a limit that we set."""

import re
from pathlib import Path
from typing import Final

DECISIONS: Final = sorted((Path(__file__).parents[2] / "docs" / "decisions").glob("*.md"))
FIGURE: Final = re.compile(r"\b\d[\d,.]*\s(?:ms|KB|MB|GB|bytes|USD|CPU-s|%|per cent)(?!\w)")
SOURCE: Final = re.compile(r"`(?:make |mxtrax |python |pytest |cat |du |tests/|infra/)[^`]*`")

SET: Final = {
    "Everything outside AWS is called by one client, through one fence": "the most that is read of an answer",
    "Incoming bytes are counted where a mail is read anyway": "list prices",
    "A permanent refusal halves the pace from the second one on": "our limit, and that of SES",
    "Indexes hold keys; what a page shows is read in a batch": "list prices times units that the entry gives",
    "The operator's logo is a PNG, rewritten on upload, that comes with the page": "the largest logo",
}
"""Entries whose figures were not measured, and what they are."""


def _entries() -> dict[str, str]:
    return {
        entry.partition("\n")[0]: entry
        for document in DECISIONS
        for entry in re.split(r"^### ", document.read_text(), flags=re.MULTILINE)[1:]
    }


def test_a_measured_figure_stands_beside_what_measures_it() -> None:
    """Otherwise nobody could compare a figure with today's."""
    bare = [
        title
        for title, entry in _entries().items()
        if FIGURE.search(entry) and not SOURCE.search(entry) and title not in SET
    ]

    assert bare == []


def test_what_is_set_is_still_written_and_names_no_command() -> None:
    """An unnecessary exception must be removed."""
    entries = _entries()

    assert [title for title in SET if title not in entries or SOURCE.search(entries[title])] == []
    assert all(FIGURE.search(entries[title]) for title in SET)
