"""The half of the template that the world on one machine leaves out, deployed to the local AWS, with stacks within it.

What the local AWS refuses is cut out by name; each cut must still be refused, so the list shrinks as the local AWS
improves.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
import yaml  # type: ignore[import-untyped]
from botocore.exceptions import ClientError, WaiterError
from typer.testing import CliRunner

from infra.cli.commands import adopt
from infra.cli.main import app
from infra.local.aws import REGION, Aws, surroundings
from infra.local.deploy import STACK, deploy
from infra.local.ministack import Ministack
from tests.stack import ALERTS, ROOT, SENDER, Stack, template

BUCKET: Final = "mxtrax-deploy"
HOST: Final = "mail.example.net"
PARAMETERS: Final = {"LocalMode": "false", "SendingUser": SENDER, "AlertUser": ALERTS, "Dashboard": "true"}
BROUGHT: Final = {"ConsoleDomain": HOST, "ConsoleCertificate": "arn:of:a:certificate", "KmsKey": "arn:of:a:key"}
"""What people bring along, which decides what the stack has; `_brought` gives it ARNs."""

CUT_TYPES: Final = {
    "UsersPages": "AWS::Cognito::ManagedLoginBranding",
    "RuleSet": "AWS::SES::ReceiptRuleSet",
    "ReceiptRule": "AWS::SES::ReceiptRule",
}
"""Resources of which the local AWS does not know the type."""

CUT_OUTPUTS: Final = {f"DnsDkim{number}": f"DkimDNSTokenName{number}" for number in (1, 2, 3)}
"""Outputs that name an attribute of an identity which the local AWS does not know."""


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """YAML without aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 -- as PyYAML has it
        """Write everything out."""
        return True


@dataclass(frozen=True, slots=True)
class Deployed:
    """The local AWS with the stack in it, and what the stack gives out."""

    aws: Aws
    outputs: Mapping[str, str]
    folder: Path
    parameters: Mapping[str, str]

    def client(self, service: str) -> Any:
        """Give the client of a service."""
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106
        return session.client(service, endpoint_url=self.aws.endpoint)  # type: ignore[call-overload]


def _written(it: Mapping[str, Any]) -> str:
    return str(yaml.dump(it, Dumper=_Dumper, sort_keys=False, width=10**9))


def _cut() -> dict[str, Any]:
    """Give the template without what the local AWS refuses; where folders of code are is written out."""
    it = copy.deepcopy(template())
    for name, kind in CUT_TYPES.items():
        assert it["Resources"].pop(name)["Type"] == kind
    for name in CUT_OUTPUTS:
        del it["Outputs"][name]
    return it


def _packaged(aws: Aws, folder: Path) -> Path:
    """Upload the stacks within the stack as `sam package` does, and write down the template that refers to them."""
    aws.s3.create_bucket(Bucket=BUCKET)
    text = _written(_cut())
    for path in ("infra/alarms.yaml", "infra/dashboard.yaml"):
        aws.s3.put_object(Bucket=BUCKET, Key=path, Body=_written(template(path)).encode())
        assert f"TemplateURL: {path}\n" in text
        text = text.replace(f"TemplateURL: {path}\n", f"TemplateURL: {aws.endpoint}/{BUCKET}/{path}\n")
    for kind in ("CodeUri", "ContentUri"):
        text = text.replace(f"{kind}: ", f"{kind}: {ROOT}/")
    packaged = folder / "packaged.yaml"
    packaged.write_text(text)
    return packaged


def _brought() -> dict[str, str]:
    """Create a certificate and a key, and give the parameters that name them."""
    certificate = boto3.client("acm").request_certificate(DomainName=HOST, ValidationMethod="DNS")["CertificateArn"]
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    return dict(zip(BROUGHT, (HOST, certificate, key), strict=True))


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Deploy what is left to a local AWS of its own."""
    folder = tmp_path_factory.mktemp("cloud")
    local = Ministack(folder / "aws")
    local.start()
    try:
        with surroundings(local.endpoint):
            aws = Aws(local.endpoint)
            parameters = PARAMETERS | _brought()
            yield Deployed(aws, deploy(aws, _packaged(aws, folder), parameters, folder / "cache"), folder, parameters)
    finally:
        local.stop()


def test_all_that_is_not_cut_is_there(cloud: Deployed) -> None:
    """Each resource of the template that has no condition, or one that holds in the cloud."""
    pages = cloud.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=STACK)
    there = {it["LogicalResourceId"] for page in pages for it in page["StackResourceSummaries"]}
    wanted = Stack(**PARAMETERS, **BROUGHT).resources.keys() - CUT_TYPES.keys()
    missing = [name for name in wanted if not any(it.startswith(name) for it in there)]  # a layer has a hash behind it
    assert missing == []
    assert "DnsMx" in cloud.outputs
    assert cloud.outputs.keys() & CUT_OUTPUTS.keys() == set()


def test_alarms_look_at_functions_and_queues_that_are_there(cloud: Deployed) -> None:
    """By their actual names, and they notify an existing topic."""
    pages = cloud.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{STACK}-Alarms-")
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
    assert len(alarms) == len(Stack().alarms())
    functions = [
        it["FunctionName"]
        for page in cloud.client("lambda").get_paginator("list_functions").paginate()
        for it in page["Functions"]
    ]
    queues = [url.rpartition("/")[2] for url in cloud.client("sqs").list_queues()["QueueUrls"]]
    topics = [it["TopicArn"] for it in cloud.client("sns").list_topics()["Topics"]]
    there = {"FunctionName": functions, "QueueName": queues, "service": ["mxtrax"]}
    for alarm in alarms:
        (dimension,) = alarm["Dimensions"]
        assert dimension["Value"] in there[dimension["Name"]], alarm["AlarmName"]
        assert alarm["AlarmActions"] == alarm["OKActions"]
        assert alarm["AlarmActions"][0] in topics
    looked_at = {alarm["Dimensions"][0]["Value"] for alarm in alarms}
    assert looked_at == {*functions, *queues, "mxtrax"}


def test_the_dashboard_is_there(cloud: Deployed) -> None:
    """Under the stack's name."""
    assert cloud.client("cloudwatch").get_dashboard(DashboardName=STACK)["DashboardBody"]


def test_what_is_stored_is_under_the_key_that_was_brought_along(cloud: Deployed) -> None:
    """Queues and log, as far as the local AWS keeps it: for tables, topic and inbox it does not."""
    key = cloud.parameters["KmsKey"]
    queue = cloud.client("sqs").get_queue_attributes(
        QueueUrl=cloud.outputs["SendQueueUrl"], AttributeNames=["KmsMasterKeyId"]
    )
    assert queue["Attributes"]["KmsMasterKeyId"] == key
    (group,) = cloud.client("logs").describe_log_groups(logGroupNamePrefix=f"/mxtrax/{STACK}")["logGroups"]
    assert group["kmsKeyId"] == key


def test_doctor_looks_at_what_was_brought_along(cloud: Deployed) -> None:
    """The local AWS issues certificates; a new key's policy admits nobody but its account."""
    with surroundings(cloud.aws.endpoint):
        said = CliRunner().invoke(app, ["doctor", "--stack", STACK, "--json"])
    found = {it["check"]: it for it in map(json.loads, said.stdout.splitlines())}
    assert (found["certificate"]["state"], HOST in found["certificate"]["finding"]) == ("ok", True)
    assert found["key"]["finding"].startswith("the key's policy does not let cloudwatch.amazonaws.com, events.")


def test_an_update_may_be_undone_from_now_on(cloud: Deployed) -> None:
    """The local AWS takes the update, with the template and parameters that the stack has, and knows no triggers."""
    with surroundings(cloud.aws.endpoint):
        said = CliRunner().invoke(app, ["rollback-triggers", "--stack", STACK, "--yes"])
    assert said.exit_code == 0, said.output
    named = [line.split("-")[-2] for line in said.stdout.splitlines() if line.startswith("  ")]
    assert named == ["AggregateSilent", "AlertSilent", "OwnLoopSilent", "PlanSilent", "SendSilent"]
    formation = cloud.client("cloudformation")
    formation.get_waiter("stack_update_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    (stack,) = formation.describe_stacks(StackName=STACK)["Stacks"]
    assert "rollback-triggers" in {it["Key"] for it in stack["Tags"]}
    after = {it["ParameterKey"]: it["ParameterValue"] for it in stack["Parameters"]}
    assert after == {**after, **cloud.parameters}


def _imported(cloud: Deployed, stack: str, folder: Path) -> None:
    """Do what `mxtrax adopt` says, with the files that it wrote."""
    asked = {"StackName": stack, "ChangeSetName": "adopt"}
    formation = cloud.client("cloudformation")
    formation.create_change_set(
        **asked,
        ChangeSetType="IMPORT",
        ResourcesToImport=json.loads((folder / adopt.RESOURCES).read_text()),
        TemplateBody=(folder / adopt.TEMPLATE).read_text(),
    )
    formation.get_waiter("change_set_create_complete").wait(**asked, WaiterConfig={"Delay": 1})
    formation.execute_change_set(**asked)
    formation.get_waiter("stack_import_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})


def _adopted(cloud: Deployed, monkeypatch: pytest.MonkeyPatch, stack: str) -> Mapping[str, str]:
    """Make a stack of the tables whose names begin with `restored`, as `mxtrax adopt` says, and give its outputs."""
    (folder := cloud.folder / stack).mkdir()
    with surroundings(cloud.aws.endpoint):
        said = CliRunner().invoke(app, ["adopt", "restored", "--stack", stack, "--folder", str(folder)])
        assert said.exit_code == 0, said.output
        assert f"sam deploy --guided --stack-name {stack} " in said.stdout
        assert " TablePrefix=restored " in said.stdout
        _imported(cloud, stack, folder)
        monkeypatch.setattr("infra.local.deploy.STACK", stack)
        more = {**PARAMETERS, "TablePrefix": "restored", "CreateIdentity": "false"}
        return deploy(cloud.aws, cloud.folder / "packaged.yaml", more, cloud.folder / "cache")


def test_tables_become_those_of_another_stack(cloud: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restored ones under their new names, beside the old stack; and then those that a stack has left that is gone."""
    tables, formation = cloud.client("dynamodb"), cloud.client("cloudformation")
    row = {"id": {"S": "kept"}, "settings": {"M": {}}, "version": {"N": "1"}}
    tables.put_item(TableName=f"{STACK}-config", Item=row)
    names = [name for name in tables.list_tables()["TableNames"] if name.startswith(f"{STACK}-")]
    assert len(names) == len(Stack().of_type("AWS::DynamoDB::Table"))
    for name in names:
        target = name.replace(STACK, "restored", 1)
        tables.restore_table_to_point_in_time(
            SourceTableName=name, TargetTableName=target, UseLatestRestorableTime=True
        )
    for stack in ("first", "second"):
        assert _adopted(cloud, monkeypatch, stack)["TablePrefix"] == "restored-"
        assert tables.get_item(TableName="restored-config", Key={"id": row["id"]})["Item"] == row
        formation.delete_stack(StackName=stack)
        formation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})
    assert tables.get_item(TableName=f"{STACK}-config", Key={"id": row["id"]})["Item"] == row


@pytest.mark.parametrize("kind", sorted(CUT_TYPES.values()))
def test_a_type_that_is_cut_is_refused_still(cloud: Deployed, kind: str) -> None:
    """Otherwise it must be removed from the list above."""
    body = _written({"Resources": {"It": {"Type": kind}}})
    with pytest.raises(ClientError, match="Unrecognized resource types") as refused:
        cloud.aws.cloudformation.create_stack(StackName="cut", TemplateBody=body)
    assert kind in str(refused.value)


@pytest.mark.parametrize("attribute", sorted(CUT_OUTPUTS.values()))
def test_an_attribute_that_is_cut_is_not_known_still(cloud: Deployed, attribute: str) -> None:
    """Otherwise it must be removed from the list above."""
    identity = {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": f"{attribute.lower()}.example"}}
    body = _written({"Resources": {"It": identity}, "Outputs": {"Out": {"Value": {"Fn::GetAtt": ["It", attribute]}}}})
    name = f"cut-{attribute}"
    cloud.aws.cloudformation.create_stack(StackName=name, TemplateBody=body)
    with pytest.raises(WaiterError, match="ROLLBACK"):
        cloud.aws.cloudformation.get_waiter("stack_create_complete").wait(
            StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20}
        )
