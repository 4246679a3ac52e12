"""How much is measured: as much as the figures need, or only enough to show that each part still runs."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The fleets that are measured, their history, and the number of rounds.

    `fleet` is for calls and the API, `paced` for functions, `large` for plan and alert. `days` is the part of the ripe
    day for write units, `seconds` the time for reading mails; no `functions` means all.
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
"""All parts together take a minute. Its figures say nothing about the full size."""
