"""template.yaml compared with the code and with what a careful operator expects."""

import ast
import json
import os
import re
import subprocess
from typing import Any

import pytest
from pynamodb.indexes import GlobalSecondaryIndex
from pynamodb.models import Model

from mxtrax.api.rights import MACHINES
from mxtrax.aws.cognito import NAMES_THEM
from mxtrax.inbox import keys
from mxtrax.jobs import send
from mxtrax.model import SECOND, Config
from mxtrax.rules.roles import GROUPS
from mxtrax.rules.validation import MAX_SENDER, check_config
from mxtrax.runtime.environment import Settings
from mxtrax.store import tables
from tests import released
from tests.stack import ACCOUNT, REGION, ROOT, SENDER, STACK, Stack, template

STATEFUL = ("AWS::DynamoDB::Table", "AWS::S3::Bucket")
FUNCTIONS = Stack().of_type("AWS::Serverless::Function")
QUEUES = Stack().of_type("AWS::SQS::Queue")
TABLES = {it["TableName"].removeprefix(f"{STACK}-"): it for it in Stack().of_type("AWS::DynamoDB::Table").values()}


MOST_LINES = 1_200


def test_the_template_can_be_read_in_one_go() -> None:
    """It has every resource, and each function's permissions next to it: it must stay readable to be of use."""
    assert len((ROOT / "template.yaml").read_text().splitlines()) < MOST_LINES


# --- tables -----------------------------------------------------------------------------------------------------------


def _shape(model: type[Model]) -> dict[str, Any]:
    """Describe a model as the template describes its table."""
    indexes = {it.Meta.index_name: it for it in vars(model).values() if isinstance(it, GlobalSecondaryIndex)}
    attributes = model.get_attributes()
    types = {it.attr_name: it.attr_type for it in attributes.values() if it.is_hash_key or it.is_range_key}
    for index in indexes.values():
        types |= {it.attr_name: it.attr_type for it in index.Meta.attributes.values()}
    return {
        "keys": _keys(attributes),
        "types": types,
        "indexes": {
            name: (
                _keys(index.Meta.attributes),
                index.Meta.projection.projection_type,
                index.Meta.projection.non_key_attributes or [],
            )
            for name, index in indexes.items()
        },
    }


def _keys(attributes: Any) -> list[tuple[str, str]]:
    kinds = [("HASH", it) for it in attributes.values() if it.is_hash_key]
    kinds += [("RANGE", it) for it in attributes.values() if it.is_range_key]
    return [(kind, it.attr_name) for kind, it in kinds]


def _declared(table: dict[str, Any]) -> dict[str, Any]:
    def keys(of: dict[str, Any]) -> list[tuple[str, str]]:
        return [(each["KeyType"], each["AttributeName"]) for each in of["KeySchema"]]

    return {
        "keys": keys(table),
        "types": {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]},
        "indexes": {
            index["IndexName"]: (
                keys(index),
                index["Projection"]["ProjectionType"],
                index["Projection"].get("NonKeyAttributes", []),
            )
            for index in table.get("GlobalSecondaryIndexes", [])
        },
    }


@pytest.mark.parametrize(("model", "name"), tables.TABLES.items(), ids=tables.TABLES.values())
def test_tables_are_what_the_models_say(model: type[Model], name: str) -> None:
    """Keys, their types, indexes and projections are the same in the template and in the store."""
    assert _declared(TABLES[name]) == _shape(model)


def test_every_table_has_its_model() -> None:
    """The template has no table that the store does not know."""
    assert TABLES.keys() == set(tables.TABLES.values())


def test_only_tests_and_what_the_dns_said_expire() -> None:
    """By a TTL attribute; nothing else ever expires."""
    expiring = {name: it["TimeToLiveSpecification"] for name, it in TABLES.items() if "TimeToLiveSpecification" in it}
    assert expiring == {
        "mailtest": {"AttributeName": tables.MailTestRow.expires.attr_name, "Enabled": True},
        "mailserver": {"AttributeName": tables.MailServerRow.expires.attr_name, "Enabled": True},
    }


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_tables_are_kept_safe(table: dict[str, Any]) -> None:
    """Every table is billed on demand, can be restored to any second of 35 days, and is protected from deletion."""
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] is False  # or a first deployment that fails could not be rolled back


def test_what_is_protected_cannot_be_deleted_by_mistake() -> None:
    """From the second deployment on; `mxtrax doctor` reminds of it."""
    protected = Stack(Protect="true")
    assert all(it["DeletionProtectionEnabled"] is True for it in protected.of_type("AWS::DynamoDB::Table").values())
    assert protected.properties("Users")["DeletionProtection"] == "ACTIVE"
    assert Stack().properties("Users")["DeletionProtection"] == "INACTIVE"


def test_our_rule_goes_into_a_set_that_is_there() -> None:
    """Then the stack creates none of its own, and policy and permission name that set."""
    beside = Stack(ReceiptRuleSet="theirs")
    assert "RuleSet" not in beside.resources
    assert beside.properties("ReceiptRule")["RuleSetName"] == "theirs"
    source = f"arn:aws:ses:eu-west-1:{ACCOUNT}:receipt-rule-set/theirs:receipt-rule/{STACK}-inbox"
    assert beside.properties("SesMayCallReceive")["SourceArn"] == source
    allowed = beside.properties("InboxBucketPolicy")["PolicyDocument"]["Statement"][0]
    assert allowed["Condition"]["ArnLike"]["aws:SourceArn"] == source
    assert beside.resolve(template()["Outputs"]["ReceiptRuleSet"]["Value"]) == "theirs"
    assert Stack().resolve(template()["Outputs"]["ReceiptRuleSet"]["Value"]) == STACK


def test_a_flood_of_mail_can_be_kept_from_the_other_jobs() -> None:
    """Queues have their limits in any case; receive has one where the account is large enough for it."""
    assert "ReservedConcurrentExecutions" not in Stack().properties("ReceiveFunction")
    assert int(Stack(ReceiveConcurrency="20").properties("ReceiveFunction")["ReservedConcurrentExecutions"]) == 20
    assert all("MaximumConcurrency" in event["ScalingConfig"] for _, event in _listeners())


def test_what_holds_data_outlives_its_stack() -> None:
    """Deleting or replacing the stack leaves tables and the inbox where they are."""
    for name, it in template()["Resources"].items():
        if it["Type"] in STATEFUL:
            assert (it["DeletionPolicy"], it["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain"), name


# --- functions --------------------------------------------------------------------------------------------------------


def test_every_handler_is_there_and_every_file_is_used() -> None:
    """Each function's handler is in functions/, and each file of functions/ is a function's."""
    handlers = {it["Handler"] for it in FUNCTIONS.values()}
    assert handlers == {f"{file.stem}.handler" for file in (ROOT / "functions").glob("[a-z]*.py")}
    for file in (ROOT / "functions").glob("[a-z]*.py"):
        defined = {it.name for it in ast.parse(file.read_text()).body if isinstance(it, ast.FunctionDef)}
        assert "handler" in defined, file.name


def test_functions_run_on_what_the_project_is_checked_with() -> None:
    """Python in the template is the Python of pyproject.toml, on the processor that the layers are built for."""
    python = f"python{(ROOT / '.python-version').read_text().strip()}"
    layers = [it for it in template()["Resources"].values() if it["Type"] == "AWS::Serverless::LayerVersion"]
    for name in FUNCTIONS:
        assert (Stack().function(name, "Runtime"), Stack().function(name, "Architectures")) == (python, ["arm64"])
    for layer in layers:
        assert layer["Properties"]["CompatibleRuntimes"] == [python]
        assert layer["Properties"]["CompatibleArchitectures"] == ["arm64"]
        assert (ROOT / layer["Properties"]["ContentUri"] / "Makefile").exists()


def test_settings_that_are_set_are_known() -> None:
    """Every variable that the template sets is one that a setting is read from."""
    told = {name for function in FUNCTIONS for name in Stack().environment(function)}
    assert told <= {f"MXTRAX_{name.upper()}" for name in Settings.__slots__}


def test_the_local_stand_in_is_for_local_mode_alone() -> None:
    """No deployment in the cloud sends its mail anywhere but to SES."""
    local = Stack(LocalMode="true", SesEndpoint="http://127.0.0.1:4580")
    for name in FUNCTIONS:
        assert "AWS_ENDPOINT_URL_SESV2" not in Stack(SesEndpoint="http://127.0.0.1:4580").environment(name)
        assert local.environment(name)["AWS_ENDPOINT_URL_SESV2"] == "http://127.0.0.1:4580"


def test_logs_end() -> None:
    """All functions write to one log group, with limited retention."""
    (logs,) = Stack().of_type("AWS::Logs::LogGroup").values()
    assert int(logs["RetentionInDays"]) == 30
    for name in FUNCTIONS:
        form = Stack().function(name, "LoggingConfig")
        assert form == {"LogGroup": logs["LogGroupName"], "LogFormat": "JSON", "SystemLogLevel": "WARN"}


TRANSFORM = """
import json, sys
from samtranslator.translator.transform import transform

class Managed:
    def load(self):
        return {"AWSXRayDaemonWriteAccess": "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"}

template, parameters = json.load(sys.stdin)
json.dump(transform(template, parameters, Managed()), sys.stdout)
"""
"""How CloudFormation treats a SAM template, with the parameters' values filled in."""


def _transformed(**parameters: str) -> dict[str, Any]:
    whole = {**template(), "Resources": dict(template()["Resources"])}
    for name in ("Alarms", "DashboardStack"):  # whose files go by S3
        del whole["Resources"][name]
    for name, it in whole["Resources"].items():
        given = it.get("Properties", {})
        uploaded = {key: "s3://bucket/key" for key in ("CodeUri", "ContentUri") if key in given}
        whole["Resources"][name] = {**it, "Properties": {**given, **uploaded}}
    whole["Globals"] = {"Function": {**whole["Globals"]["Function"], "CodeUri": "s3://bucket/key"}}
    done = subprocess.run(  # noqa: S603 -- our own lines
        [ROOT / ".tools/ministack/bin/python", "-c", TRANSFORM],
        input=json.dumps([whole, parameters]),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "AWS_DEFAULT_REGION": REGION},
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["Resources"]
    return found


def test_nothing_may_be_traced_unless_somebody_wants_it() -> None:
    """Only the API and send, by a parameter; without it, no function has X-Ray's permission."""
    for wanted, traced in (({}, set[str]()), ({"Tracing": "Active"}, {"SendFunction", "ApiFunction"})):
        whole = _transformed(SendingUser=SENDER, **wanted)
        functions = {name: it["Properties"] for name, it in whole.items() if it["Type"] == "AWS::Lambda::Function"}
        roles = {name: it["Properties"] for name, it in whole.items() if it["Type"] == "AWS::IAM::Role"}
        assert functions.keys() == FUNCTIONS.keys()
        assert {name for name, it in functions.items() if "TracingConfig" in it} == traced
        assert {name for name, it in roles.items() if "xray" in json.dumps(it).lower()} == {
            f"{name}Role" for name in traced
        }


# --- permissions ------------------------------------------------------------------------------------------------------


def _statements() -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, statement)
        for name, it in FUNCTIONS.items()
        for policy in it.get("Policies", [])
        for statement in policy["Statement"]
    ]


def test_permissions_are_spelt_out() -> None:
    """No permission has a wildcard for an action, and none is for every resource; topics of chats go by their name."""
    for name, statement in _statements():
        assert not [action for action in statement["Action"] if "*" in action], name
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        for resource in resources:
            assert re.fullmatch(rf"arn:aws:[\w-]+:[\w-]*:\d*:([^*]+(/\*)?|{STACK}-chat-\*)", resource), (name, resource)


def test_permissions_are_for_this_stack_alone() -> None:
    """Functions have access only to this stack's resources; mail goes out only in its name, whichever identity allows it."""
    for name, statement in _statements():
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        for resource in resources:
            own = re.search(rf"[:/]{STACK}(-|$|/)", resource)
            ours = statement.get("Condition") == {"StringLike": {"ses:FromAddress": f"*@{SENDER.partition('@')[2]}"}}
            assert own or (ours and resource.endswith("identity/*")), (name, resource)


def test_nothing_is_open_to_strangers() -> None:
    """Each resource policy admits one service, and only on behalf of this account; others are denied."""
    for kind in ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"):
        for policy in Stack().of_type(kind).values():
            for statement in policy["PolicyDocument"]["Statement"]:
                if statement["Effect"] == "Deny":
                    continue
                assert list(statement["Principal"]) == ["Service"]
                assert ACCOUNT in str(statement["Condition"])
    for permission in Stack().of_type("AWS::Lambda::Permission").values():
        assert ACCOUNT in permission["SourceArn"]


def test_every_exception_of_the_second_opinion_has_its_reason() -> None:
    """Each check that checkov skips has its reason, in a sentence; all others must pass in `make validate`."""
    lines = (ROOT / "infra/checkov.yaml").read_text().partition("skip-check:\n")[2].splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(r"  - CKV_AWS_\d+ # [A-Z].{30,}\.", line), line


# --- queues -----------------------------------------------------------------------------------------------------------


def _listeners() -> list[tuple[str, dict[str, Any]]]:
    """Give the functions that read from queues, and how."""
    return [
        (name, event["Properties"])
        for name, it in FUNCTIONS.items()
        for event in it.get("Events", {}).values()
        if event["Type"] == "SQS"
    ]


def _queue(arn: str) -> dict[str, Any]:
    return QUEUES[arn.rpartition(":")[2].removeprefix(f"{STACK}-")]


def test_queues_wait_six_times_as_long_as_their_functions_run() -> None:
    """As AWS advises: Lambda has time to retry by itself if it is throttled, and no message comes back meanwhile."""
    assert len(_listeners()) == 6
    for name, event in _listeners():
        assert _queue(event["Queue"])["VisibilityTimeout"] == 6 * Stack().function(name, "Timeout"), name


COMES_AGAIN = {"ObserveFunction"}
"""Queues whose orders are repeated each day, so that failed ones need not be kept."""


def test_what_cannot_be_done_is_parked() -> None:
    """Each queue that a function reads, and each mail that receive fails on, ends in a dead-letter queue of its own."""
    listened = [_queue(event["Queue"]) for name, event in _listeners() if name not in COMES_AGAIN]
    parked = [queue["RedrivePolicy"] for queue in listened if queue != QUEUES["SendDeadQueue"]]
    dead = [policy["deadLetterTargetArn"] for policy in parked]
    assert min(policy["maxReceiveCount"] for policy in parked) >= 3
    invoked = FUNCTIONS["ReceiveFunction"]["EventInvokeConfig"]
    assert invoked["MaximumRetryAttempts"] == 2
    dead.append(invoked["DestinationConfig"]["OnFailure"]["Destination"])
    assert len(set(dead)) == len(dead)
    assert all(_queue(arn)["MessageRetentionPeriod"] == 14 * 86_400 for arn in dead)


def test_queues_are_encrypted() -> None:
    """Messages in a queue are encrypted."""
    assert all(it["SqsManagedSseEnabled"] is True for it in QUEUES.values())


def test_a_sender_lives_as_long_as_its_lease() -> None:
    """send.LEASE is the time-out of its function: after it, a silent sender is a dead one."""
    assert Stack().function("SendFunction", "Timeout") * SECOND == send.LEASE


def test_what_cannot_be_done_is_parked_before_its_queue_forgets_it() -> None:
    """Otherwise nobody would ever know."""
    longest_delay, parking = 60, {name: it for name, it in QUEUES.items() if "RedrivePolicy" in it}
    assert len(parking) == 4
    for name, queue in parking.items():
        tries = queue["RedrivePolicy"]["maxReceiveCount"]
        assert longest_delay + tries * queue["VisibilityTimeout"] < queue["MessageRetentionPeriod"], name


def test_one_bad_event_does_not_bring_back_the_others() -> None:
    """A function that takes several messages at once says which of them failed; the others take one."""
    for name, event in _listeners():
        reports = event.get("FunctionResponseTypes") == ["ReportBatchItemFailures"]
        assert reports or event["BatchSize"] == 1, name
        assert reports == (name == "FeedbackFunction"), name  # it catches failed messages, which would otherwise be
        # lost


# --- the inbox and SES ------------------------------------------------------------------------------------------------


def test_the_inbox_is_private() -> None:
    """The bucket is encrypted, closed to the public, and reached by TLS only."""
    (bucket,) = Stack().of_type("AWS::S3::Bucket").values()
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    (policy,) = Stack().of_type("AWS::S3::BucketPolicy").values()
    denied = [it for it in policy["PolicyDocument"]["Statement"] if it["Effect"] == "Deny"]
    assert [it["Condition"] for it in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_mail_that_answers_no_test_expires() -> None:
    """Unmatched mail is deleted after 30 days; nothing else in the bucket expires."""
    (bucket,) = Stack().of_type("AWS::S3::Bucket").values()
    ends = [it for it in bucket["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in it]
    assert [(it["Prefix"], it["ExpirationInDays"], it["Status"]) for it in ends] == [(keys.ASIDE, 30, "Enabled")]


def test_only_ses_of_this_account_delivers() -> None:
    """Mail is stored by this stack's receipt rules alone, and only under the inbox prefix."""
    (policy,) = Stack().of_type("AWS::S3::BucketPolicy").values()
    (allowed,) = [it for it in policy["PolicyDocument"]["Statement"] if it["Effect"] == "Allow"]
    assert (allowed["Principal"], allowed["Action"]) == ({"Service": "ses.amazonaws.com"}, "s3:PutObject")
    assert allowed["Resource"].endswith(f"/{Settings(tables='').inbox_prefix}*")
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def test_mail_is_stored_before_it_is_read() -> None:
    """The receipt rule stores first and calls receive after, without waiting for it."""
    rule = Stack().properties("ReceiptRule")["Rule"]
    stored, called = rule["Actions"]
    assert stored["S3Action"]["ObjectKeyPrefix"] == Settings(tables="").inbox_prefix
    assert called["LambdaAction"]["InvocationType"] == "Event"
    assert rule["Recipients"] == [SENDER.partition("@")[2]]
    assert rule["Enabled"] is True


def test_ses_suppresses_nobody() -> None:
    """A bounce does not silently suppress later tests."""
    assert Stack().properties("ConfigurationSet")["SuppressionOptions"] == {"SuppressedReasons": []}


def test_what_ses_tells_reaches_feedback() -> None:
    """The events of the configuration set, and no others, go into the feedback queue."""
    out = Stack().properties("SesEventsOut")["EventDestination"]
    assert set(out["MatchingEventTypes"]) >= {"DELIVERY", "DELIVERY_DELAY", "BOUNCE", "REJECT"}
    (rule,) = Stack().of_type("AWS::Events::Rule").values()
    assert rule["EventPattern"]["source"] == ["aws.ses"]
    assert rule["EventPattern"]["detail"]["mail"]["tags"] == {"ses:configuration-set": [STACK]}
    assert [it["Arn"] for it in rule["Targets"]] == [Stack().resolve({"Fn::GetAtt": ["FeedbackQueue", "Arn"]})]


def test_local_mode_leaves_out_what_no_local_aws_can_do() -> None:
    """Local mode switches off what only the cloud has: receiving by SES, the identity, and a nested stack."""
    gone = Stack().resources.keys() - Stack(LocalMode="true").resources.keys()
    assert gone == {"RuleSet", "ReceiptRule", "Identity", "Alarms", "UsersPages"}


# --- what people meet -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", template()["Parameters"])
def test_parameters_explain_themselves(name: str) -> None:
    """Each parameter has a description, and accepts only sensible values."""
    parameter = template()["Parameters"][name]
    assert parameter["Description"].endswith(".")
    bounds = {"AllowedPattern", "AllowedValues", "MinValue", "MaxValue"} & parameter.keys()
    assert bounds
    if "AllowedPattern" in parameter:
        assert parameter["ConstraintDescription"].startswith("must ")
    if "Default" in parameter:
        assert _allows(parameter, str(parameter["Default"]))


def _allows(parameter: dict[str, Any], value: str) -> bool:
    if "AllowedPattern" in parameter:
        return bool(re.fullmatch(parameter["AllowedPattern"], value))
    if "AllowedValues" in parameter:
        return value in map(str, parameter["AllowedValues"])
    return bool(parameter["MinValue"] <= float(value) <= parameter["MaxValue"])


SENDERS = [
    ("SendingUser", SENDER, True),
    ("SendingUser", "mxtrax", False),
    ("SendingUser", "mx+trax@example.net", False),
    ("SendingUser", f"{'m' * MAX_SENDER}@example.net", True),
    ("SendingUser", f"{'m' * (MAX_SENDER + 1)}@example.net", False),
    ("SendingUser", "mx..trax@example.net", False),
    ("SendingUser", ".mxtrax@example.net", False),
    ("SendingUser", "mxtrax@192.0.2.1", False),
]


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        *SENDERS,
        ("AlertUser", "", True),
        ("AlertUser", "a@example.org b@example.org", True),
        ("AlertUser", "a@example.org,b@example.org", False),
        ("SendRate", "0", False),
        ("SesEndpoint", "https://elsewhere.example", False),
        ("LocalApi", "http://127.0.0.1:4566/_aws/execute-api/", True),
        ("LocalApi", "https://elsewhere.example/", False),
        ("MinuteSeconds", "61", False),
    ],
)
def test_parameters_take_what_makes_sense(name: str, value: str, *, allowed: bool) -> None:
    """A wrong value is rejected before anything is created."""
    assert _allows(template()["Parameters"][name], value) is allowed


def test_outputs_say_which_dns_records_to_set() -> None:
    """Receiving, DKIM and the envelope sender each need records, and the outputs name them."""
    outputs = template()["Outputs"]
    own = {
        "ConsoleDomain": "mail.example.net",
        "ConsoleCertificate": "arn:aws:acm:eu-west-1:123456789012:certificate/1",
    }
    records = {name: str(Stack(**own).resolve(it["Value"])) for name, it in outputs.items() if name.startswith("Dns")}
    assert records["DnsMx"] == "monitor.example.net MX 10 inbound-smtp.eu-west-1.amazonaws.com"
    assert records["DnsMailFromMx"] == "bounce.monitor.example.net MX 10 feedback-smtp.eu-west-1.amazonses.com"
    assert records["DnsMailFromSpf"] == 'bounce.monitor.example.net TXT "v=spf1 include:amazonses.com -all"'
    assert len([name for name in records if "Dkim" in name]) == 3
    assert all(outputs[name]["Description"].startswith("Set this") for name in records)


def test_a_sender_that_the_template_takes_is_one_that_the_settings_take() -> None:
    """What is deployed with can be saved again as it is."""
    for _, value, allowed in SENDERS:
        if allowed:
            assert check_config(Config(sendinguser=value)).sendinguser == value


@pytest.mark.parametrize("route", ["GET /status/{proxy+}", "ANY /act/{token}"])
def test_public_pages_are_held_back_by_themselves(route: str) -> None:
    """Strangers cannot use up the rate limit of others."""
    stage = Stack().properties("ApiStage")
    own = stage["RouteSettings"][route]
    assert own["ThrottlingRateLimit"] <= 5
    assert own["ThrottlingRateLimit"] < stage["DefaultRouteSettings"]["ThrottlingRateLimit"]
    assert own["ThrottlingBurstLimit"] < stage["DefaultRouteSettings"]["ThrottlingBurstLimit"]


def test_the_api_is_closed_but_for_its_health() -> None:
    """Every route needs a token of our own users or machines, except /health, the console's files and pages behind links."""
    stack = Stack(MachineScope="read")
    users, console, machine = (stack.resolve({"Ref": name}) for name in ("Users", "ConsoleClient", "MachineClient"))
    authorizer = stack.properties("ApiAuthorizer")
    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["JwtConfiguration"]["Issuer"].endswith(f"/{users}")
    assert authorizer["JwtConfiguration"]["Audience"] == [console, machine]
    assert Stack().properties("ApiAuthorizer")["JwtConfiguration"]["Audience"] == [console]
    for local in ("true", "false"):
        routes = Stack(LocalMode=local).of_type("AWS::ApiGatewayV2::Route").values()
        assert {it["RouteKey"]: it["AuthorizationType"] for it in routes} == {
            "$default": "JWT",
            "GET /health": "NONE",
            "HEAD /health": "NONE",
            "GET /status/{proxy+}": "NONE",
            "ANY /act/{token}": "NONE",
            "GET /": "NONE",
            "GET /console/{proxy+}": "NONE",
            "GET /dash/{proxy+}": "NONE",
        }


def test_users_are_made_by_admins_alone() -> None:
    """Nobody signs up by themselves; passwords are long; groups and scopes are those of the table of rights."""
    users = Stack().properties("Users")
    assert users["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert users["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    groups = {it["GroupName"] for it in Stack().of_type("AWS::Cognito::UserPoolGroup").values()}
    scopes = {it["ScopeName"] for it in Stack().properties("ApiScopes")["Scopes"]}
    assert (groups, scopes) == (set(GROUPS), set(MACHINES))


def test_a_page_has_no_secret_and_a_machine_has() -> None:
    """The console's client changes nobody's groups; machines have the stack's scope, and no client unless one is wanted."""
    console, machine = (Stack(MachineScope="read").properties(name) for name in ("ConsoleClient", "MachineClient"))
    assert "MachineClient" not in Stack().resources
    assert (console["GenerateSecret"], console["WriteAttributes"]) == (False, ["nickname"])
    assert (machine["GenerateSecret"], machine["AllowedOAuthScopes"]) == (True, ["mxtrax/read"])
    assert machine["AllowedOAuthFlows"] == ["client_credentials"]


def test_people_sign_in_on_the_pools_own_pages_by_a_code() -> None:
    """Only back to the console, without a scope over their own account; a refresh token is used once."""
    stack = Stack()
    console, page = stack.properties("ConsoleClient"), stack.properties("ConsoleFunction")["Environment"]["Variables"]
    assert (console["AllowedOAuthFlows"], console["AllowedOAuthScopes"]) == (["code"], ["openid", "email"])
    assert (
        console["CallbackURLs"]
        == console["LogoutURLs"]
        == [f"{stack.resolve(template()['Outputs']['ApiUrl']['Value'])}/"]
    )
    assert console["RefreshTokenRotation"]["Feature"] == "ENABLED"
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in console["ExplicitAuthFlows"]
    assert page["MXTRAX_LOGIN"].endswith(".amazoncognito.com")
    assert stack.properties("UsersDomain")["ManagedLoginVersion"] == 2
    local = Stack(LocalMode="true")
    assert "ALLOW_REFRESH_TOKEN_AUTH" in local.properties("ConsoleClient")["ExplicitAuthFlows"]
    assert local.properties("ConsoleFunction")["Environment"]["Variables"]["MXTRAX_LOGIN"] == ""


def test_nobody_signs_in_with_one_press_but_on_one_machine() -> None:
    """Whatever a deployment's settings say about people and their password, no page shows it."""
    shown = [
        Stack(LocalMode=local, LocalPeople="admin secret").properties("ConsoleFunction")["Environment"]["Variables"]
        for local in ("true", "false")
    ]
    assert [it["MXTRAX_LOCAL_PEOPLE"] for it in shown] == ["admin secret", ""]


def test_companies_identity_providers_are_offered_once_they_are_named() -> None:
    """By the client and on the sign-in page alike; without any, people have a password of the pool."""
    for given, names in (("COGNITO", ["COGNITO"]), ("COGNITO,Entra", ["COGNITO", "Entra"])):
        stack = Stack(IdentityProviders=given)
        page = stack.properties("ConsoleFunction")["Environment"]["Variables"]
        assert stack.properties("ConsoleClient")["SupportedIdentityProviders"] == names
        assert page["MXTRAX_IDENTITY_PROVIDERS"] == given


def test_a_provider_says_who_somebody_is_in_a_field_that_the_client_may_write() -> None:
    """Cognito refuses a mapping to any other; and it is not the address that an admin has invited."""
    assert Stack().properties("ConsoleClient")["WriteAttributes"] == [NAMES_THEM] != ["email"]


def test_passkeys_belong_to_the_sign_in_pages_and_are_enough_by_themselves() -> None:
    """Where they are asked for: the plan has them, they are for the pool's own domain, and they count as two factors."""
    asked, plain = Stack(Passkeys="true", Mfa="ON"), Stack()
    pool = asked.properties("Users")
    page = asked.properties("ConsoleFunction")["Environment"]["Variables"]["MXTRAX_LOGIN"]
    name = asked.properties("UsersDomain")["Domain"]
    assert page == f"https://{asked.resolve({'Ref': 'UsersDomain'})}.auth.{REGION}.amazoncognito.com"
    assert pool["WebAuthnRelyingPartyID"] == f"{name}.auth.{REGION}.amazoncognito.com"
    assert len(name) + len(".auth.ap-southeast-1.amazoncognito.com") <= 63
    assert pool["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"] == ["PASSWORD", "WEB_AUTHN"]
    assert (pool["WebAuthnUserVerification"], pool["MfaConfiguration"]) == ("required", "ON")
    assert pool["WebAuthnFactorConfiguration"] == "MULTI_FACTOR_WITH_USER_VERIFICATION"
    assert "ALLOW_USER_AUTH" in asked.properties("ConsoleClient")["ExplicitAuthFlows"]
    assert plain.properties("Users")["UserPoolTier"] == "ESSENTIALS"
    for stack in (plain, Stack(Passkeys="true", LocalMode="true")):
        assert not [key for key in stack.properties("Users") if key.startswith("WebAuthn")]
        assert "ALLOW_USER_AUTH" not in stack.properties("ConsoleClient")["ExplicitAuthFlows"]


@pytest.mark.parametrize("local", ["true", "false"])
def test_what_a_function_finds_in_its_environment_is_text(local: str) -> None:
    """CloudFormation turns a number into text, but the local AWS does not, and no process can be started with it."""
    stack = Stack(LocalMode=local)
    functions = stack.of_type("AWS::Serverless::Function")
    given = {name: stack.properties(name).get("Environment", {}).get("Variables", {}) for name in functions}
    assert any(given.values())
    assert [(name, key) for name, it in given.items() for key, value in it.items() if not isinstance(value, str)] == []


def test_the_budget_tells_somebody_before_and_when_it_is_too_much() -> None:
    """A stack of its own, since not every account and region has Budgets: nothing of it is in the template."""
    ((name, it),) = template("infra/budget.yaml")["Resources"].items()
    assert it["Type"] == "AWS::Budgets::Budget"
    said = {
        (each["Notification"]["NotificationType"], each["Notification"]["Threshold"])
        for each in it["Properties"]["NotificationsWithSubscribers"]
    }
    assert said == {("ACTUAL", 80), ("FORECASTED", 120)}
    assert name not in template()["Resources"]


def test_nobody_writes_down_which_links_are_followed_or_by_whom() -> None:
    """Each request has a line in the log. A path contains a link's token, so the log has the route instead."""
    settings = Stack().properties("ApiStage")["AccessLogSettings"]
    line = json.loads(re.sub(r"\$context\.(\w+)", r"\1", settings["Format"]))
    assert set(line.values()) == {"requestId", "routeKey", "status", "responseLength", "responseLatency"}
    assert "AccessLogSettings" not in Stack(LocalMode="true").properties("ApiStage")


def test_tables_have_another_name_where_somebody_says_so() -> None:
    """After a restore: tables, functions' settings and permissions, and the command line's outputs."""
    restored = Stack(TablePrefix="old")
    named = {it["TableName"] for it in restored.of_type("AWS::DynamoDB::Table").values()}
    assert named == {f"old-{end}" for end in TABLES}
    assert restored.environment("PlanFunction")["MXTRAX_TABLES"] == "old-"
    assert restored.resolve(template()["Outputs"]["TablePrefix"]["Value"]) == "old-"
    assert {it["TableName"] for it in Stack().of_type("AWS::DynamoDB::Table").values()} == {
        f"{STACK}-{end}" for end in TABLES
    }


def test_an_update_adds_at_most_one_index_to_a_table() -> None:
    """DynamoDB creates or deletes one at a time: an update with two fails in a live stack, and nowhere else."""
    before = json.loads(released.FILE.read_text())["tables"]
    assert before
    assert released.problems(before, released.layout()) == []


def test_an_update_replaces_nothing_that_has_a_name_or_content() -> None:
    """AWS creates no second resource with an existing name: such an update fails in a live stack, and nowhere else."""
    before = json.loads(released.FILE.read_text())["fixed"]
    assert before.keys() == released.FIXED.keys()
    assert released.replaced(before, released.fixed()) == []
    other = {**before, "UsersDomain": {"Domain": "another"}}
    assert released.replaced(before, other) == ["UsersDomain has another Domain"]
    del other["Logs"]
    assert released.replaced(before, other)[0] == "Logs is gone"


def test_an_update_that_would_fail_is_noticed() -> None:
    """Two indexes at once, one that changes, another key, and a table that is gone."""
    index: dict[str, Any] = {"key": [], "holds": {}}
    before: dict[str, Any] = {"A": {"key": ["a"], "indexes": {"x": index}}, "B": {"key": ["b"], "indexes": {}}}
    assert released.problems(before, {**before, "B": {"key": ["b"], "indexes": {"y": index}}}) == []
    two = {**before, "B": {"key": ["b"], "indexes": {"y": index, "z": index}}}
    assert released.problems(before, two) == ["B adds or drops more than one index: y, z"]
    other = {"key": ["a"], "indexes": {"x": {**index, "key": ["c"]}}}
    assert released.problems(before, {**before, "A": other}) == ["A changes x"]
    assert len(released.problems(before, {"A": {"key": ["z"], "indexes": {"x": index}}})) == 2
