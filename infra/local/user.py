"""The one user of the local world, who is ready to sign in and may do everything."""

from typing import Final

from infra.local.aws import Aws

NAME: Final = "operator"
PASSWORD: Final = "Round-trip-2026"  # noqa: S105 -- it opens nothing but a world on one machine, and is printed there


def ready(aws: Aws, pool: str) -> None:
    """See that the user is there, with this password, as an admin."""
    users = aws.users
    try:
        users.admin_create_user(UserPoolId=pool, Username=NAME, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    except users.exceptions.UsernameExistsException:
        return  # of a world whose state was kept
    users.admin_set_user_password(UserPoolId=pool, Username=NAME, Password=PASSWORD, Permanent=True)
    users.admin_add_user_to_group(UserPoolId=pool, Username=NAME, GroupName="admin")
