"""Where the stack will be deployed, and what was found there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import boto3
from botocore.exceptions import ClientError

from infra.cli.doctor.findings import Finding


@dataclass(frozen=True)
class Account:
    """Where the stack will be deployed, and for which inbox. What exists already is read once for all checks."""

    session: boto3.Session
    stack: str
    sender: str
    host: str = ""
    """The console's own name, with the ARN of its certificate; empty for none."""
    certificate: str = ""
    key: str = ""
    """The ARN of a key in KMS that everything stored is to be encrypted with; empty for AWS's own keys."""
    _clients: dict[str, Any] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The inbox's domain."""
        return self.sender.rpartition("@")[2]

    @cached_property
    def outputs(self) -> dict[str, str] | None:
        """The outputs of the stack; None before the first deployment."""
        try:
            stack = self.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"][0]
        except ClientError:  # the response for an unknown name
            return None
        return {it["OutputKey"]: it["OutputValue"] for it in stack.get("Outputs", ())}

    @cached_property
    def user_pool(self) -> dict[str, Any] | None:
        """Cognito's description of the stack's user pool; None before the first deployment."""
        if self.outputs is None:
            return None
        asked = self.client("cognito-idp").describe_user_pool(UserPoolId=self.outputs["UserPoolId"])
        return dict(asked["UserPool"])

    def client(self, service: str) -> Any:  # noqa: ANN401 -- boto3 makes its clients at run time
        """Give the client of an AWS service."""
        if service not in self._clients:
            self._clients[service] = self.session.client(service)  # type: ignore[call-overload]
        return self._clients[service]


class Found(NamedTuple):
    """What was found, and the parameters to deploy with as a result."""

    finding: Finding
    parameters: Mapping[str, str] = {}
