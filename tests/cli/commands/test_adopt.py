"""A stack from existing tables."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.cli.operator import Operator
from tests.stack import Stack


@pytest.fixture
def left(operator: Operator) -> Operator:
    """Give an operator the tables that a stack called old has left, as in the template."""
    for table in Stack(TablePrefix="old").of_type("AWS::DynamoDB::Table").values():
        names = ("TableName", "BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
        boto3.client("dynamodb").create_table(**{name: table[name] for name in names if name in table})
    operator.answers["DescribeStacks"] = "ValidationError"
    return operator


def _written(left: Operator, folder: Path) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
    said = left.does("adopt", "old", "--stack", "new", "--folder", str(folder))
    resources = json.loads((folder / "adopted.json").read_text())["Resources"]
    return said, resources, json.loads((folder / "adopted-resources.json").read_text())


def test_the_tables_are_those_of_the_template(left: Operator, tmp_path: Path) -> None:
    """By name, key and index: otherwise the next deployment would replace one."""
    _, resources, imported = _written(left, tmp_path)
    wanted = Stack(TablePrefix="old").of_type("AWS::DynamoDB::Table")
    assert resources.keys() == wanted.keys()
    for name, it in resources.items():
        assert it["DeletionPolicy"] == Stack().resources[name]["DeletionPolicy"]
        properties = it["Properties"]
        assert (properties["TableName"], properties["KeySchema"]) == (
            wanted[name]["TableName"],
            wanted[name]["KeySchema"],
        )
        indexes = {each["IndexName"]: each for each in properties.get("GlobalSecondaryIndexes", [])}
        assert indexes.keys() == {each["IndexName"] for each in wanted[name].get("GlobalSecondaryIndexes", [])}
        for each in wanted[name].get("GlobalSecondaryIndexes", []):
            assert indexes[each["IndexName"]]["KeySchema"] == each["KeySchema"]
    assert {it["LogicalResourceId"]: it["ResourceIdentifier"]["TableName"] for it in imported} == {
        name: it["TableName"] for name, it in wanted.items()
    }


def test_the_commands_name_the_files_and_the_prefix(left: Operator, tmp_path: Path) -> None:
    """They only need to be run."""
    said, _, _ = _written(left, tmp_path)
    first, *_, last = said.splitlines()
    assert f"--resources-to-import file://{tmp_path}/adopted-resources.json" in first
    assert f"--template-body file://{tmp_path}/adopted.json" in first
    assert last.startswith("sam deploy")
    assert "TablePrefix=old" in last


def test_what_is_missing_is_named(left: Operator, tmp_path: Path) -> None:
    """A stack with eleven of the tables would make an empty twelfth one."""
    boto3.client("dynamodb").delete_table(TableName="old-stat")
    result = left.says("adopt", "old", "--stack", "new", "--folder", str(tmp_path))
    assert result.exit_code != 0
    assert "old-stat" in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_stack_that_is_there_keeps_its_tables(operator: Operator, tmp_path: Path) -> None:
    """Nothing is imported into a stack that has tables under the same names."""
    result = operator.says("adopt", "old", "--folder", str(tmp_path))
    assert result.exit_code != 0
    assert "already exists" in result.output
