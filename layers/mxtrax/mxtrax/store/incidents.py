"""What alert writes of incidents: what has been told, and those of the monitor itself, one record of each kind."""

from pynamodb.exceptions import PutError
from pynamodb.expressions.update import Action

from mxtrax.model import Incident, Millis
from mxtrax.store import mapping
from mxtrax.store.tables import OPEN, IncidentRow
from mxtrax.store.writes import lost, update


def mark_notified(incident: Incident) -> bool:
    """Note which channels have taken a notice, unless the incident has moved on meanwhile: then there is another."""
    names = ("notified", "reminded", "dropped")
    actions: list[Action] = [getattr(IncidentRow, name).set(at) for name in names if (at := getattr(incident, name))]
    took, so_far = IncidentRow.notified_channels, set(incident.notified_channels)
    actions.append(took.set(so_far) if so_far else took.remove())
    if incident.due is None:
        actions += [IncidentRow.due.remove(), IncidentRow.pending.remove()]
    else:
        actions.append(IncidentRow.due.set(incident.due))
    as_read = IncidentRow.closed == incident.closed if incident.closed else IncidentRow.closed.does_not_exist()
    return update(IncidentRow(incident.id), actions, as_read & (IncidentRow.opened == incident.opened))


def begin(incident: Incident, before: Incident | None) -> bool:
    """Write an incident of the monitor itself over the last of its kind, unless somebody else has."""
    if before is None:
        as_read = IncidentRow.id.does_not_exist()
    else:
        as_read = (IncidentRow.opened == before.opened) & (IncidentRow.closed == before.closed)
    try:
        mapping.incident_row(incident).save(condition=as_read)
    except PutError as error:
        if lost(error):
            return False
        raise
    return True


def end(incident: Incident, at: Millis) -> bool:
    """End an incident that no fold will end, unless somebody else has; that is news to all channels."""
    actions: list[Action] = [
        IncidentRow.closed.set(at),
        IncidentRow.due.set(at),
        IncidentRow.pending.set(OPEN),
        IncidentRow.notified_channels.remove(),
    ]
    return update(
        IncidentRow(incident.id), actions, IncidentRow.closed.does_not_exist() & (IncidentRow.opened == incident.opened)
    )
