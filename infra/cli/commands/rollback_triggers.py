"""`mxtrax rollback-triggers`: let CloudFormation undo an update that stops MXTRAX."""

from typing import Annotated, Final

import typer

from infra.cli import show
from infra.cli.command import Yes, deployed
from infra.cli.doctor.updates import Triggers, described, silent_alarms, triggers
from infra.cli.target import Here
from mxtrax.errors import Refused
from mxtrax.report.words import many

MINUTES: Final = 15
TAG: Final = "rollback-triggers"
"""The stack's tag that says when they were set: CloudFormation refuses an update that changes nothing."""


@deployed
def rollback_triggers(
    here: Here,
    *,
    minutes: Annotated[int, typer.Option(min=5, max=180, metavar="N", help="How long an update is watched.")] = MINUTES,
    off: Annotated[bool, typer.Option("--off", help="Let updates stay, whatever happens.")] = False,
    yes: Yes = False,
) -> None:
    """Let CloudFormation undo an update after which an alarm says that a job, or our own loop, has stopped.

    The stack keeps this. Each update then lasts that many minutes longer.
    """
    if here.local:
        show.note("The local world is not updated by CloudFormation.")
        return
    alarms = [] if off else silent_alarms(here)
    if ringing := [it["AlarmName"] for it in alarms if it["StateValue"] == "ALARM"]:
        raise Refused("alarm", f"In alarm: {', '.join(ringing)}. Every update would be undone, so this comes first.")
    stack = described(here)
    wanted = Triggers(frozenset(it["AlarmArn"] for it in alarms), minutes if alarms else 0)
    if triggers(stack) == wanted:
        typer.echo("Nothing to do: it is so already.")
        return
    show.sure(f"Update {here.name}, with the template and parameters that it has?", yes=yes)
    tags = {it["Key"]: it["Value"] for it in stack.get("Tags", ())} | {TAG: show.when(here.now())}
    here.client("cloudformation").update_stack(
        StackName=here.stack,
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": name, "UsePreviousValue": True} for name in here.parameters],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Tags=[{"Key": name, "Value": value} for name, value in tags.items()],
        RollbackConfiguration={
            "MonitoringTimeInMinutes": wanted.minutes,
            "RollbackTriggers": [{"Arn": arn, "Type": "AWS::CloudWatch::Alarm"} for arn in sorted(wanted.alarms)],
        },
    )
    if off:
        typer.echo("CloudFormation is updating the stack. Updates stay from now on, whatever happens.")
        return
    typer.echo(
        f"CloudFormation is updating the stack. This update and all later ones are watched for {many(minutes, 'minute')}, "
        "and undone if one of these alarms rings:"
    )
    for it in alarms:
        typer.echo(f"  {it['AlarmName']}")
