"""One line of the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, what came out, what was aimed at (if anything), and whether that was; `values` are for programs."""

    what: str
    figure: str
    aim: str = ""
    ok: bool | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def named(self, **values: Any) -> Self:  # noqa: ANN401 -- what JSON has
        """Give it with the names and values under which programs find it."""
        return replace(self, values=values)
