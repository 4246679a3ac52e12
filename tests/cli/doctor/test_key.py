"""A key and its policy: the one in the documentation is enough, and without any part of it something would stop."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from infra.cli.doctor.findings import Finding, State
from infra.cli.doctor.key import key
from tests.cli.operator import Operator
from tests.cli.reached import Reached

ARN = "arn:aws:kms:eu-west-1:123456789012:key/1"
DOCUMENT = (Path(__file__).parents[3] / "docs/operations.md").read_text()


@pytest.fixture
def policy() -> dict[str, Any]:
    """Give the policy that the documentation has, with the names of a stack in it."""
    (text,) = re.findall(r'```\n(\{"Version".*?)```', DOCUMENT, re.DOTALL)
    for name, value in {"ACCOUNT": "123456789012", "REGION": "eu-west-1", "RULE-SET": "set", "STACK": "mx"}.items():
        text = re.sub(rf"\b{name}\b", value, text)
    found: dict[str, Any] = json.loads(text)
    return found


def _said(operator: Operator, policy: dict[str, Any], **metadata: str) -> Finding:
    operator.answers |= {
        "DescribeKey": {"KeyMetadata": {"KeyId": "1", "KeyState": "Enabled"} | metadata},
        "GetKeyPolicy": {"Policy": json.dumps(policy)},
    }
    return key(Reached(), ARN, "mx", "set")


def test_the_documented_policy_is_enough(operator: Operator, policy: dict[str, Any]) -> None:
    """As it stands there."""
    assert _said(operator, policy).state is State.GOOD


@pytest.mark.parametrize(
    ("without", "shut"),
    [
        ("SesIntoTheInbox", "ses.amazonaws.com"),
        ("AlarmsToTheTopicAndEventsIntoTheQueue", "cloudwatch.amazonaws.com, events.amazonaws.com"),
        ("Logs", "logs.eu-west-1.amazonaws.com"),
    ],
)
def test_each_service_that_is_shut_out_is_named(
    operator: Operator, policy: dict[str, Any], without: str, shut: str
) -> None:
    """Left out, denied, or admitted to less than it needs."""
    expected = f"the key's policy does not let {shut} use it for this stack: docs/operations.md has a policy."
    (at,) = (i for i, it in enumerate(policy["Statement"]) if it["Sid"] == without)
    left_out, denied, less = deepcopy(policy), deepcopy(policy), deepcopy(policy)
    del left_out["Statement"][at]
    denied["Statement"].append(policy["Statement"][at] | {"Effect": "Deny"})
    less["Statement"][at]["Action"] = "kms:Decrypt"
    for one in (left_out, denied, less):
        assert _said(operator, one) == Finding(State.PROBLEM, expected)


@pytest.mark.parametrize(("sid", "name"), [("SesIntoTheInbox", "set"), ("SesIntoTheInbox", "mx"), ("Logs", "mx")])
def test_a_policy_for_another_stack_is_none_for_this_one(
    operator: Operator, policy: dict[str, Any], sid: str, name: str
) -> None:
    """Mail would not be stored, and nothing would be logged."""
    (statement,) = (it for it in policy["Statement"] if it["Sid"] == sid)
    statement["Condition"] = json.loads(re.sub(rf"/{name}\b", "/other", json.dumps(statement["Condition"])))
    assert _said(operator, policy).state is State.PROBLEM


def test_conditions_that_nobody_can_judge_here_are_taken_to_hold(operator: Operator, policy: dict[str, Any]) -> None:
    """And wildcards are read as KMS reads them."""
    for statement in policy["Statement"][1:]:
        condition = statement.setdefault("Condition", {})
        condition |= {
            "Bool": {"aws:SecureTransport": "true"},
            "ArnLike": {"aws:SourceArn": "arn:aws:*:*:123456789012:*"},
        }
    assert _said(operator, policy).state is State.GOOD


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        ({"KeyState": "PendingDeletion"}, "the key is to be deleted: cancel that"),
        ({"KeyState": "Disabled"}, "the key is disabled: enable it"),
        ({"KeySpec": "RSA_2048"}, "the key is of the kind RSA_2048"),
    ],
)
def test_a_key_that_cannot_encrypt_is_a_problem(
    operator: Operator, policy: dict[str, Any], metadata: dict[str, str], sentence: str
) -> None:
    """Whatever its policy says."""
    said = _said(operator, policy, **metadata)
    assert (said.state, said.sentence.startswith(sentence)) == (State.PROBLEM, True)


def test_a_key_that_is_elsewhere_or_nowhere_is_a_problem(operator: Operator, policy: dict[str, Any]) -> None:
    """CloudFormation would fail halfway."""
    _said(operator, policy)
    operator.answers["DescribeKey"] = "NotFoundException"
    assert key(Reached(), ARN, "mx", "set") == Finding(State.PROBLEM, f"KMS has no key {ARN}.")
    there = ARN.replace("eu-west-1", "us-east-1")
    assert key(Reached(), there, "mx", "set").sentence.startswith("the key is in us-east-1")
