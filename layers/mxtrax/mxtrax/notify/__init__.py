"""The channels that notices go out by, a file each, and the one list of them."""

from collections.abc import Callable
from typing import Final

from mxtrax.notify.channel import Channel, Context, Target
from mxtrax.notify.mail import MailChannel
from mxtrax.notify.topic import TopicChannel

__all__ = ["CHANNELS", "Channel", "Context", "Target", "channels"]

CHANNELS: Final[tuple[Callable[[Context], Channel], ...]] = (MailChannel, TopicChannel)
"""Every channel that there is. A new one is a file here, and a line in this list."""


def channels(context: Context) -> list[Channel]:
    """Give all channels, made ready for one run."""
    return [make(context) for make in CHANNELS]
