"""The stand-in does what MXTRAX relies on in SES."""

import email
import mailbox
import smtplib
from email.policy import default

import pytest
from botocore.exceptions import ClientError

from infra.local.ses import inbox
from infra.local.ses.relay import Routes
from infra.local.ses.sending import Rejection
from infra.local.smtp import Place, hand_over
from mxtrax.mail import read
from tests.eventually import eventually
from tests.unit.local.conftest import INBOX, Post


def test_ids_and_dates_are_replaced_and_the_rest_is_left(post: Post) -> None:
    """What arrives bears SES's Message-ID, and our own fields and body as they were."""
    testid, message_id = post.send("test@redirect.test")
    (arrival,) = eventually(lambda: post.arrived(testid))
    stored = post.aws.objects["inbox/" + arrival["mail"]["messageId"]]
    mail = email.message_from_bytes(stored, policy=default)
    assert mail["Message-ID"] == f"<{message_id}@email.amazonses.com>"
    assert mail["Subject"] == mail["X-MXTRAX-Test-ID"] == testid
    assert len(mail.get_all("Date", [])) == 1
    assert f"Test {testid}\n" in mail.get_content().replace("\r\n", "\n")
    assert mail["Return-Path"] == f"<{message_id}@amazonses.test>"


def test_the_inbound_event_tells_what_the_mail_says(post: Post) -> None:
    """The event's headers are the stored mail's, and identify the test without a look at S3."""
    testid, _ = post.send("test@redirect.test")
    (arrival,) = eventually(lambda: post.arrived(testid))
    mail, receipt = arrival["mail"], arrival["receipt"]
    assert mail["commonHeaders"]["subject"] == testid
    assert {"name": "X-MXTRAX-Test-ID", "value": testid} in mail["headers"]
    assert not mail["headersTruncated"]
    assert receipt["recipients"] == [INBOX]
    assert receipt["spamVerdict"] == {"status": "PASS"}
    assert receipt["timestamp"].endswith("Z")


def test_send_and_delivery_are_published_with_the_tags(post: Post) -> None:
    """Both events name the mail, its tags, and the server's answer, in order."""
    testid, message_id = post.send("test@silent.test")
    eventually(lambda: [each for each in post.aws.of("Delivery") if each["mail"]["messageId"] == message_id])
    mine = [
        each for kind in ("Send", "Delivery") for each in post.aws.of(kind) if each["mail"]["messageId"] == message_id
    ]
    assert [each["eventType"] for each in mine] == ["Send", "Delivery"]
    assert mine[1]["mail"]["tags"]["testid"] == [testid]
    assert mine[1]["delivery"]["smtpResponse"].startswith("250 2.0.0 Ok")
    assert mine[1]["delivery"]["recipients"] == ["test@silent.test"]


def test_a_mail_of_all_parts_is_composed(post: Post) -> None:
    """Content.Simple with text, HTML and headers lands in the local mailbox of each address in a domain that is ours."""
    post.ses.send_email(
        FromEmailAddress=f"MXTRAX <{INBOX}>",
        Destination={"ToAddresses": [f"{who}@operations.test" for who in ("alerts", "Second/List")]},
        ReplyToAddresses=[INBOX],
        Content={
            "Simple": {
                "Subject": {"Data": "Mail of a customer is in trouble"},
                "Body": {"Text": {"Data": "plain"}, "Html": {"Data": "<p>rich</p>"}},
                "Headers": [{"Name": "X-Priority", "Value": "1"}],
            }
        },
    )
    folders = [post.standin.mailbox_of(f"{who}@operations.test") for who in ("alerts", "second/list")]
    raw, same = [message.as_bytes() for folder in folders for message in mailbox.Maildir(folder)]
    assert raw == same
    mail = email.message_from_bytes(raw, policy=default)
    assert (mail["Reply-To"], mail["X-Priority"]) == (INBOX, "1")
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_a_stranger_may_not_send(post: Post) -> None:
    """A From outside the verified domain is refused."""
    with pytest.raises(ClientError, match="not verified"):
        post.ses.send_email(
            FromEmailAddress="someone@elsewhere.test",
            Destination={"ToAddresses": ["test@redirect.test"]},
            Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
        )


def test_it_fails_as_it_is_told_to(post: Post) -> None:
    """A test can make the next call fail, and only that."""
    post.standin.refuse_next(Rejection(400, "MessageRejected", "Sending suspended for this account."))
    with pytest.raises(post.ses.exceptions.MessageRejected, match="suspended"):
        post.send("test@redirect.test")
    post.send("test@redirect.test")


def test_a_suppressed_address_gets_a_send_event_and_a_bounce(post: Post) -> None:
    """SES takes the mail, publishes Send all the same, and never sends it."""
    post.standin.suppressed.add("test@suppressed.test")
    post.send("test@suppressed.test")
    (bounce,) = eventually(lambda: post.aws.of("Bounce", "test@suppressed.test"))
    assert bounce["bounce"]["bounceSubType"] == "Suppressed"
    assert post.aws.of("Send", "test@suppressed.test")


def test_a_domain_without_a_server_expires(post: Post) -> None:
    """If no server can be found, SES reports the delay, and then gives up."""
    post.send("test@nowhere.test")
    (bounce,) = eventually(lambda: post.aws.of("Bounce", "test@nowhere.test"))
    assert bounce["bounce"]["bounceType"] == "Transient"
    assert post.aws.of("DeliveryDelay", "test@nowhere.test")


def test_the_inbox_takes_its_whole_domain_and_no_other(post: Post) -> None:
    """The receipt rule names the domain: plus-addresses and other users are accepted, other domains refused at RCPT."""
    content = b"Subject: x\r\n\r\nx\r\n"
    took = {
        to: hand_over(post.standin.smtp, "client.test", "a@client.test", to, content).code
        for to in (INBOX, "MXTRAX+tag@monitor.example.net", "other@monitor.example.net", "a@client.test")
    }
    assert list(took.values()) == [250, 250, 250, 550]


def test_mail_is_put_off_while_it_cannot_be_stored(post: Post) -> None:
    """Before it knows where mail goes, it answers 451 and loses nothing."""
    kept, post.standin.arrivals.delivery = post.standin.arrivals.delivery, None
    try:
        reply = hand_over(post.standin.smtp, "client.test", "a@client.test", INBOX, b"Subject: x\r\n\r\nx\r\n")
    finally:
        post.standin.arrivals.delivery = kept
    assert reply.code == 451
    assert reply.passing


def test_many_headers_are_truncated_in_the_event_but_not_in_the_object() -> None:
    """Above 10 KB the event has only the first headers and says so."""
    content = b"".join(b"X-Filler-%d: %s\r\n" % (i, b"y" * 500) for i in range(40)) + b"Subject: z\r\n\r\nbody\r\n"
    arrival = inbox.Arrival("id", "a@b.test", (INBOX,), "127.0.0.1", "b.test", 0.0, content)
    told = inbox.event(arrival, inbox.stored(arrival), "receive")["Records"][0]["ses"]["mail"]
    assert told["headersTruncated"]
    assert sum(len(each["name"]) + len(each["value"]) for each in told["headers"]) < 10_240
    assert content in inbox.stored(arrival)


def test_the_account_tells_its_rate_and_holds_to_it(post: Post) -> None:
    """More than MaxSendRate calls within a second are answered with TooManyRequestsException."""
    quota = post.ses.get_account()["SendQuota"]
    assert quota["MaxSendRate"] == 100
    post.standin._sent_at.clear()
    for _ in range(100):
        post.standin._admit(now=1e9)
    with pytest.raises(Rejection, match="rate exceeded"):
        post.standin._admit(now=1e9 + 0.9)
    post.standin._admit(now=1e9 + 1.1)
    post.standin._sent_at.clear()


def test_one_cannot_reach_it_as_an_open_relay(post: Post) -> None:
    """It speaks ESMTP and refuses strangers' recipients."""
    with smtplib.SMTP(post.standin.smtp.host, post.standin.smtp.port) as server:
        server.ehlo()
        server.mail("a@client.test")
        assert server.rcpt("victim@elsewhere.test")[0] == 550


def test_what_arrives_is_what_the_mail_room_reads(post: Post) -> None:
    """The mail room finds the test id in a mail that was attached to a forward."""
    testid, message_id = post.send("test@attach.test")
    (arrival,) = eventually(lambda: post.arrived(testid))
    found = read(post.aws.objects["inbox/" + arrival["mail"]["messageId"]])
    assert testid in found.tokens or found.ses_message_id == message_id


def test_a_mail_to_our_own_inbox_comes_straight_back(post: Post) -> None:
    """Our own loop needs no customer, and does not go to the relay."""
    testid, _ = post.send("loop@monitor.example.net")
    (arrival,) = eventually(lambda: post.arrived(testid))
    assert arrival["receipt"]["recipients"] == ["loop@monitor.example.net"]
    ours, theirs = Place("127.0.0.1", 1), Place("127.0.0.1", 2)
    routes = Routes({"monitor.example.net": ours}, theirs, "monitor.example.net")
    assert (routes.to("loop@Monitor.example.net"), routes.to("test@redirect.test")) == (ours, theirs)


def test_an_inbox_that_is_cut_off_puts_mail_off_until_it_is_mended(post: Post) -> None:
    """Servers that send back retry, so nothing is lost; our own loop is deferred, too."""
    post.standin.cut_off()
    try:
        testid, message_id = post.send("test@redirect.test")
        _, looped = post.send("loop@monitor.example.net")
        eventually(lambda: message_id in {each["mail"]["messageId"] for each in post.aws.of("Delivery")})
        eventually(lambda: looped in {each["mail"]["messageId"] for each in post.aws.of("DeliveryDelay")})
        assert not post.arrived(testid)
    finally:
        post.standin.deliver_to("bucket", "inbox/", "receive")
    eventually(lambda: post.arrived(testid))
