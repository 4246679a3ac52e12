"""What KMS says about a key of one's own: the same before and after the first deployment."""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from botocore.exceptions import ClientError

from infra.cli.doctor.account import Asked
from infra.cli.doctor.findings import Finding, good, problem
from infra.cli.target import Here

POLICY: Final = "docs/operations.md has a policy"

_TESTS: Final = {
    "stringequals": str.__eq__,
    "stringlike": fnmatchcase,
    "arnequals": fnmatchcase,
    "arnlike": fnmatchcase,
}
"""The condition operators that are evaluated. A statement with another one counts as if its condition held."""


class Call(NamedTuple):
    """A call of KMS by an AWS service that writes on its own. `context` has the condition keys that it brings."""

    service: str
    actions: tuple[str, ...]
    context: Mapping[str, str]


def of_the_stack(here: Here) -> Finding:
    """Check the key that the stack was deployed with, if it was."""
    arn = here.parameters.get("KmsKey", "")
    if not arn:
        return good("AWS's own keys encrypt what is stored.")
    return key(here, arn, here.stack, here.output("ReceiptRuleSet"))


def key(asked: Asked, arn: str, stack: str, rule_set: str) -> Finding:
    """Check that a key can encrypt what a stack stores, and that its policy admits the services that write there."""
    _, partition, _, theirs, account, _ = arn.split(":", 5)
    if (ours := asked.session.region_name) != theirs:
        return problem(f"the key is in {theirs}: create one in {ours}, where the stack is.")
    try:
        found = asked.client("kms").describe_key(KeyId=arn)["KeyMetadata"]
        policy = asked.client("kms").get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return problem(f"KMS has no key {arn}.")
        raise
    if (state := found.get("KeyState", "Enabled")) != "Enabled":
        said = "is to be deleted: cancel that" if state == "PendingDeletion" else f"is {state.lower()}: enable it"
        return problem(f"the key {said}, or nothing can be read any more.")
    if (kind := found.get("KeySpec", "SYMMETRIC_DEFAULT")) != "SYMMETRIC_DEFAULT":
        return problem(f"the key is of the kind {kind}: create a symmetric one (SYMMETRIC_DEFAULT).")
    calls = _calls(f"arn:{partition}", f"{theirs}:{account}", account, stack, rule_set)
    statements = _statements(policy)
    if shut := sorted(
        {call.service for call in calls if not all(_allowed(statements, call, it) for it in call.actions)}
    ):
        return problem(f"the key's policy does not let {', '.join(shut)} use it for this stack: {POLICY}.")
    return good("the key is enabled, and its policy admits SES, CloudWatch, EventBridge and the log.")


def _calls(arn: str, place: str, account: str, stack: str, rule_set: str) -> Iterator[Call]:
    """Give the calls of AWS services, as they document them: SES into the bucket, CloudWatch to the topic, ..."""
    data = ("kms:Decrypt", "kms:GenerateDataKey")
    rule = f"{arn}:ses:{place}:receipt-rule-set/{rule_set}:receipt-rule/{stack}-inbox"
    yield Call("ses.amazonaws.com", data, {"aws:sourceaccount": account, "aws:sourcearn": rule})
    yield Call("cloudwatch.amazonaws.com", data, {"aws:sourceaccount": account})
    yield Call("events.amazonaws.com", data, {"aws:sourceaccount": account})
    group = f"{arn}:logs:{place}:log-group:/mxtrax/{stack}"
    logs = (
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKey",
        "kms:DescribeKey",
    )
    yield Call(f"logs.{place.partition(':')[0]}.amazonaws.com", logs, {"kms:encryptioncontext:aws:logs:arn": group})


def _statements(policy: str) -> list[Mapping[str, Any]]:
    found = json.loads(policy).get("Statement", ())
    return [found] if isinstance(found, dict) else list(found)


def _allowed(statements: list[Mapping[str, Any]], call: Call, action: str) -> bool:
    """Say whether a policy lets a service do something: it is allowed, and nothing denies it."""
    effects = {it.get("Effect") for it in statements if _applies(it, call, action)}
    return "Allow" in effects and "Deny" not in effects


def _applies(statement: Mapping[str, Any], call: Call, action: str) -> bool:
    principal = statement.get("Principal", {})
    services = ["*"] if principal == "*" else [*_many(principal.get("Service", ())), *_many(principal.get("AWS", ()))]
    if not {call.service, "*"} & set(services):
        return False
    if not any(fnmatchcase(action.lower(), it.lower()) for it in _many(statement.get("Action", ()))):
        return False
    return all(
        _holds(_TESTS[operator.lower()], name, _many(wanted), call)
        for operator, conditions in statement.get("Condition", {}).items()
        if operator.lower() in _TESTS
        for name, wanted in conditions.items()
    )


def _holds(test: Any, name: str, wanted: list[str], call: Call) -> bool:  # noqa: ANN401 -- str's own comparisons
    """Say whether a condition holds for a call; what the call is not known to bring is taken to fit."""
    brought = call.context.get(name.lower())
    return brought is None or any(test(brought, it) for it in wanted)


def _many(one_or_more: Any) -> list[str]:  # noqa: ANN401 -- a policy has one value or a list
    return [one_or_more] if isinstance(one_or_more, str) else list(one_or_more)
