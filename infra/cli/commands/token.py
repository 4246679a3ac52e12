"""`mxtrax token`: sign in, to call the API by hand."""

import os
from typing import Annotated, Final

import typer
from botocore.exceptions import ClientError

from infra.cli.command import deployed
from infra.cli.target import Here
from infra.local import users
from mxtrax.errors import Missing, Refused

CLIENT: Final = "ConsoleClientId"
"""The stack's output with the client with which people sign in."""

PASSWORD: Final = "MXTRAX_PASSWORD"  # noqa: S105 -- the name of a variable
_NOT_YOU: Final = {"NotAuthorizedException", "UserNotFoundException"}


@deployed
def token(
    here: Here,
    *,
    user: Annotated[
        str, typer.Argument(metavar="USER", help="User name or address. (Default in the local world: admin.)")
    ] = "",
) -> None:
    """Sign in and print an API token for the Authorization header, valid for an hour.

    It asks for the password, or reads it from MXTRAX_PASSWORD; the local world's users need none.
    """
    name = user or (users.USERS[0].name if here.local else "")
    if not name:
        raise Refused("user", "user: give a user name; `mxtrax users list` shows them.")
    known = users.PASSWORD if here.local and name in {each.name for each in users.USERS} else os.environ.get(PASSWORD)
    password = known or typer.prompt(f"Password of {name}", hide_input=True, err=True)
    typer.echo(_signed_in(here, name, password))


def _signed_in(here: Here, name: str, password: str) -> str:
    try:
        answer = here.client("cognito-idp").initiate_auth(
            ClientId=here.output(CLIENT),
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in _NOT_YOU:
            raise Missing("user", f"{name} cannot sign in: wrong user name or password.") from error
        raise
    if "AuthenticationResult" not in answer:
        asked = str(answer.get("ChallengeName", "more")).replace("_", " ").lower()
        raise Missing("user", f"{name} needs more than a password ({asked}): sign in to the console first.")
    return str(answer["AuthenticationResult"]["AccessToken"])
