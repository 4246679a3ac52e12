"""Receiving: whatever comes in is accounted for, and nothing of it is lost."""

from email.message import EmailMessage
from email.policy import SMTP

import boto3
import pytest

from mxtrax.aws import s3
from mxtrax.errors import TryAgain
from mxtrax.jobs import receive
from mxtrax.model import Cause, Kind
from mxtrax.store import mailtests, runtime
from tests.stage import SENDER, Sent, Stage


def reply(sent: Sent, subject: str = "Out of office", **fields: str) -> bytes:
    """Write an answer to a test."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sent.to, SENDER, subject
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("I am away.")
    return mail.as_bytes(policy=SMTP.clone(max_line_length=998))


@pytest.fixture
def sent(it: Stage) -> Sent:
    """Send a test and let two seconds pass."""
    it.domain()
    (sent,) = it.tick()
    it.wait(2)
    return sent


def test_no_read(it: Stage, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirected test is recognised by SES's own record; the stored mail is not read."""
    monkeypatch.setattr(s3, "read_mail", None)
    assert it.comes_back(sent) == "MailReturned"


def test_truncated_headers(it: Stage, sent: Sent) -> None:
    """Where SES cut the headers short, the mail itself is read."""
    record = it.arrive(sent.raw)
    record["mail"].update(headers=record["mail"]["headers"][:1], headersTruncated=True)
    assert receive.run(record, it.now, it.settings) == "MailReturned"


def test_auto_reply_by_message_id(it: Stage, sent: Sent) -> None:
    """An auto-reply that names only the Message-ID which SES gave our mail is matched by it."""
    ses_id = "0102019ab12c3d4e-5f60718a-9bac-4dce-8f01-23456789abcd-000000"
    mailtests.accepted({sent.testid: ses_id}, it.now)
    raw = reply(sent, In_Reply_To=f"<{ses_id}@email.amazonses.com>", Auto_Submitted="auto-replied")
    assert it.comes_back(sent, raw) == "MailReturnedAsAutoReply"
    assert it.test(sent).returned_as is Kind.AUTO_REPLY


def test_quicker_than_the_sender(it: Stage, sent: Sent) -> None:
    """An answer to a message id that nobody has written down yet is tried again, and only then unmatched."""
    raw = reply(sent, In_Reply_To="<0102018c-unknown-000000@email.amazonses.com>", Auto_Submitted="auto-replied")
    record = it.arrive(raw)
    with pytest.raises(TryAgain):
        receive.run(record, it.now, it.settings)
    assert len(it.inbox()) == 1
    it.wait(200)
    assert receive.run(record, it.now, it.settings) == "MailUnmatched"


def test_forged(it: Stage, sent: Sent) -> None:
    """A mail with a test id that is not ours matches nothing and is kept for people to look at."""
    forged = "94005aa5-0c39-40b6-a3c2-e88214eb38fd"
    assert it.comes_back(sent, reply(sent, subject=forged)) == "MailUnmatched"
    assert it.inbox() == []
    assert len(it.inbox("unmatched/")) == 1
    assert it.test(sent).receivetime is None


def test_bounce_to_the_inbox(it: Stage, sent: Sent) -> None:
    """A bounce that comes to the inbox is evidence, not a return."""
    raw = (
        f"From: MAILER-DAEMON@customer.example\nTo: {SENDER}\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.customer.example\n\n"
        f"Final-Recipient: rfc822; {sent.to}\nAction: failed\nStatus: 5.7.520\n"
        "Diagnostic-Code: smtp; 550 5.7.520 Access denied, your organization does not allow external forwarding\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nSubject: {sent.testid}\nTo: {sent.to}\n\n--b--\n"
    ).encode()
    assert it.comes_back(sent, raw) == "MailBounced"
    test = it.test(sent)
    assert test.receivetime is None
    assert test.refused is not None
    assert (test.refused.status, test.refused.cause) == ("5.7.520", Cause.FORWARD_BLOCKED)


def test_twice(it: Stage, sent: Sent) -> None:
    """A mail that was accounted for already changes nothing, even one that has to be read."""
    record = it.arrive(reply(sent, subject="hello"))
    assert receive.run(record, it.now, it.settings) == "MailUnmatched"
    assert receive.run(record, it.now, it.settings) == "MailAccountedForBefore"


def test_junk(it: Stage) -> None:
    """Junk that is not a mail ends up among the unmatched, and disturbs nothing else."""
    boto3.client("s3").put_object(Bucket="inbox", Key="inbox/junk", Body=b"\x00\xff" * 1000)
    record = {"mail": {"messageId": "junk"}, "receipt": {"timestamp": it.iso()}}
    assert receive.run(record, it.now, it.settings) == "MailUnmatched"


def test_before_the_first_plan(it: Stage) -> None:
    """Mail that names some id before any was ever minted is unmatched, and nothing is made for it."""
    raw = reply(Sent("", "mxtrax@customer.example", b"", {}), subject="94005aa5-0c39-40b6-a3c2-e88214eb38fd")
    record = it.arrive(raw)
    assert receive.run(record, it.now, it.settings) == "MailUnmatched"
    assert runtime.known_secret() is None
