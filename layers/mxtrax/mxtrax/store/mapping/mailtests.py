"""Tests, and what servers said of them."""

from mxtrax.model import Cause, Kind, MailTest, Reason, SmtpReply, Verdict
from mxtrax.store.mapping.fields import present, taken
from mxtrax.store.tables import MailTestRow, SmtpReplyMap


def mailtest(row: MailTestRow) -> MailTest:
    """Read a test."""
    values = taken(row, MailTest, counted=Verdict, returned_as=Kind, seen=frozenset)
    for name in ("delivered", "deferred", "refused", "unsent"):
        if said := getattr(row, name) or getattr(row, f"{name}_by_mail", None):  # SES's own word takes precedence.
            values[name] = answer(said)
    return MailTest(**values)


def answer(said: SmtpReplyMap) -> SmtpReply:
    """Read what a server said."""
    return SmtpReply(**taken(said, SmtpReply, cause=Cause, reason=Reason))


def answer_map(it: SmtpReply) -> SmtpReplyMap:
    """Write what a server said."""
    return SmtpReplyMap(**present(it, by_mail=lambda it: it or None))
