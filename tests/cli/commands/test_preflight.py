"""Before the first deployment: what would prevent it, and the parameters for this account."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.operator import Operator
from tests.stack import template

ADDRESS = "mxtrax@monitor.example.net"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def before(operator: Operator) -> Operator:
    """Give an operator an account that is ready."""
    operator.answers |= {
        "DescribeActiveReceiptRuleSet": {},
        "GetAccount": {
            "ProductionAccessEnabled": True,
            "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0},
            "PricingAttributes": {"CurrentPlan": "ESSENTIALS"},
        },
        "GetEmailIdentity": "NotFoundException",
        "DescribeStacks": "ValidationError",
        "ListTables": {"TableNames": ["other-config"]},
        "ListUserPools": {"UserPools": []},
        "GetAccountSettings": {"AccountLimit": {"UnreservedConcurrentExecutions": 1_000}},
        "GetCallerIdentity": {"Arn": "arn:aws:sts::123456789012:assumed-role/deployer/me"},
        "SimulatePrincipalPolicy": {
            "EvaluationResults": [{"EvalActionName": "iam:PassRole", "EvalDecision": "allowed"}]
        },
    }
    return operator


def _found(before: Operator, stack: str = "new") -> dict[str, Any]:
    result = before.says("preflight", ADDRESS, "--stack", stack, "--json")
    found = {it["check"]: it for it in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == any(it["state"] == "PROBLEM" for it in found.values())
    return found


def test_of_an_account_that_is_ready_there_are_the_parameters(before: Operator) -> None:
    """All on one line that can be run."""
    said = before.does("preflight", ADDRESS, "--stack", "new")
    assert said.splitlines()[-1] == (
        "sam deploy --guided --stack-name new --capabilities CAPABILITY_IAM --tags app=mxtrax "
        "--parameter-overrides SendingUser=mxtrax@monitor.example.net "
        "SendRate=14 SendQuota=50000 CreateIdentity=true Protect=false ReceiveConcurrency=20"
    )
    (budget,) = (line for line in said.splitlines() if "infra/budget.yaml" in line)
    assert "--stack-name new-budget" in budget
    given = re.findall(r"(\w+)=", budget)
    assert given == list(template("infra/budget.yaml")["Parameters"])


@pytest.mark.parametrize(
    ("call", "answer", "check", "state", "parameters"),
    [
        (
            "DescribeActiveReceiptRuleSet",
            {"Metadata": {"Name": "theirs"}},
            "receiving",
            "note",
            {"ReceiptRuleSet": "theirs"},
        ),
        ("DescribeActiveReceiptRuleSet", "InvalidAction", "receiving", "PROBLEM", {}),
        ("DescribeActiveReceiptRuleSet", "AccessDenied", "receiving", "PROBLEM", {}),
        (
            "GetAccount",
            {"ProductionAccessEnabled": False, "SendQuota": {"Max24HourSend": 200.0, "MaxSendRate": 1.0}},
            "sending quota",
            "PROBLEM",
            {"SendRate": "1", "SendQuota": "200"},
        ),
        ("GetEmailIdentity", {}, "identity", "note", {"CreateIdentity": "false"}),
        ("ListTables", {"TableNames": ["new-config", "new-stat"]}, "names", "PROBLEM", {}),
        (
            "GetAccountSettings",
            {"AccountLimit": {"UnreservedConcurrentExecutions": 10}},
            "concurrency",
            "note",
            {"ReceiveConcurrency": "0"},
        ),
        (
            "SimulatePrincipalPolicy",
            {"EvaluationResults": [{"EvalActionName": "iam:PassRole", "EvalDecision": "implicitDeny"}]},
            "rights",
            "PROBLEM",
            {},
        ),
        ("GetCallerIdentity", {"Arn": "arn:aws:iam::123456789012:root"}, "rights", "note", {}),
    ],
)
def test_what_is_there_decides(
    before: Operator, call: str, answer: dict[str, Any] | str, check: str, state: str, parameters: dict[str, str]
) -> None:
    """What would prevent a deployment is a problem; what the stack must know is a parameter."""
    before.answers[call] = answer
    found = _found(before)[check]
    assert (found["state"], found["parameters"]) == (state, parameters)


@pytest.mark.parametrize(
    ("known", "state", "sentence", "create"),
    [
        ({}, "ok", "the stack will create the identity monitor.example.net.", "true"),
        ({"monitor.example.net": True}, "note", "SES knows monitor.example.net already", "false"),
        (
            {"monitor.example.net": False, "example.net": True},
            "note",
            "SES knows monitor.example.net already",
            "false",
        ),
        (
            {"example.net": True},
            "note",
            "example.net is verified, so it can send mail from mxtrax@monitor.example.net",
            "true",
        ),
        ({"example.net": False}, "ok", "the stack will create the identity monitor.example.net.", "true"),
        ({ADDRESS: True}, "note", f"{ADDRESS} is verified, so it can send mail from {ADDRESS}", "true"),
    ],
)
def test_what_is_verified_above_the_inbox_is_told(
    before: Operator, known: dict[str, bool], state: str, sentence: str, create: str
) -> None:
    """A stack's own identity never replaces an existing one."""
    before.answers["GetEmailIdentity"] = lambda name: (
        {"VerifiedForSendingStatus": known[name]} if name in known else "NotFoundException"
    )
    found = _found(before)["identity"]
    assert (found["state"], found["parameters"]) == (state, {"CreateIdentity": create})
    assert found["finding"].startswith(sentence)


def test_what_is_brought_along_becomes_parameters(before: Operator) -> None:
    """A name with its certificate, and a key: each is looked at before, and what is wrong with it is said."""
    before.answers |= {
        "DescribeCertificate": {"Certificate": {"DomainName": "mail.example.net", "Status": "PENDING_VALIDATION"}},
        "DescribeKey": {"KeyMetadata": {"KeyId": "1", "KeyState": "Enabled"}},
        "GetKeyPolicy": {"Policy": json.dumps({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "kms:*"}})},
    }
    certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
    key = "arn:aws:kms:eu-west-1:123456789012:key/1"
    options = ("--domain", "mail.example.net", "--certificate", certificate, "--key", key)
    result = before.says("preflight", ADDRESS, "--stack", "new", *options)
    assert result.exit_code == 1
    assert "ACM waits for its record" in " ".join(result.stdout.split())
    assert result.stdout.splitlines()[-1].endswith(
        f"ConsoleDomain=mail.example.net ConsoleCertificate={certificate} KmsKey={key}"
    )
    asked = next(body for name, body in before.calls if name == "SimulatePrincipalPolicy")
    assert "kms:CreateGrant" in asked.values()
    found = _found(before)
    assert (found["certificate"]["state"], found["key"]["state"]) == ("ok", "ok")
    alone = before.says("preflight", ADDRESS, "--stack", "new", "--domain", "mail.example.net")
    assert (alone.exit_code, "--domain and --certificate need each other." in alone.stdout) == (1, True)


def test_the_price_of_mails_is_told_before_the_first(before: Operator) -> None:
    """With the way to the lower one, in the words of doctor."""
    found = _found(before)["pricing plan"]
    assert (found["state"], found["parameters"]) == ("note", {})
    assert "about 0.16 USD for 1,000 mails" in found["finding"]
    assert "put-account-pricing-attributes --plan NONE" in found["finding"]


def test_a_stack_that_is_there_is_updated_and_protected(before: Operator) -> None:
    """The second deployment sets the protection."""
    del before.answers["DescribeStacks"]
    assert _found(_with_sign_in(before), "mxtrax")["names"]["parameters"] == {"Protect": "true"}


LOGIN = "mx-3c1f2b7e00000000feed.auth.eu-west-1.amazoncognito.com"


def _with_sign_in(before: Operator) -> Operator:
    """Give the operator a stack whose people can sign in in every way."""
    before.outputs |= {"ConsoleClientId": "console", "TokenUrl": f"https://{LOGIN}/oauth2/token"}
    factors = {"RelyingPartyId": LOGIN, "UserVerification": "required"}
    before.answers |= {
        "DescribeUserPool": {
            "UserPool": {
                "UserPoolTier": "ESSENTIALS",
                "MfaConfiguration": "ON",
                "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
            }
        },
        "DescribeUserPoolDomain": {"DomainDescription": {"ManagedLoginVersion": 2}},
        "DescribeManagedLoginBrandingByClient": {"ManagedLoginBranding": {}},
        "GetUserPoolMfaConfig": {
            "WebAuthnConfiguration": {**factors, "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}
        },
        "DescribeUserPoolClient": {
            "UserPoolClient": {
                "SupportedIdentityProviders": ["COGNITO", "Entra"],
                "RefreshTokenRotation": {"Feature": "ENABLED"},
                "EnableTokenRevocation": True,
            }
        },
        "ListIdentityProviders": {"Providers": [{"ProviderName": "Entra"}]},
    }
    return before


SIGN_IN = ("sign-in plan", "sign-in pages", "passkeys", "second factor", "sessions", "identity providers")


def test_before_the_first_deployment_it_is_said_what_signing_in_asks_for(before: Operator) -> None:
    """The plan and its price; no certificate; what is off by default."""
    found = _found(before)
    assert [found[name]["state"] for name in SIGN_IN] == ["ok", "ok", "note", "note", "ok", "ok"]
    assert "10,000 people a month are free" in found["sign-in plan"]["finding"]
    assert "Passkeys=true" in found["passkeys"]["finding"]
    assert "Mfa=ON" in found["second factor"]["finding"]


def test_a_stack_whose_people_can_sign_in_has_no_finding(before: Operator) -> None:
    """Its passkeys are for the sign-in domain, and the next deployment keeps the provider."""
    del before.answers["DescribeStacks"]
    found = _found(_with_sign_in(before), "mxtrax")
    assert {name: found[name]["state"] for name in SIGN_IN} == dict.fromkeys(SIGN_IN, "ok")
    assert LOGIN in found["passkeys"]["finding"]
    assert found["identity providers"]["parameters"] == {"IdentityProviders": "COGNITO,Entra"}


@pytest.mark.parametrize(
    ("call", "changed", "check", "state", "said"),
    [
        ("DescribeUserPool", {"UserPool": {"UserPoolTier": "LITE"}}, "sign-in plan", "PROBLEM", "is LITE"),
        (
            "DescribeUserPoolDomain",
            {"DomainDescription": {"ManagedLoginVersion": 1}},
            "sign-in pages",
            "PROBLEM",
            "does not have managed login",
        ),
        (
            "DescribeManagedLoginBrandingByClient",
            "ResourceNotFoundException",
            "sign-in pages",
            "PROBLEM",
            "has no branding",
        ),
        ("DescribeManagedLoginBrandingByClient", "AccessDenied", "sign-in pages", "PROBLEM", "could not be checked"),
        (
            "DescribeUserPool",
            {"UserPool": {"UserPoolTier": "PLUS", "CustomDomain": "login.example"}},
            "sign-in pages",
            "note",
            "login.example",
        ),
        ("DescribeUserPool", {"UserPool": {"UserPoolTier": "ESSENTIALS"}}, "passkeys", "ok", "not offered"),
        (
            "GetUserPoolMfaConfig",
            {"WebAuthnConfiguration": {"RelyingPartyId": "old.example", "UserVerification": "required"}},
            "passkeys",
            "PROBLEM",
            "passkeys are for old.example",
        ),
        (
            "GetUserPoolMfaConfig",
            {"WebAuthnConfiguration": {"RelyingPartyId": LOGIN, "UserVerification": "preferred"}},
            "passkeys",
            "PROBLEM",
            "do not ask for a finger",
        ),
        (
            "GetUserPoolMfaConfig",
            {"WebAuthnConfiguration": {"RelyingPartyId": LOGIN, "FactorConfiguration": "SINGLE_FACTOR"}},
            "second factor",
            "PROBLEM",
            "a passkey counts as only one",
        ),
        (
            "DescribeUserPool",
            {"UserPool": {"UserPoolTier": "ESSENTIALS", "MfaConfiguration": "OPTIONAL"}},
            "second factor",
            "note",
            "Mfa=ON",
        ),
        (
            "DescribeUserPoolClient",
            {"UserPoolClient": {"SupportedIdentityProviders": ["COGNITO"]}},
            "sessions",
            "PROBLEM",
            "are not rotated and cannot be revoked",
        ),
        (
            "DescribeUserPoolClient",
            {"UserPoolClient": {"SupportedIdentityProviders": ["COGNITO"]}},
            "identity providers",
            "note",
            "Entra exists but is not offered",
        ),
        ("ListIdentityProviders", {"Providers": []}, "identity providers", "PROBLEM", "Entra, which does not exist"),
    ],
)
def test_what_a_stack_lacks_for_signing_in_is_found(
    before: Operator, call: str, changed: dict[str, Any] | str, check: str, state: str, said: str
) -> None:
    """Each with what to do about it."""
    del before.answers["DescribeStacks"]
    _with_sign_in(before).answers[call] = changed
    found = _found(before, "mxtrax")[check]
    assert (found["state"], said in found["finding"]) == (state, True), found


def test_an_inbox_that_cannot_be_one_is_refused(before: Operator) -> None:
    """Before anything is asked of the account."""
    said = before.says("preflight", "no address")
    assert (said.exit_code, "'no address' is not a mail address" in said.stderr) == (2, True)


def test_the_operators_policy_allows_what_is_asked() -> None:
    """Each call of `doctor`, `preflight` and `activate`."""
    policy = json.loads((ROOT / "docs/operator-policy.json").read_text())
    allowed = {action for statement in policy["Statement"] for action in statement["Action"]}
    files = [*(ROOT / "infra/cli/doctor").glob("*.py"), *(ROOT / "infra/cli/preflight").glob("*.py")]
    asked = set[tuple[str, str]]()
    for file in files:
        text = file.read_text()
        asked |= set(re.findall(r'client\("([\w-]+)"\)\.(?!get_paginator)(\w+)', text))
        asked |= set(re.findall(r'client\("([\w-]+)"\)\.get_paginator\("(\w+)"\)', text))
    assert len(asked) > 10
    named = {f"{service.removesuffix('v2')}:{''.join(it.title() for it in call.split('_'))}" for service, call in asked}
    assert sorted(named - allowed) == []
