"""One line of the table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, what came out, what was aimed at (if anything), and whether that was reached."""

    what: str
    figure: str
    aim: str = ""
    ok: bool | None = None
