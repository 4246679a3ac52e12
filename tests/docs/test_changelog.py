"""CHANGELOG.md says each thing once."""

from collections import Counter
from pathlib import Path

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
OPENING = 40
"""Characters by which two versions of one entry are alike, whatever follows."""


def test_no_entry_stands_in_the_changelog_twice() -> None:
    """Two changes that meet there can each keep the other's old words."""
    openings = Counter(line[:OPENING] for line in CHANGELOG.read_text().splitlines() if line.startswith("- "))
    assert [opening for opening, times in openings.items() if times > 1] == []
