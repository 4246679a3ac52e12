"""How much is measured: as much as the figures are told for, or so little that it only shows that each part still runs."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The fleets that are measured, what lies behind them, and how often.

    `fleet` is that of calls and of the API, `paced` that in which functions are
    measured, `large` that of plan and alert. `days` are parts of one in the ripe day of
    write units, `seconds` those in which mails are read; of `functions` none means all.
    """

    fleet: int = 10_000
    paced: int = 1_500
    large: int = 100_000
    failing: int = 500
    old_tests: int = 10_000
    days: float = 1.0
    rounds: int = 12
    seconds: float = 2.0
    functions: tuple[str, ...] = ()


TINY: Final = Size(
    fleet=60, paced=45, large=300, failing=20, old_tests=120, days=1 / 32, rounds=2, seconds=0.01, functions=("plan",)
)
"""What takes a minute, all parts together. Its figures say nothing of the size that is meant."""
