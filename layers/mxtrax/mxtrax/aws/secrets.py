"""A channel's secrets: an encrypted SSM parameter of its own, which people may write but nobody can read."""

import json
from collections.abc import Mapping

from botocore.exceptions import ClientError

from mxtrax.aws.clients import client
from mxtrax.errors import Missing


def put(name: str, values: Mapping[str, str], key: str = "") -> None:
    """Store secrets under a name, and replace those that were there. Without a key of our own, AWS encrypts with its own."""
    value = json.dumps(values, separators=(",", ":"))
    by: dict[str, str] = {"KeyId": key} if key else {}
    client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True, **by)


def get(name: str) -> dict[str, str]:
    """Read secrets. Raises Missing if there are none: parameters are in no backup of the tables."""
    try:
        kept = client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ParameterNotFound":
            raise Missing("settings", "What is secret of this channel is gone; give it again.") from error
        raise
    return {str(key): str(value) for key, value in json.loads(kept).items()}


def delete(name: str) -> None:
    """Delete secrets; it is no error if they are gone already."""
    try:
        client("ssm").delete_parameter(Name=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
