"""docs/causes.md is what the table of causes says."""

from pathlib import Path

from infra.docs.causes import causes


def test_the_document_is_made_from_the_table() -> None:
    """After a change of the table, run `make causes`."""
    assert (Path(__file__).parents[2] / "docs" / "causes.md").read_text(encoding="utf-8") == causes()
