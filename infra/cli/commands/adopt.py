"""`mxtrax adopt`: create a stack from existing tables, restored ones or those that an earlier stack left."""

import json
import os
from pathlib import Path
from typing import Annotated, Any, Final

import boto3
import typer
from botocore.exceptions import ClientError

from infra.cli.command import explained
from infra.cli.target import DEPLOY
from mxtrax.errors import Refused
from mxtrax.store.tables import TABLES

TEMPLATE: Final = "adopted.json"
RESOURCES: Final = "adopted-resources.json"

_KEPT: Final = ("IndexName", "KeySchema", "Projection")
_STEPS: Final = """\
aws cloudformation create-change-set --stack-name {stack} --change-set-name adopt --change-set-type IMPORT \
--resources-to-import file://{resources} --template-body file://{template}
aws cloudformation wait change-set-create-complete --stack-name {stack} --change-set-name adopt
aws cloudformation execute-change-set --stack-name {stack} --change-set-name adopt
aws cloudformation wait stack-import-complete --stack-name {stack}
{deploy} \
--parameter-overrides TablePrefix={prefix} SendingUser=ADDRESS CreateIdentity=false
"""


def adopt(
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="The prefix of the tables' names, without the dash.")],
    *,
    stack: Annotated[str, typer.Option(metavar="NAME", help="The stack to create from them.")] = "mxtrax",
    folder: Annotated[Path, typer.Option(metavar="PATH", help="Where to write the two files.")] = Path(),
    profile: Annotated[str, typer.Option(metavar="NAME", help="As with the AWS CLI.")] = "",
    region: Annotated[str, typer.Option(metavar="NAME", help="As with the AWS CLI.")] = "",
) -> None:
    """Prepare the import of existing tables into a new stack, and print the commands that do it.

    It changes nothing itself.
    """
    with explained():
        session = boto3.Session(
            profile_name=profile or None, region_name=region or os.environ.get("AWS_REGION") or None
        )
        _see_that_it_is_new(session, stack)
        client = session.client("dynamodb")
        found = {name: _described(client, f"{prefix}-{end}") for name, end in _names().items()}
        if missing := sorted(f"{prefix}-{_names()[name]}" for name, it in found.items() if it is None):
            raise Refused("prefix", f"These tables are missing: {', '.join(missing)}.")
    resources = {name: _resource(it) for name, it in found.items() if it}
    template, listed = folder / TEMPLATE, folder / RESOURCES
    template.write_text(json.dumps({"Resources": resources}, indent=1) + "\n")
    imported = [
        {
            "ResourceType": it["Type"],
            "LogicalResourceId": name,
            "ResourceIdentifier": {"TableName": it["Properties"]["TableName"]},
        }
        for name, it in resources.items()
    ]
    listed.write_text(json.dumps(imported, indent=1) + "\n")
    deploy = DEPLOY.format(stack=stack)
    typer.echo(_STEPS.format(stack=stack, prefix=prefix, template=template, resources=listed, deploy=deploy), nl=False)


def _names() -> dict[str, str]:
    """Give the ending of each table's name by its name in the template: MailTestTable is NAME-mailtest."""
    return {f"{row.__name__.removesuffix('Row')}Table": end for row, end in TABLES.items()}


def _see_that_it_is_new(session: boto3.Session, stack: str) -> None:
    try:
        session.client("cloudformation").describe_stacks(StackName=stack)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":  # the response for an unknown name
            raise
        return
    raise Refused("stack", f"The stack {stack} already exists, with its own tables: choose another name.")


def _described(client: Any, name: str) -> dict[str, Any] | None:  # noqa: ANN401 -- boto3 makes its clients at run time
    try:
        found: dict[str, Any] = client.describe_table(TableName=name)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return None
    return found


def _resource(found: dict[str, Any]) -> dict[str, Any]:
    """Describe a table to CloudFormation as it is; the first deployment adds what a restored table has lost."""
    properties: dict[str, Any] = {
        "TableName": found["TableName"],
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": found["AttributeDefinitions"],
        "KeySchema": found["KeySchema"],
    }
    if indexes := found.get("GlobalSecondaryIndexes"):
        properties["GlobalSecondaryIndexes"] = [{key: it[key] for key in _KEPT} for it in indexes]
    return {
        "Type": "AWS::DynamoDB::Table",
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": properties,
    }
