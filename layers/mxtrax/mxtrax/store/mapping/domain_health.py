"""What is known now of a domain, and incidents."""

from mxtrax.model import Cause, DomainHealth, Incident, Reason, State
from mxtrax.store import packing
from mxtrax.store.mapping.fields import nonzero, pairs_or_none, present, taken, words_or_none
from mxtrax.store.tables import OPEN, HealthRow, IncidentRow


def health(row: HealthRow) -> DomainHealth:
    """Read a domain's health."""
    return DomainHealth(
        **taken(
            row,
            DomainHealth,
            state=State,
            window_counts=packing.unpacked_counts,
            recent=packing.unpacked_tests,
            exceeded=tuple,
        )
    )


def health_row(it: DomainHealth) -> HealthRow:
    """Write a domain's health."""
    return HealthRow(
        **present(
            it,
            window_counts=lambda hours: packing.packed_counts(hours) if hours else None,
            recent=lambda tests: packing.packed_tests(tests) if tests else None,
            **dict.fromkeys(("retest", "slower", "early_mark", "trouble_from", "fell_from"), nonzero),
            exceeded=list,
        )
    )


def incident(row: IncidentRow) -> Incident:
    """Read an incident."""
    causes, reasons = dict.fromkeys(("cause", "told_cause"), Cause), dict.fromkeys(("reason", "told_reason"), Reason)
    return Incident(**taken(row, Incident, **causes, **reasons, exceeded=tuple, notified_channels=frozenset))


def incident_row(it: Incident) -> IncidentRow:
    """Write an incident; it is in the index of pending ones while a notice is to come."""
    return IncidentRow(
        pending=OPEN if it.due is not None else None,
        **present(it, exceeded=list, notified_channels=words_or_none, told=pairs_or_none),
    )
