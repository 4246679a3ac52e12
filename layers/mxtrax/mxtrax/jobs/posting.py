"""The two ways in which an alarm goes out: a mail to one address, a message to the topic. Each says what went wrong."""

from collections.abc import Mapping
from typing import Any

from mxtrax import aws, letter
from mxtrax.errors import MxtraxError
from mxtrax.letter import Mail
from mxtrax.log import logger
from mxtrax.model import Config, Millis
from mxtrax.settings import Settings


def mail(it: Mail, address: str, config: Config, settings: Settings, now: Millis) -> str:
    """Mail an alarm, and give what went wrong; nothing where SES took it."""
    raw = letter.alert(it, config.sendinguser, address, now)
    tags = {"mxtrax-alert": "report"}
    try:
        aws.send_mail(raw, config.sendinguser, address, settings.configuration_set, tags)
    except MxtraxError as error:
        logger.exception("an alert mail was not taken", reason=str(error))
        return str(error)
    return ""


def publish(message: Mapping[str, Any], attributes: Mapping[str, str], settings: Settings) -> str:
    """Publish an alarm for machines, and give what went wrong; nothing where SNS took it."""
    try:
        aws.publish(settings.alert_topic, f"MXTRAX {message['state']}: {message['maildomain']}", message, attributes)
    except aws.UNREACHABLE as error:
        logger.exception("an alert message was not taken", reason=str(error))
        return str(error)
    return ""
