"""Incidents, open and past."""

from dataclasses import replace

import pytest

from mxtrax.store import incidents, mapping
from tests.cli.operator import Operator


@pytest.mark.usefixtures("late")
def test_incidents_open_and_past(operator: Operator) -> None:
    """Open ones of the fleet; all of a domain."""
    (incident,) = operator.reads("incidents")
    assert (incident["maildomain"], incident["closed"]) == ("mxtrax@customer.example", None)
    assert operator.reads("incidents", "customer.example") == [incident]
    assert "6 min 42 s" in operator.does("incidents")
    assert incident["quiet_until"] is None
    operator.it.domain("other.example")
    result = operator.says("incidents", "other.example")
    assert (result.exit_code, result.stderr) == (0, "It never had an incident.\n")


@pytest.mark.usefixtures("late")
def test_who_is_on_an_incident_and_until_when_it_is_quiet(operator: Operator) -> None:
    """In the list and in the incident itself: the person on call looks there before waking anybody else."""
    (incident,) = operator.reads("incidents")
    number = incident["id"]
    assert "Second list   not notified" in operator.does("incident", number)
    operator.does("incident", number, "--acknowledge")
    operator.does("quiet", "customer.example", "2h")
    (quiet,) = operator.reads("incidents")
    assert quiet["quiet_until"] > quiet["opened"]
    titles, line = operator.does("incidents").splitlines()
    assert quiet["acknowledged_by"] in line[titles.index("on it") : titles.index("quiet until")]
    assert line[titles.index("quiet until") :].startswith("20")
    assert "\nQuiet         until 20" in operator.does("incident", number)
    mapping.incident_row(replace(incidents.by_ids([number])[number], escalated=operator.it.now)).save()
    assert "Second list   notified 20" in operator.does("incident", number)
