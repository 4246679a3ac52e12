"""Cells of a CSV file that a spreadsheet would run as formulas: guarded when written, restored when read."""

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet would run, with the apostrophes that were put before it."""


def guarded(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would take for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Take the apostrophe away again that `guarded` put there."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
