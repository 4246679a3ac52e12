"""Whether the account is ready: would a deployment succeed here, and with which parameters."""

import re
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from mxtrax.edge import clock
from infra.cli.doctor import certificate as certificates
from infra.cli.doctor import key as keys
from infra.cli.doctor.account import identities
from infra.cli.doctor.findings import good, note, problem
from infra.cli.preflight.account import Account, Found

UNRESERVED: Final = 100
"""Concurrent executions that Lambda requires to stay unreserved."""

MOST_RESERVED: Final = 20
SANDBOX: Final = 200
"""Mails a day."""

ACTIONS: Final = (
    "cloudformation:CreateChangeSet",
    "cloudformation:ExecuteChangeSet",
    "cloudwatch:PutMetricAlarm",
    "cognito-idp:CreateManagedLoginBranding",
    "cognito-idp:CreateUserPool",
    "cognito-idp:CreateUserPoolClient",
    "cognito-idp:CreateUserPoolDomain",
    "dynamodb:CreateTable",
    "events:PutRule",
    "iam:CreateRole",
    "iam:PassRole",
    "iam:PutRolePolicy",
    "lambda:CreateFunction",
    "lambda:PublishLayerVersion",
    "logs:CreateLogDelivery",
    "logs:CreateLogGroup",
    "s3:CreateBucket",
    "ses:CreateConfigurationSet",
    "ses:CreateEmailIdentity",
    "ses:CreateReceiptRule",
    "sns:CreateTopic",
    "sqs:CreateQueue",
)
"""What the deployer must be allowed to do, one action for each kind of resource."""

KEY_ACTIONS: Final = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
)
"""What DynamoDB asks of the deployer when a table gets a key, as AWS documents it."""


def receiving(account: Account) -> Found:
    """Check that SES receives mail in this region, and whether there is an active rule set."""
    try:
        found = account.client("ses").describe_active_receipt_rule_set()
    except (BotoCoreError, ClientError) as error:
        if isinstance(error, ClientError) and "AccessDenied" in error.response["Error"]["Code"]:
            raise
        return Found(
            problem("SES does not receive mail in this region: choose another, such as us-east-1 or eu-west-1.")
        )
    if (active := _name(found)) and active != account.stack:
        return Found(
            note(f"the rule set {active} is active: our rule will be added to it."), {"ReceiptRuleSet": active}
        )
    return Found(good("SES receives mail here, and no other rule set is active."))


def _name(rule_set: Mapping[str, Any]) -> str:
    """Give the name of the active rule set, empty if none is."""
    return str(rule_set.get("Metadata", {}).get("Name", ""))


def quota(account: Account) -> Found:
    """Check what SES allows this account to send."""
    found = account.client("sesv2").get_account()
    allowed = found.get("SendQuota", {})
    rate, day = allowed.get("MaxSendRate", 1), int(allowed.get("Max24HourSend", SANDBOX))
    parameters = {"SendRate": f"{rate:g}", "SendQuota": str(day)}
    if not found.get("ProductionAccessEnabled"):
        said = f"the account is in the sandbox: {day:,} mails a day, to verified addresses. Request production access first."
        return Found(problem(said), parameters)
    return Found(good(f"SES allows {rate:g} mails a second and {day:,} a day."), parameters)


def identity(account: Account) -> Found:
    """Check which identity can already send the inbox's mail: its domain's, its own, or a parent domain's."""
    known = identities(account, account.sender)
    if any(it.name == account.domain for it in known):
        said = f"SES knows {account.domain} already: the stack leaves it as it is."
        return Found(note(said), {"CreateIdentity": "false"})
    if other := next((it for it in known if it.verified), None):
        said = (
            f"{other.name} is verified, so it can send mail from {account.sender}: deploy with CreateIdentity=false to "
            f"use it; the stack's own identity, {account.domain}, has its own DKIM and envelope sender."
        )
        return Found(note(said), {"CreateIdentity": "true"})
    return Found(good(f"the stack will create the identity {account.domain}."), {"CreateIdentity": "true"})


def names(account: Account) -> Found:
    """Check that nothing from an earlier stack is in the way: its tables outlive it."""
    pages = account.client("dynamodb").get_paginator("list_tables").paginate()
    left = [name for page in pages for name in page["TableNames"] if name.startswith(f"{account.stack}-")]
    if account.outputs is not None:
        return Found(note(f"the stack {account.stack} already exists: this would be an update."), {"Protect": "true"})
    if left:
        said = (
            f"{len(left)} tables of an earlier {account.stack} still exist: `mxtrax adopt {account.stack}` creates a stack "
            "from them; otherwise delete them, or give --stack another name (docs/operations.md)."
        )
        return Found(problem(said))
    return Found(good(f"the name {account.stack} is free."), {"Protect": "false"})


def concurrency(account: Account) -> Found:
    """Check how many functions may run concurrently."""
    limit = account.client("lambda").get_account_settings()["AccountLimit"]
    free = int(limit["UnreservedConcurrentExecutions"])
    largest = max(0, free - UNRESERVED)
    if largest < MOST_RESERVED:
        said = f"Lambda runs {free} functions at once, too few to reserve some for receive: request 1,000."
        return Found(note(said), {"ReceiveConcurrency": "0"})
    return Found(
        good(f"Lambda runs {free:,} functions at once; up to {largest:,} can be reserved for receive."),
        {"ReceiveConcurrency": str(MOST_RESERVED)},
    )


def certificate(account: Account) -> Found:
    """Check the certificate of the console's own name, if it is to have one."""
    if not account.host and not account.certificate:
        return Found(
            good("none is needed: the console is under API Gateway's name, or use --domain and --certificate.")
        )
    if not account.host or not account.certificate:
        return Found(problem("--domain and --certificate need each other."))
    found = certificates.certificate(account, account.host, account.certificate, clock())
    return Found(found, {"ConsoleDomain": account.host, "ConsoleCertificate": account.certificate})


def key(account: Account) -> Found:
    """Check the key that is to encrypt what is stored, if there is to be one."""
    if not account.key:
        return Found(good("AWS's own keys encrypt what is stored, or use --key."))
    rule_set = _name(account.client("ses").describe_active_receipt_rule_set()) or account.stack
    return Found(keys.key(account, account.key, account.stack, rule_set), {"KmsKey": account.key})


def rights(account: Account) -> Found:
    """Check that these credentials may create every resource of the stack."""
    who = account.client("sts").get_caller_identity()["Arn"]
    assumed = re.fullmatch(r"arn:([\w-]+):sts::(\d+):assumed-role/([^/]+)/.*", who)
    source = f"arn:{assumed[1]}:iam::{assumed[2]}:role/{assumed[3]}" if assumed else who
    if source.endswith(":root"):
        return Found(
            note("these are the account's own credentials, which can do anything: deploy with a role instead.")
        )
    found = account.client("iam").simulate_principal_policy(
        PolicySourceArn=source, ActionNames=[*ACTIONS, *(KEY_ACTIONS if account.key else ())]
    )
    denied = [it["EvalActionName"] for it in found["EvaluationResults"] if it["EvalDecision"] != "allowed"]
    if denied:
        return Found(problem(f"these credentials lack {', '.join(sorted(denied))}."))
    return Found(good("these credentials may create every resource of the stack."))
