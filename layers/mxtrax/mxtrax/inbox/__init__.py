"""The ways in which mail arrives, one file each, and where mail is set aside.

SES stores mail in S3: that inbox is the first.
"""

from mxtrax.inbox.arrival import Arrival, Aside, Inbox, Letter
from mxtrax.inbox.s3 import S3Inbox, arrival_of
from mxtrax.runtime.environment import Settings

__all__ = ["Arrival", "Aside", "Inbox", "Letter", "arrival_of", "open_inbox"]


def open_inbox(settings: Settings) -> Inbox:
    """Give the inbox of this deployment."""
    return S3Inbox(settings.bucket, settings.inbox_prefix)
