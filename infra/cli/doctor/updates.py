"""Whether an update that stops MXTRAX is undone: CloudFormation's rollback triggers."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from infra.cli.doctor.findings import Finding, good, note, problem
from infra.cli.target import Here
from mxtrax.report.words import many

MOST: Final = 5
"""CloudFormation takes no more alarms than that as triggers."""


class Triggers(NamedTuple):
    """What an update is watched by: the ARNs of alarms, and for how many minutes after it is through."""

    alarms: frozenset[str]
    minutes: int


def triggers(stack: Mapping[str, Any]) -> Triggers:
    """Read the triggers from CloudFormation's description of a stack."""
    said = stack.get("RollbackConfiguration", {})
    alarms = frozenset(it["Arn"] for it in said.get("RollbackTriggers", ()))
    return Triggers(alarms, int(said.get("MonitoringTimeInMinutes", 0)))


def described(here: Here) -> Mapping[str, Any]:
    """Give CloudFormation's description of the stack."""
    found: Mapping[str, Any] = here.client("cloudformation").describe_stacks(StackName=here.stack)["Stacks"][0]
    return found


def silent_alarms(here: Here) -> list[Mapping[str, Any]]:
    """Give CloudWatch's description of each alarm that rings if a job, or our own loop, does not do its work."""
    (nested,) = (name for _, logical, name in resources(here, here.stack) if logical == "Alarms")
    silent = sorted(name for _, logical, name in resources(here, nested) if logical.endswith("Silent"))
    found: list[Mapping[str, Any]] = here.client("cloudwatch").describe_alarms(AlarmNames=silent[:MOST])["MetricAlarms"]
    return found


def guarded(here: Here) -> Finding:
    """Check whether CloudFormation undoes an update after which one of these alarms rings."""
    found = triggers(described(here))
    if not found.alarms:
        return note("an update that stops MXTRAX stays: `mxtrax rollback-triggers` lets CloudFormation undo it.")
    if gone := found.alarms - {it["AlarmArn"] for it in silent_alarms(here)}:
        these = "this alarm is a rollback trigger, but not" if len(gone) == 1 else "rollback triggers are no longer"
        return problem(
            f"{these} in this stack, and every update would fail: {', '.join(sorted(gone))}; "
            "run `mxtrax rollback-triggers`."
        )
    rings = f"one of {many(len(found.alarms), 'alarm')} rings within {many(found.minutes, 'minute')}"
    return good(f"an update is undone if {rings}.")


def resources(here: Here, stack: str) -> Iterator[tuple[str, str, str]]:
    """Give a stack's resources: type, name in the template, physical id."""
    pages = here.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    for page in pages:
        for each in page["StackResourceSummaries"]:
            yield each["ResourceType"], each["LogicalResourceId"], each.get("PhysicalResourceId", "")
