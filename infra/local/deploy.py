"""The project's own template.yaml, deployed to the local AWS by CloudFormation."""

import re
import time
from collections.abc import Mapping
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from infra.local import build
from infra.local.aws import Aws
from infra.local.trouble import Trouble

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef, StackTypeDef

STACK: Final = "mxtrax"
_BUCKET: Final = "mxtrax-deploy"
_LOCAL_FOLDER: Final = re.compile(r"\b(CodeUri|ContentUri):[ ]*(?!s3:)([\w./-]+)")
_DEPLOY_SECONDS: Final = 120.0
_LONGEST_REASON: Final = 500  # characters; some quote the whole template
# A stack in one of these can be neither used nor updated.
_DEAD: Final = {"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"}


def deploy(aws: Aws, template: Path, parameters: Mapping[str, str], cache: Path) -> dict[str, str]:
    """Deploy the template and give the stack's outputs. Unchanged archives are not uploaded again."""
    cache.mkdir(parents=True, exist_ok=True)
    url = _uploaded(aws, template, cache)
    stack = _find(aws)
    if stack and stack["StackStatus"] in _DEAD:
        aws.cloudformation.delete_stack(StackName=STACK)
        _settled(aws)
        stack = None
    _apply(aws, url, parameters, update=stack is not None)
    stack = _settled(aws)
    if stack is None or stack["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise Trouble(f"Deploying {template.name} failed: {_reasons(aws)}.")
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _uploaded(aws: Aws, template: Path, cache: Path) -> str:
    """Upload the template, which is too large for a call, and give its URL."""
    aws.s3.create_bucket(Bucket=_BUCKET)
    text = _with_archives(aws, template, cache)
    aws.s3.put_object(Bucket=_BUCKET, Key=template.name, Body=text.encode())
    return f"{aws.endpoint}/{_BUCKET}/{template.name}"


def _with_archives(aws: Aws, template: Path, cache: Path) -> str:
    """Upload every local folder in the template, and replace it with the archive's location."""
    present = {entry["Key"] for entry in aws.s3.list_objects_v2(Bucket=_BUCKET).get("Contents", [])}
    places = dict[tuple[str, str], str]()

    def place(match: re.Match[str]) -> str:
        kind, folder = match.groups()
        if (kind, folder) not in places:
            path = template.parent / folder
            archive = build.code(path) if kind == "CodeUri" else build.layer(path, cache)
            if archive.name not in present:
                aws.s3.put_object(Bucket=_BUCKET, Key=archive.name, Body=archive.data)
            places[kind, folder] = f"s3://{_BUCKET}/{archive.name}"
        return f"{kind}: {places[kind, folder]}"

    try:
        return _LOCAL_FOLDER.sub(place, template.read_text())
    except FileNotFoundError as error:
        raise Trouble(f"{template} is not there.") from error


def _apply(aws: Aws, url: str, parameters: Mapping[str, str], *, update: bool) -> None:
    given: list[ParameterTypeDef] = [
        {"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()
    ]
    try:
        if update:
            aws.cloudformation.update_stack(
                StackName=STACK, TemplateURL=url, Parameters=given, Capabilities=["CAPABILITY_NAMED_IAM"]
            )
        else:
            aws.cloudformation.create_stack(
                StackName=STACK, TemplateURL=url, Parameters=given, Capabilities=["CAPABILITY_NAMED_IAM"]
            )
    except ClientError as error:
        said = error.response["Error"].get("Message", "")
        if "No updates are to be performed" not in said:
            raise Trouble(f"The template was refused: {shorten(said, _LONGEST_REASON)}") from error


def _find(aws: Aws) -> "StackTypeDef | None":
    try:
        return aws.cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    except ClientError:  # the response for an unknown name
        return None


def _settled(aws: Aws) -> "StackTypeDef | None":
    """Wait until the stack has settled."""
    deadline = time.monotonic() + _DEPLOY_SECONDS
    while time.monotonic() < deadline:
        stack = _find(aws)
        if stack is None or not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack
        time.sleep(0.1)
    raise Trouble(f"Deploying did not end within {_DEPLOY_SECONDS:.0f} s.")


def _reasons(aws: Aws) -> str:
    events = aws.cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in events if event.get("ResourceStatus", "").endswith("_FAILED")]
    told = [
        f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason', 'no reason given')}" for event in failed
    ]
    return "; ".join(dict.fromkeys(told)) or "no reason given"
