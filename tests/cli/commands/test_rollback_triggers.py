"""An update that stops MXTRAX is undone, if somebody has asked for it."""

from typing import Any

import pytest

from tests.cli.operator import Operator

NAMES = ("AggregateSilent", "AlertSilent", "OwnLoopSilent", "PlanSilent", "SendSilent")


def _arn(name: str) -> str:
    return f"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:mxtrax-Alarms-1-{name}-2"


@pytest.fixture
def deployed(operator: Operator) -> Operator:
    """Give the operator a stack with its alarms, none of which rings."""
    resources = [("Alarms", "arn:of:the:nested:stack"), *((name, f"mxtrax-Alarms-1-{name}-2") for name in NAMES)]
    operator.answers |= {
        "ListStackResources": {
            "StackResourceSummaries": [
                {"ResourceType": "x", "LogicalResourceId": logical, "PhysicalResourceId": physical}
                for logical, physical in resources
            ]
        },
        "DescribeAlarms": {"MetricAlarms": [_alarm(name) for name in NAMES]},
        "UpdateStack": {"StackId": "arn:of:the:stack"},
    }
    operator.described["Tags"] = [{"Key": "app", "Value": "mxtrax"}]
    return operator


def _alarm(name: str, state: str = "OK") -> dict[str, str]:
    return {"AlarmName": f"mxtrax-Alarms-1-{name}-2", "AlarmArn": _arn(name), "StateValue": state}


def _update(deployed: Operator) -> dict[str, Any]:
    (body,) = (body for name, body in deployed.calls if name == "UpdateStack")
    return body


def test_it_is_an_update_that_changes_nothing_else(deployed: Operator) -> None:
    """Template, parameters and tags stay; the five alarms are named, and watched for a quarter of an hour."""
    said = deployed.does("rollback-triggers", "--yes")
    body = _update(deployed)
    assert body["UsePreviousTemplate"] == "true"
    kept = {body[f"Parameters.member.{i}.ParameterKey"] for i in range(1, len(deployed.parameters) + 1)}
    assert kept == set(deployed.parameters)
    assert {value for key, value in body.items() if key.endswith("UsePreviousValue")} == {"true"}
    assert (body["Tags.member.1.Key"], body["Tags.member.1.Value"]) == ("app", "mxtrax")
    assert body["RollbackConfiguration.MonitoringTimeInMinutes"] == 15
    arns = [body[f"RollbackConfiguration.RollbackTriggers.member.{i}.Arn"] for i in range(1, 6)]
    assert arns == sorted(map(_arn, NAMES))
    assert [line.strip() for line in said.splitlines()[-5:]] == [f"mxtrax-Alarms-1-{name}-2" for name in NAMES]
    asked = next(body for name, body in deployed.calls if name == "DescribeAlarms")
    assert asked["AlarmNames"] == [f"mxtrax-Alarms-1-{name}-2" for name in NAMES]


def test_what_is_so_already_is_left(deployed: Operator) -> None:
    """But other minutes are another wish, and so is --off."""
    deployed.described["RollbackConfiguration"] = {
        "MonitoringTimeInMinutes": 15,
        "RollbackTriggers": [{"Arn": _arn(name), "Type": "AWS::CloudWatch::Alarm"} for name in NAMES],
    }
    assert deployed.does("rollback-triggers") == "Nothing to do: it is so already.\n"
    assert not any(name == "UpdateStack" for name, _ in deployed.calls)
    deployed.does("rollback-triggers", "--minutes", "30", "--yes")
    assert _update(deployed)["RollbackConfiguration.MonitoringTimeInMinutes"] == 30


def test_it_can_be_ended(deployed: Operator) -> None:
    """CloudFormation forgets the triggers if it is given none."""
    deployed.described["RollbackConfiguration"] = {
        "MonitoringTimeInMinutes": 15,
        "RollbackTriggers": [{"Arn": _arn(name), "Type": "AWS::CloudWatch::Alarm"} for name in NAMES],
    }
    assert "Updates stay from now on" in deployed.does("rollback-triggers", "--off", "--yes")
    body = _update(deployed)
    assert body["RollbackConfiguration.MonitoringTimeInMinutes"] == 0
    assert body["RollbackConfiguration.RollbackTriggers"] == ""


def test_while_an_alarm_rings_nothing_is_set(deployed: Operator) -> None:
    """Or the next update would be undone for a fault that was there before it."""
    deployed.answers["DescribeAlarms"] = {"MetricAlarms": [_alarm("PlanSilent", "ALARM"), _alarm("SendSilent")]}
    result = deployed.says("rollback-triggers", "--yes")
    assert result.exit_code == 2
    assert "In alarm: mxtrax-Alarms-1-PlanSilent-2." in result.stderr
    assert not any(name == "UpdateStack" for name, _ in deployed.calls)


def test_a_no_changes_nothing(deployed: Operator) -> None:
    """The stack is updated, so somebody says yes to it."""
    assert deployed.says("rollback-triggers", stdin="n\n").exit_code == 1
    assert not any(name == "UpdateStack" for name, _ in deployed.calls)
