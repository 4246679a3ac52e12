"""The one list of the channels that notices go out by."""

from collections.abc import Callable
from typing import Final

from mxtrax.notify.added import AddedChannels
from mxtrax.notify.channel import Channel, Context
from mxtrax.notify.mail import MailChannel
from mxtrax.notify.topic import TopicChannel

CHANNELS: Final[tuple[Callable[[Context], Channel], ...]] = (MailChannel, TopicChannel, AddedChannels)
"""Every channel that there is. Mail and topic come first: a service that hangs keeps nothing back from them."""


def channels(context: Context) -> list[Channel]:
    """Give all channels, made ready for one run."""
    return [make(context) for make in CHANNELS]
