"""Which deployment is meant, and how to reach it: a stack in an AWS account, or the world on this machine."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

import boto3
from botocore.exceptions import ClientError, NoRegionError

from mxtrax.edge import clock
from infra.local.aws import surroundings
from mxtrax.admin.actor import Actor
from mxtrax.errors import MxtraxError
from mxtrax.model import Config, Door, Millis
from mxtrax.runtime.environment import Settings
from mxtrax.store import tables
from mxtrax.store.config import load_config

STACK: Final = "mxtrax"
DEPLOY: Final = "sam deploy --guided --stack-name {stack} --capabilities CAPABILITY_IAM --tags app=mxtrax"
_NAMES_ONE: Final = ("MXTRAX_STACK", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL")
"""Environment variables that name a deployment: if one is set, no local world is looked for."""


class NotThere(MxtraxError):
    """There is no such deployment, or it cannot be reached. The message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The command line's choice of deployment; empty means: from the environment, as with the AWS CLI."""

    stack: str = ""
    profile: str = ""
    region: str = ""
    local: bool = False
    state: Path = Path(".mxtrax")


@dataclass(frozen=True)
class Here:
    """A deployment that was reached. `outputs` and `parameters` are the stack's."""

    stack: str
    local: bool
    session: boto3.Session
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:  # noqa: ANN401 -- boto3 makes its clients at run time
        """Give the client of an AWS service."""
        if service not in self._clients:
            self._clients[service] = self.session.client(service)  # type: ignore[call-overload]
        return self._clients[service]

    def output(self, name: str) -> str:
        """Give one of the stack's outputs."""
        if name not in self.outputs:
            raise NotThere(f"The stack {self.stack} has no output {name}: update it with `sam deploy`.")
        return self.outputs[name]

    def call(self, function: str, event: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- what the function gives
        """Run a deployed function, named by the stack's output, and give its result. Raises what it raised."""
        answer = self.client("lambda").invoke(FunctionName=self.output(function), Payload=json.dumps(event).encode())
        said = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            reason = said.get("errorMessage", answer["FunctionError"]) if isinstance(said, dict) else said
            raise FunctionFailed(f"The function {self.output(function)} failed: {reason}")
        return said

    @property
    def user_pool(self) -> str:
        """The id of the pool that users sign in to."""
        return self.output("UserPoolId")

    @property
    def name(self) -> str:
        """Name this deployment, for a question or a heading."""
        return "the local world" if self.local else f"the stack {self.stack} in {self.session.region_name}"

    @property
    def api_url(self) -> str:
        """Give the base URL of the API."""
        if self.local:
            return f"{self.client('lambda').meta.endpoint_url}/_aws/execute-api/{self.output('ApiId')}"
        return self.output("ApiUrl")

    @cached_property
    def settings(self) -> Settings:
        """The settings that this deployment's functions get from their environment."""
        return Settings(
            tables=self.output("TablePrefix"),
            bucket=self.output("InboxBucket"),
            inbox_prefix=self.output("InboxPrefix"),
            send_queue=self.output("SendQueueUrl"),
            aggregate_queue=self.output("AggregateQueueUrl"),
            observe_queue=self.output("ObserveQueueUrl"),
            alert_queue=self.output("AlertQueueUrl"),
            alert_topic=self.output("AlertTopic"),
            configuration_set=self.output("ConfigurationSet"),
            sending_user=self.parameters.get("SendingUser", ""),
            alert_user=self.parameters.get("AlertUser", ""),
            send_rate=float(self.parameters.get("SendRate", "10")),
            send_quota=0 if self.local else int(self.parameters.get("SendQuota", "0")),
            minute_seconds=int(self.parameters.get("MinuteSeconds", "60")),
            secrets=f"/mxtrax/{self.stack}/channel",
            kms_key="" if self.local else self.parameters.get("KmsKey", ""),
            console=self.outputs.get("ApiUrl", ""),
            user_pool=self.outputs.get("UserPoolId", ""),
        )

    @cached_property
    def actor(self) -> Actor:
        """The person at the command line, by the name that AWS has for them."""
        name = "local" if self.local else str(self.client("sts").get_caller_identity()["Arn"])
        return Actor(name=name, door=Door.COMMAND_LINE)

    def now(self) -> Millis:
        """Read the clock."""
        return clock()

    @property
    def config(self) -> Config:
        """The settings that people make, as they are now."""
        return load_config(self.settings.initial)


class FunctionFailed(MxtraxError):
    """A deployed function ended with an error."""


@contextmanager
def reached(wanted: Wanted) -> Iterator[Here]:
    """Find the deployment, connect the store to it, and give it. Raises NotThere."""
    endpoint = _local_world(wanted)
    with _as_the_local_world(endpoint) if endpoint else _as_the_aws_cli(wanted):
        here = _found(wanted.stack or os.environ.get("MXTRAX_STACK", "") or STACK, local=bool(endpoint))
        if endpoint:
            os.environ["AWS_ENDPOINT_URL_SESV2"] = here.parameters.get("SesEndpoint", "")
        tables.connect(here.output("TablePrefix"))
        yield here


def _found(stack: str, *, local: bool) -> Here:
    try:
        session = boto3.Session()
        answer = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except NoRegionError as error:
        raise NotThere("No region is set: use --region, AWS_REGION, or a profile with a region.") from error
    except ClientError as error:
        said = error.response["Error"]
        if said["Code"] == "ValidationError" and "does not exist" in said.get("Message", ""):
            where = "the local world" if local else f"the region {session.region_name}"
            raise NotThere(f"There is no stack {stack} in {where}: check --stack, --region and --profile.") from error
        raise
    outputs = {each["OutputKey"]: each["OutputValue"] for each in answer.get("Outputs", ())}
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in answer.get("Parameters", ())}
    return Here(stack, local, session, outputs, parameters)


@contextmanager
def _as_the_local_world(endpoint: str) -> Iterator[None]:
    """Let every client created meanwhile talk to the local world, and no earlier or later one."""
    try:
        with surroundings(endpoint):
            yield
    finally:
        os.environ.pop("AWS_ENDPOINT_URL_SESV2", None)


@contextmanager
def _as_the_aws_cli(wanted: Wanted) -> Iterator[None]:
    """Put the command line's choice into the environment, for every client: boto3's, PynamoDB's and our own."""
    names = ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    before = {name: os.environ.get(name) for name in names}
    if wanted.profile:  # A profile on the command line takes precedence over keys in the environment.
        for name in names[2:]:
            os.environ.pop(name, None)
        os.environ["AWS_PROFILE"] = wanted.profile
    if region := wanted.region or os.environ.get("AWS_REGION", ""):  # botocore itself ignores AWS_REGION.
        os.environ["AWS_DEFAULT_REGION"] = region
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)


def _local_world(wanted: Wanted) -> str:
    """Give the local world's endpoint if that is meant: with --local, or if it is running and nothing names another."""
    named = wanted.stack or wanted.profile or wanted.region or any(os.environ.get(name) for name in _NAMES_ONE)
    if named and not wanted.local:
        return ""
    endpoint = _running(wanted.state)
    if wanted.local and not endpoint:
        raise NotThere(f"No local world is running with its state in {wanted.state}: start one with `mxtrax run`.")
    return endpoint


def _running(state: Path) -> str:
    try:
        endpoint = f"http://127.0.0.1:{int((state / 'ministack' / 'port').read_text())}"
        with urlopen(f"{endpoint}/_ministack/health", timeout=2):  # noqa: S310 -- this machine's own
            return endpoint
    except (OSError, ValueError, URLError):
        return ""
