"""One thing that the demonstration has to show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """A sentence that should be true, whether it is, and what was seen."""

    what: str
    ok: bool
    seen: str = ""
