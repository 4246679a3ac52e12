"""CSV as spreadsheets write it and people edit it (RFC 4180 and its variants).

A line `sep=;` names the delimiter, as Excel writes it; else the line that names most columns does. A quote that never
ends costs only its own line: the lines after it are read as if it had not begun.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

DELIMITERS: Final = ",;\t|"
_NEWLINE: Final = re.compile(r"\r\n|\n|\r")
"""Line ends of files; other characters that Python treats as such may be in a cell."""

MOST_ABOVE: Final = 20
"""Lines in which the header is looked for."""

LONGEST_ROW: Final = 10
"""Lines that a quoted cell may span."""


class Line(NamedTuple):
    """A row: the line of the file that it begins on, its cells, and what is wrong with it as a whole."""

    number: int
    cells: list[str]
    problem: str = ""


def rows(text: str, column: str) -> Iterator[Line]:
    """Give the rows of a file that are not blank. `column` is in the header's names of columns, in lower case."""
    lines = _NEWLINE.split(text)
    delimiter, begin = _delimiter(lines, column)
    number = begin
    while number < len(lines):
        cells, taken, problem = _row(lines, number, delimiter)
        if any(cell.strip() for cell in cells):
            yield Line(number + 1, cells, problem)
        number += taken


def _delimiter(lines: Sequence[str], column: str) -> tuple[str, int]:
    """Give the delimiter, and the index of the line that the rows begin with."""
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    said = lines[first].strip().strip('"').lower()
    if said.startswith("sep=") and len(said) <= len("sep=;"):
        return (said[len("sep=") :] or "\t"), first + 1
    head = max(lines[first : first + MOST_ABOVE], key=lambda line: line.lower().count(column))
    return max(DELIMITERS, key=head.count), 0


def _row(lines: Sequence[str], begin: int, delimiter: str) -> tuple[list[str], int, str]:
    """Read the row that begins in a line: its cells, over how many lines it goes, and what is wrong with it."""
    if '"' not in lines[begin]:
        return lines[begin].split(delimiter), 1, ""
    for taken in range(1, min(LONGEST_ROW, len(lines) - begin) + 1):
        record = "\r\n".join(lines[begin : begin + taken])
        try:
            (cells,) = csv.reader(io.StringIO(record, newline=""), delimiter=delimiter, strict=True)
        except ValueError:  # more than one row: the quotes do not match
            break
        except csv.Error as error:
            if "unexpected end of data" not in str(error):
                break
        else:
            return cells, taken, ""
    if lines[begin].count('"') % 2:
        return lines[begin].split(delimiter), 1, "A quote opens in this line and is never closed."
    return next(csv.reader([lines[begin]], delimiter=delimiter, strict=False), []), 1, ""
