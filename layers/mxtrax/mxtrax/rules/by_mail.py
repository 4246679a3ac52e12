"""Weigh a report that came by mail: anybody who knows a test's id can write one, so SES's own word takes precedence.

SES says what their server answered, and passes on the reports that come to the envelope sender (RFC 3464). So a report
that comes to our inbox instead counts only if SES says nothing about the test, and only from their own server; it is
kept for people to read.
"""

from mxtrax.model import MailTest, SmtpReply
from mxtrax.rules.providers import named_by, registered_domain


def refusal(test: MailTest) -> SmtpReply | None:
    """Give the refusal of a test that counts."""
    return test.refused if counts(test, test.refused) else None


def deferral(test: MailTest) -> SmtpReply | None:
    """Give the deferral of a test that counts."""
    return test.deferred if counts(test, test.deferred) else None


def counts(test: MailTest, said: SmtpReply | None) -> bool:
    """Say whether a refusal or deferral of a test counts: SES's word always does, a mail's only if SES is silent."""
    if said is None or not said.by_mail:
        return said is not None
    return test.delivered is None and fits(test, said.server)


def fits(test: MailTest, server: str) -> bool:
    """Say whether the Reporting-MTA (RFC 3464, section 2.2.2) may be their server; one without a name may."""
    host = server.rpartition(";")[2].strip()
    theirs = {registered_domain(test.maildomain.rpartition("@")[2]), *named_by((test,))}
    return not host or registered_domain(host) in theirs - {""}
