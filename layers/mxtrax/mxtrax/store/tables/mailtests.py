"""The tests."""

from typing import Any

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)

from mxtrax.store.tables.row import Index, Row, Shared


class SmtpReplyMap(MapAttribute[str, Any]):
    """model.SmtpReply."""

    at = NumberAttribute()
    text = UnicodeAttribute(default="")
    status = UnicodeAttribute(default="")
    server = UnicodeAttribute(default="")
    cause = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    by_mail = BooleanAttribute(null=True)


class ByDomain(Index["MailTestRow"], name="by-domain"):
    """The tests of a domain by sendtime."""

    maildomain = UnicodeAttribute(hash_key=True)
    sendtime = NumberAttribute(range_key=True)


class DueIndex(Index["MailTestRow"], name="due"):
    """The tests that need attention: sparse, so that its size depends on tests under way, not on past ones."""

    shard = NumberAttribute(hash_key=True)
    due = NumberAttribute(range_key=True)


class BySesId(Index["MailTestRow"], name="by-ses-id"):
    """From SES's message id (such as an In-Reply-To) to the test."""

    ses_message_id = UnicodeAttribute(hash_key=True)


class MailTestRow(Row):
    """model.MailTest, by testid. `shard` and `due` are there only while it needs attention; `expires` is its TTL.

    `fresh` is its first `due`, and is there until a fold has looked at it: until then a return leaves its place in the
    due index alone. `trace` is a packed model.MessageTrace (see traces.py). A test is written five times, and each
    started KB is charged: false values are left out.
    """

    class Meta(Shared):
        table_name = "mailtest"

    testid = UnicodeAttribute(hash_key=True)
    maildomain = UnicodeAttribute()
    sendtime = NumberAttribute()
    maxreturntime = NumberAttribute()
    max_sec_until_fail = NumberAttribute()
    returns_bounce = BooleanAttribute(null=True)
    receivetime = NumberAttribute(null=True)
    returned_as = UnicodeAttribute(null=True)
    seen = UnicodeSetAttribute(null=True)
    incl_in_stat = BooleanAttribute(default=False)
    counted = UnicodeAttribute(default="pending")
    ses_message_id = UnicodeAttribute(null=True)
    accepted = NumberAttribute(null=True)
    delivered = SmtpReplyMap(null=True)
    deferred = SmtpReplyMap(null=True)
    refused = SmtpReplyMap(null=True)
    unsent = SmtpReplyMap(null=True)
    deferred_by_mail = SmtpReplyMap(null=True)
    refused_by_mail = SmtpReplyMap(null=True)
    left = NumberAttribute(null=True)
    via = UnicodeAttribute(null=True)
    trace = BinaryAttribute(null=True, legacy_encoding=False)
    quiet = BooleanAttribute(null=True)
    unjudged = BooleanAttribute(null=True)
    shard = NumberAttribute(null=True)
    due = NumberAttribute(null=True)
    fresh = NumberAttribute(null=True)
    early_mark = NumberAttribute(null=True)
    rev = NumberAttribute(default=0)
    expires = NumberAttribute(null=True)
    by_domain = ByDomain()
    due_index = DueIndex()
    by_ses_id = BySesId()
