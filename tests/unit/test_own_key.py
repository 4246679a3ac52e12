"""A key of the operator's own: all that is stored is encrypted with it, and the functions that need it may use it."""

import json
from dataclasses import replace
from typing import Any

import boto3
import pytest

from infra.cli.target import Here
from mxtrax.admin import channels
from mxtrax.admin.actor import Actor
from mxtrax.aws import secrets
from mxtrax.aws.clients import client
from mxtrax.model import ChannelKind, Door
from mxtrax.runtime.environment import from_environment
from tests.stack import Stack, template
from tests.stage import stage

KEY = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
OWN = Stack(KmsKey=KEY)
PLAIN = Stack()
FUNCTIONS = PLAIN.of_type("AWS::Serverless::Function")
PUTS = {"sqs:SendMessage", "sns:Publish", "s3:PutObject"}
"""For which a data key is made on behalf of the caller."""

STORES = ("dynamodb:", "sqs:", "sns:", "s3:", "ssm:")


def _roles(action: str) -> set[str]:
    """Name the functions that the template lets use the key for an action, and for no other key."""
    found = set[str]()
    for name, it in OWN.resources.items():
        if it["Type"] != "AWS::IAM::Policy":
            continue
        given = it["Properties"]
        (statement,) = OWN.resolve(given["PolicyDocument"])["Statement"]
        assert (statement["Effect"], statement["Resource"]) == ("Allow", KEY), name
        if statement["Action"] == [action]:
            found |= {role["Ref"].removesuffix("Role") for role in given["Roles"]}
    return found


def _actions(function: str) -> set[str]:
    own = FUNCTIONS[function]
    found = {action for policy in own.get("Policies", []) for one in policy["Statement"] for action in one["Action"]}
    if "DestinationConfig" in own.get("EventInvokeConfig", {}):
        found.add("sqs:SendMessage")
    return found


@pytest.mark.parametrize("table", OWN.of_type("AWS::DynamoDB::Table").values())
def test_every_table_has_the_key(table: dict[str, Any]) -> None:
    """And so have its indexes and backups."""
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}


@pytest.mark.parametrize("queue", OWN.of_type("AWS::SQS::Queue").values())
def test_every_queue_has_the_key(queue: dict[str, Any]) -> None:
    """SQS takes one kind of encryption; it asks the key once an hour for each sender, and not every five minutes."""
    assert (queue["KmsMasterKeyId"], queue["KmsDataKeyReusePeriodSeconds"]) == (KEY, 3600)
    assert "SqsManagedSseEnabled" not in queue


def test_inbox_topic_and_log_have_the_key() -> None:
    """The inbox asks it once for many mails."""
    (rule,) = OWN.properties("InboxBucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {
        "BucketKeyEnabled": True,
        "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY},
    }
    assert OWN.properties("AlertTopic")["KmsMasterKeyId"] == KEY
    assert OWN.properties("Logs")["KmsKeyId"] == KEY


def test_without_a_key_nothing_has_one() -> None:
    """Neither by default nor in the world on one machine; AWS encrypts with keys of its own."""
    for stack in (PLAIN, Stack(LocalMode="true", KmsKey=KEY)):
        assert [name for name, it in stack.resources.items() if it["Type"] == "AWS::IAM::Policy"] == []
        kinds = ("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::Logs::LogGroup")
        for kind in kinds:
            for it in stack.of_type(kind).values():
                assert "kms" not in json.dumps(it).lower()
        assert all(it["SqsManagedSseEnabled"] is True for it in stack.of_type("AWS::SQS::Queue").values())
        assert not any("SSESpecification" in it for it in stack.of_type("AWS::DynamoDB::Table").values())
        (rule,) = stack.properties("InboxBucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        assert not any("MXTRAX_KMS_KEY" in stack.environment(name) for name in FUNCTIONS)


def test_every_function_that_reads_or_writes_may_use_the_key_and_no_other() -> None:
    """To read, all that have to do with what is stored; to put, those that send, publish or store an object."""
    assert _roles("kms:Decrypt") == {
        name for name in FUNCTIONS if any(action.startswith(STORES) for action in _actions(name))
    }
    assert _roles("kms:GenerateDataKey") == {name for name in FUNCTIONS if _actions(name) & PUTS}
    assert _roles("kms:Encrypt") == {name for name in FUNCTIONS if "ssm:PutParameter" in _actions(name)}
    documents = [it for it in OWN.resources.values() if it["Type"] == "AWS::IAM::Policy"]
    assert len(documents) == 3
    names = [
        template()["Resources"][name]["Properties"]["PolicyName"] for name in ("KeyToRead", "KeyToPut", "KeyToEncrypt")
    ]
    assert len(set(names)) == 3


def test_what_the_key_costs_is_what_the_runbook_says() -> None:
    """DynamoDB asks at most every five minutes for each function and table; SQS twice an hour to send, once to receive."""
    pairs, senders, readers = set[tuple[str, str]](), 2, 0  # EventBridge and Lambda send as well
    for name, it in FUNCTIONS.items():
        readers += sum(event["Type"] == "SQS" for event in it.get("Events", {}).values())
        for statement in (one for policy in it.get("Policies", []) for one in policy["Statement"]):
            them = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
            pairs |= {(name, one.split("/")[1]) for one in them if ":dynamodb:" in one}
            senders += len(them) * ("sqs:SendMessage" in statement["Action"])
    hours = 30 * 24
    queues = hours * (2 * senders + readers)
    calls = len(pairs) * hours * 12 + queues
    assert 0.9 < calls / 640_000 < 1.1
    assert 0.9 < queues / 22_000 < 1.1
    assert 1 + calls / 10_000 * 0.03 < 3


def test_secrets_of_channels_are_encrypted_with_the_key() -> None:
    """By the API and by the commands alike: SSM says which key it was."""
    assert [name for name in FUNCTIONS if "MXTRAX_KMS_KEY" in OWN.environment(name)] == ["ApiFunction"]
    told = from_environment(OWN.environment("ApiFunction"))
    assert told.kms_key == KEY
    with stage() as it:
        key = client("kms").create_key()["KeyMetadata"]["Arn"]
        for kms_key, expected in ((key, key), ("", "alias/aws/ssm")):
            settings = replace(it.settings, secrets="/mxtrax/t/channel", kms_key=kms_key)
            made = channels.add(
                Actor(name="anna", door=Door.API),
                it.now,
                settings,
                ChannelKind.PAGERDUTY,
                {"name": "Night", "settings": {"routing_key": "R" * 32}},
            )
            (found,) = client("ssm").describe_parameters(
                ParameterFilters=[{"Key": "Name", "Values": [f"/mxtrax/t/channel/{made.id}"]}]
            )["Parameters"]
            assert found["KeyId"] == expected
            assert secrets.get(f"/mxtrax/t/channel/{made.id}") == {"routing_key": "R" * 32}


def test_commands_use_the_key_as_well() -> None:
    """Where they reach a stack that has one; the world on one machine has none."""
    session = boto3.Session(region_name="eu-west-1")
    outputs = dict.fromkeys(template()["Outputs"], "")
    for local, expected in ((False, KEY), (True, "")):
        here = Here(stack="mx", local=local, session=session, outputs=outputs, parameters={"KmsKey": KEY})
        assert here.settings.kms_key == expected
