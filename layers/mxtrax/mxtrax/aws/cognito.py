"""The one way to ask Cognito about a user pool, with what its refusals mean."""

from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from mxtrax.aws import clients
from mxtrax.errors import Exists, Missing, Refused, TryAgain

NAMES_THEM: Final = "nickname"
"""The attribute that takes the address by which a provider calls somebody, and by which they are linked.

It is not `email`: an attribute that is mapped has to be one that the console's client may write, and the address of
somebody who was invited is not; nor may a provider verify an address, which would take it from whose sign-in name it is.
"""

_GONE: Final = frozenset({"UserNotFoundException", "ResourceNotFoundException"})
_THERE: Final = frozenset({"UsernameExistsException", "AliasExistsException"})
_MALFORMED: Final = frozenset({"InvalidParameterException", "InvalidToken"})
"""The latter is what others than AWS say of a page's beginning that is none."""

_PASSING: Final = frozenset(
    {"TooManyRequestsException", "LimitExceededException", "InternalErrorException", "CodeDeliveryFailureException"}
)


def ask(pool: str, call: str, **request: Any) -> Any:  # noqa: ANN401 -- botocore makes its answers at run time
    """Make a call of a user pool. Raises Missing, Exists, Refused or TryAgain."""
    try:
        return getattr(clients.client("cognito-idp"), call)(UserPoolId=pool, **request)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _GONE:
            raise Missing("user", "There is no such user.") from error
        if code in _THERE:
            raise Exists("email", "email: somebody signs in with this address already.") from error
        if code == "GroupExistsException":
            raise Exists("group", "This group is there already.") from error
        if code == "DuplicateProviderException":
            raise Exists("name", "name: there is an identity provider of this name already.") from error
        if code in _MALFORMED:
            raise Refused("user", f"user: {error.response['Error'].get('Message', code)}") from error
        if code in _PASSING:
            raise TryAgain(f"Cognito: {code}") from error
        raise
    except BotoCoreError as error:
        raise TryAgain(f"Cognito: {error}") from error
