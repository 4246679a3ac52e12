"""People who may sign in to a world on one machine: one for each role, ready from the start."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3

from infra.local.aws import REGION

if TYPE_CHECKING:
    from collections.abc import Sequence

PASSWORD: Final = "Local-world-2026"  # noqa: S105 -- opens nothing but a world on this machine


@dataclass(frozen=True, slots=True)
class User:
    """Somebody, and the groups they are in."""

    name: str
    groups: tuple[str, ...]


USERS: Final = (
    User("admin", ("admin",)),
    User("operator", ("operator",)),
    User("viewer", ("viewer",)),
)


def add(endpoint: str, pool: str, users: "Sequence[User]" = USERS) -> None:
    """Create users, all with the same password, and the customer groups that they need. Safe to repeat."""
    cognito = _client(endpoint)
    for user in users:
        if not _there(cognito, pool, user.name):
            email = {"Name": "email", "Value": f"{user.name}@operations.test"}
            verified = {"Name": "email_verified", "Value": "true"}
            cognito.admin_create_user(
                UserPoolId=pool,
                Username=user.name,
                UserAttributes=[email, verified],
                TemporaryPassword=PASSWORD,
                MessageAction="SUPPRESS",
            )
        cognito.admin_set_user_password(UserPoolId=pool, Username=user.name, Password=PASSWORD, Permanent=True)
        for group in user.groups:
            if group.startswith("customer:"):
                _group(cognito, pool, group)
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=user.name, GroupName=group)


def sign_in(endpoint: str, client: str, name: str) -> str:
    """Sign in as a user, and give the token for the Authorization header."""
    answer = _client(endpoint).initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )
    return str(answer["AuthenticationResult"]["AccessToken"])


def _client(endpoint: str) -> Any:  # noqa: ANN401 -- boto3 makes its clients at run time
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106 -- opens nothing
    return session.client("cognito-idp", endpoint_url=endpoint)


def _there(cognito: Any, pool: str, name: str) -> bool:  # noqa: ANN401 -- boto3's
    try:
        cognito.admin_get_user(UserPoolId=pool, Username=name)
    except cognito.exceptions.UserNotFoundException:
        return False
    return True


def _group(cognito: Any, pool: str, name: str) -> None:  # noqa: ANN401 -- boto3's
    try:
        cognito.create_group(UserPoolId=pool, GroupName=name)
    except cognito.exceptions.GroupExistsException:
        return
