"""SES's events about a mail on its way, as documented: with hardly any required fields."""

from typing import Any

import pytest

from mxtrax.mail.ses_events import deferred, delivered, moment, names_us, refused
from mxtrax.model import Cause, Reason

AT = "2026-11-22T10:00:05.000Z"
US = "mxtrax@monitor.example.net"


def bounce(kind: str, subtype: str, **recipient: str) -> dict[str, Any]:
    """Make a bounce of one recipient, of whom the address alone is certain."""
    recipients = [{"emailAddress": "mxtrax@customer.example", **recipient}]
    return {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": recipients, "timestamp": AT}


@pytest.mark.parametrize(
    ("kind", "subtype", "cause", "reason"),
    [
        ("Permanent", "NoEmail", Cause.REFUSED, Reason.UNKNOWN_USER),
        ("Permanent", "General", Cause.REFUSED, Reason.UNKNOWN),
        ("Transient", "MailboxFull", Cause.REFUSED, Reason.MAILBOX_FULL),
        ("Transient", "ContentRejected", Cause.REFUSED, Reason.POLICY),
        ("Transient", "CustomTimeoutExceeded", Cause.DEFERRED, Reason.EXPIRED),
        ("Permanent", "SomethingNew", Cause.REFUSED, Reason.UNKNOWN),
        ("Permanent", "OnAccountSuppressionList", Cause.SUPPRESSED, Reason.SUPPRESSED),
    ],
)
def test_what_ses_calls_a_bounce_is_the_answer_where_no_word_is(
    kind: str, subtype: str, cause: Cause, reason: Reason
) -> None:
    """A bounce without status and diagnostic is judged by its type, and says so."""
    said = refused(bounce(kind, subtype))
    assert said is not None
    assert (said.cause, said.reason, said.at) == (cause, reason, moment(AT))
    assert said.text


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_only_what_says_nothing_is_left_aside(kind: str) -> None:
    """An automatic reply to the envelope sender comes as such a bounce; with a word in it, it is one."""
    assert refused(bounce(kind, "General")) is None
    said = refused(bounce(kind, "General", diagnosticCode="SMTP; 452 4.2.2 mailbox full"))
    assert said is not None
    assert (said.text, said.reason) == ("452 4.2.2 mailbox full", Reason.MAILBOX_FULL)


def test_a_status_is_its_code() -> None:
    """A report may have a comment behind it (RFC 3464, section 2.3.4)."""
    said = refused(bounce("Permanent", "General", status="5.1.1 (bad destination mailbox address)"))
    assert said is not None
    assert (said.status, said.cause, said.reason) == ("5.1.1", Cause.REFUSED, Reason.UNKNOWN_USER)


@pytest.mark.parametrize(
    "text",
    [
        f"smtp; 550 5.1.1 <{US}>: mailbox unavailable",
        "smtp; 550 inbound-smtp.eu-west-1.amazonaws.com[198.51.100.7] said: 5.7.1 denied",
    ],
)
def test_a_bounce_that_names_our_inbox_speaks_against_us(text: str) -> None:
    """Their server has accepted the mail and sent it back; our own inbox refused it."""
    said = refused(bounce("Permanent", "General", status="5.1.1", diagnosticCode=text), US)
    assert said is not None
    assert said.cause is Cause.MONITOR_FAULT
    assert not names_us("550 5.1.1 <mxtrax@customer.example>: User unknown", US)


def test_a_delay_says_why() -> None:
    """Greylisting is distinguished by its words from an unreachable server."""
    recipients = [{"emailAddress": "a@b.example", "status": "4.2.0", "diagnosticCode": "smtp; 450 4.2.0 Greylisted"}]
    delay = {"timestamp": AT, "delayType": "General", "delayedRecipients": recipients}
    assert deferred(delay).reason is Reason.GREYLISTED
    assert deferred({"timestamp": AT, "delayType": "IPFailure"}).cause is Cause.DEFERRED


def test_a_field_that_is_null_is_as_good_as_none() -> None:
    """No null is a fault of ours that is tried again and again."""
    blank = {"status": None, "diagnosticCode": None}
    said = refused({**bounce("Permanent", "NoEmail"), "bouncedRecipients": [blank], "reportingMTA": None})
    assert said is not None
    assert said.reason is Reason.UNKNOWN_USER
    named = {"bounceType": None, "bounceSubType": None, "bouncedRecipients": None, "timestamp": AT}
    assert refused(named) is None
    assert delivered({"timestamp": AT, "smtpResponse": None, "remoteMtaIp": None}).text == ""
    delay = {"timestamp": AT, "delayType": None, "delayedRecipients": [blank]}
    assert deferred(delay).cause is Cause.DEFERRED


def test_a_bounce_of_a_status_alone_says_what_ses_calls_it() -> None:
    """There is no empty quotation; and a code in the words is read like a separate one."""
    said = refused(bounce("Permanent", "General", status="5.0.0"))
    assert said is not None
    assert (said.text, said.status) == ("Permanent bounce, General (SES)", "5.0.0")
    said = refused(bounce("Permanent", "General", diagnosticCode="smtp; 550 5.7.17 somebody else has it now"))
    assert said is not None
    assert said.reason is Reason.POLICY
