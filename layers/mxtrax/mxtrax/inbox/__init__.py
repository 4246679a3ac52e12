"""Where arrivals come from, a file each, and where mail is set aside. SES stores mail in S3: that inbox is the first."""

from mxtrax.inbox.arrival import Arrival, Inbox
from mxtrax.inbox.aside import Aside, Letter
from mxtrax.inbox.s3 import S3Inbox, announced
from mxtrax.runtime.environment import Settings

__all__ = ["Arrival", "Aside", "Inbox", "Letter", "announced", "open_aside", "open_inbox"]


def open_inbox(settings: Settings) -> Inbox:
    """Give the inbox of this deployment."""
    return S3Inbox(settings.bucket, settings.inbox_prefix)


def open_aside(settings: Settings) -> Aside:
    """Give the place of this deployment where mail is set aside."""
    return Aside(settings.bucket)
