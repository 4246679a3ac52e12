"""What a cause means and what to do next, as records show it."""

from typing import Any

from mxtrax.model import Cause, Reason
from mxtrax.rules.explanation import explain


def explained(cause: Cause | None, reason: Reason | None = None, provider: str = "") -> dict[str, Any]:
    """Give the fields of a record that explain a cause; empty ones where there is none."""
    if cause is None:
        return {"meaning": None, "next_steps": (), "fault": None, "certainty": None}
    it = explain(cause, reason, provider)
    return {"meaning": it.meaning, "next_steps": it.next_steps, "fault": it.fault, "certainty": it.certainty}
