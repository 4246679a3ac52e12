"""SES: handing a mail over."""

from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from mxtrax.aws.clients import client
from mxtrax.errors import Refused, TryAgain

_REFUSALS: Final = frozenset(
    {
        "MessageRejected",
        "MailFromDomainNotVerifiedException",
        "AccountSuspendedException",
        "SendingPausedException",
        "BadRequestException",
        "NotFoundException",
        "AccessDeniedException",
    }
)


_USED_UP: Final = "daily message quota exceeded"
"""What SES says to an account that has used up its daily quota, under several codes. A retry does not help."""


def send_mail(raw: bytes, sender: str, recipient: str, configuration_set: str, tags: Mapping[str, str]) -> str:
    """Hand a mail to SES and give its message id.

    Raises Refused if SES will not take this mail, of `quota` where it takes none for now; TryAgain if it was too busy
    or not to be reached.
    """
    request: dict[str, Any] = {
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": [recipient]},
        "Content": {"Raw": {"Data": raw}},
        "EmailTags": [{"Name": name, "Value": value} for name, value in tags.items()],
    }
    if configuration_set:
        request["ConfigurationSetName"] = configuration_set
    try:
        return str(client("sesv2").send_email(**request)["MessageId"])
    except ClientError as error:
        said = error.response["Error"]
        if _USED_UP in said.get("Message", "").lower():
            raise Refused("quota", f"{said['Code']}: {said['Message']}") from error
        if said["Code"] in _REFUSALS:
            raise Refused("mail", f"{said['Code']}: {said.get('Message', '')}".strip(": ")) from error
        raise TryAgain(f"SES: {said['Code']}") from error
    except BotoCoreError as error:
        raise TryAgain(f"SES: {error}") from error
