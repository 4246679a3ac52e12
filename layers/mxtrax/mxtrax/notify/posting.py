"""The two ways in which an alarm goes out: a mail to one address, a message to the topic. Each says what went wrong."""

from collections.abc import Mapping
from typing import Any

from mxtrax.aws import clients, ses, sns
from mxtrax.errors import MxtraxError
from mxtrax.mail import compose
from mxtrax.mail.compose import Mail
from mxtrax.model import Config, Millis
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import logger


def mail(it: Mail, address: str, config: Config, settings: Settings, now: Millis) -> str:
    """Mail an alarm, and give what went wrong; nothing where SES took it."""
    raw = compose.alert(it, config.sendinguser, address, now)
    tags = {"mxtrax-alert": "report"}
    try:
        ses.send_mail(raw, config.sendinguser, address, settings.configuration_set, tags)
    except MxtraxError as error:
        logger.exception("an alert mail was not taken", reason=str(error))
        return str(error)
    return ""


def publish(message: Mapping[str, Any], attributes: Mapping[str, str], settings: Settings) -> str:
    """Publish an alarm for machines, and give what went wrong; nothing where SNS took it."""
    try:
        sns.publish(settings.alert_topic, f"MXTRAX {message['notice']}: {message['maildomain']}", message, attributes)
    except clients.UNREACHABLE as error:
        logger.exception("an alert message was not taken", reason=str(error))
        return str(error)
    return ""
