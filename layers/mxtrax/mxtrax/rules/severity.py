"""How bad an incident is, by its cause: the one order by which everything lists the worst first."""

from typing import Final

from mxtrax.model import MONITOR, Cause, Incident, Severity
from mxtrax.rules.explanation import Fault, explain

SLOW: Final = frozenset({Cause.SLOW_OUTBOUND, Cause.SLOW_INSIDE, Cause.SLOW_RETURN})

ORDER: Final = tuple(Severity)


def severity_of(incident: Incident) -> Severity:
    """Give how bad an incident is for its customer."""
    if incident.maildomain == MONITOR:
        return Severity.OURS
    if incident.cause in SLOW:
        return Severity.SLOW
    fault = explain(incident.cause, incident.reason).fault if incident.cause else Fault.UNKNOWN
    return {Fault.SETUP: Severity.SETUP, Fault.OURS: Severity.OURS}.get(fault, Severity.DOWN)
