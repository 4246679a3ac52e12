"""The rule set is activated with care."""

import boto3

from tests.cli.operator import Operator


def test_activating_is_done_once(operator: Operator) -> None:
    """It says so when it is done already."""
    ses = boto3.client("ses")
    for name in ("mxtrax", "other"):
        ses.create_receipt_rule_set(RuleSetName=name)
    ses.set_active_receipt_rule_set(RuleSetName="mxtrax")
    assert operator.does("activate") == "mxtrax is already active.\n"
    ses.set_active_receipt_rule_set(RuleSetName="other")
    result = operator.says("activate")
    assert result.exit_code == 1
    assert "The rule set other is active, with 0 rules" in result.stderr
    assert operator.says("activate", "--replace", stdin="n\n").exit_code == 1
    assert ses.describe_active_receipt_rule_set()["Metadata"]["Name"] == "other"
    assert operator.does("activate", "--replace", "--yes") == "mxtrax is active.\n"
    assert ses.describe_active_receipt_rule_set()["Metadata"]["Name"] == "mxtrax"
