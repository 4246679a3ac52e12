"""One line of the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, the result, the aim (if any), and whether it was met; `values` are for programs."""

    what: str
    figure: str
    aim: str = ""
    ok: bool | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def named(self, **values: Any) -> Self:  # noqa: ANN401 -- what JSON has
        """Give it with names and values for programs."""
        return replace(self, values=values)
