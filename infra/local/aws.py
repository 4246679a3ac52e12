"""Clients for the local AWS, and an environment in which nothing can reach a real account."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

from mxtrax.runtime import memory

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

REGION: Final = "us-east-1"
ACCOUNT: Final = "000000000000"

_FOREIGN: Final = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


def dummy_environment(endpoint: str) -> dict[str, str]:
    """Give the variables with which every AWS client talks to `endpoint`, with keys that are valid nowhere."""
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def surroundings(endpoint: str) -> Iterator[None]:
    """Put this process into the dummy environment, and back again; no client is kept across either change."""
    ours = dummy_environment(endpoint)
    foreign = {name for name in os.environ if name in _FOREIGN or name.startswith("AWS_ENDPOINT_URL_")}
    before = {name: os.environ.get(name) for name in ours.keys() | foreign}
    for name in foreign:
        del os.environ[name]
    os.environ.update(ours)
    memory.reset()
    try:
        yield
    finally:
        memory.reset()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _client(service: str) -> "cached_property[Any]":
    """Make the client of a service when it is first asked for."""
    return cached_property(lambda it: it._session.client(service, endpoint_url=it.endpoint, config=it._config))  # noqa: SLF001


class Aws:
    """One client of each kind for the local AWS at `endpoint`. Clients are shared between threads."""

    cloudformation: "cached_property[CloudFormationClient]" = _client("cloudformation")
    functions: "cached_property[LambdaClient]" = _client("lambda")
    events: "cached_property[EventBridgeClient]" = _client("events")
    sqs: "cached_property[SQSClient]" = _client("sqs")
    sns: "cached_property[SNSClient]" = _client("sns")

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106 -- opens nothing
        self._config = Config(max_pool_connections=32, retries={"total_max_attempts": 2})

    @cached_property
    def s3(self) -> "S3Client":
        """Give the S3 client, with paths instead of host names for buckets."""
        config = self._config.merge(Config(s3={"addressing_style": "path"}))
        return self._session.client("s3", endpoint_url=self.endpoint, config=config)
