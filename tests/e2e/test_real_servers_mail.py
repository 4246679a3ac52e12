"""What real mail servers write is read correctly: a Postfix, an Exim and Dovecot's Sieve write it during the test."""

import time
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final

import pytest

from infra.local.ses.sending import read as as_sent_by_ses
from infra.local.smtp import Place, hand_over
from mxtrax import mail
from mxtrax.mail.compose import compose
from mxtrax.model import Cause, Kind, Reason, Return
from mxtrax.rules.testid import mint
from tests.e2e.servers import dovecot
from tests.e2e.servers.catcher import Catcher
from tests.e2e.servers.exim import NAME as EXIM
from tests.e2e.servers.exim import exim
from tests.e2e.servers.postfix import NAME as POSTFIX
from tests.e2e.servers.postfix import Box, Patience, postfix

INBOX: Final = "mxtrax@monitor.example.net"
ABSENT: Final = "absent@next.test"
FORBIDDEN: Final = "forbidden@next.test"
BUSY: Final = "busy@next.test"
FULL: Final = "full@next.test"
NEXT_HOP: Final = {
    ABSENT: "550 5.1.1 <absent@next.test>: no such user",
    FORBIDDEN: "550 5.7.520 Access denied, your organization does not allow external forwarding",
    FULL: "552 5.2.2 The mailbox is over its quota",
    BUSY: "451 4.7.1 Greylisting in action, please come back later",
}
"""How the next server replies to those who forward to it."""

TELL, GIVE_UP = 2, 6
WAIT_SECONDS: Final = 40.0


@dataclass(frozen=True, slots=True)
class Sent:
    """A test mail as SES sends it."""

    testid: str
    ses_message_id: str
    address: str
    content: bytes

    @property
    def sender(self) -> str:
        """Give the envelope sender, which is unique."""
        return f"{self.ses_message_id}@amazonses.test"


@dataclass(frozen=True, slots=True)
class Post:
    """A server's mails, and where its answers arrive."""

    catcher: Catcher
    sent: Mapping[str, Sent]

    def read(self, address: str, number: int) -> Return:
        """Read a mail that resulted from the test to an address, counted from 0."""
        test = self.sent[address]
        caught = self.catcher.about(test.sender, number, WAIT_SECONDS)
        assert caught, f"mail {number} of the test to {address} has not come"
        return mail.read(caught.content, address)


def _test_to(address: str) -> Sent:
    now = time.time()
    testid = mint(bytes(32), address, uuid.uuid4().hex)
    message_id = f"0100{int(now * 1000):012x}-{uuid.uuid4()}-000000"
    raw = compose(testid, INBOX, address, "", int(now * 1000))
    call = {
        "FromEmailAddress": INBOX,
        "Destination": {"ToAddresses": [address]},
        "Content": {"Raw": {"Data": b64encode(raw).decode()}},
    }
    return Sent(testid, message_id, address, as_sent_by_ses(call, message_id, now).content)


@contextmanager
def _posted(server: Callable[[Catcher], AbstractContextManager[Place]], addresses: Iterable[str]) -> Iterator[Post]:
    """Start a server that sends to a catcher, and send a test to each of its mailboxes."""
    with Catcher(NEXT_HOP) as catcher, server(catcher) as place:
        post = Post(catcher, {address: _test_to(address) for address in addresses})
        for address, test in post.sent.items():
            reply = hand_over(place, "a8-70.smtp-out.amazonses.com", test.sender, address, test.content)
            assert reply.taken, f"{address}: {reply}"
        yield post


POSTFIX_BOXES: Final = {
    "test@redirect.test": Box(redirect=INBOX),
    "test@closed.test": Box(transport="error:5.2.1 This mailbox was closed"),
    "test@full.test": Box(transport="error:5.2.2 The mailbox is over its quota"),
    "test@held.test": Box(transport="retry:4.2.1 The store of this mailbox is not there"),
    "test@absent.test": Box(redirect=ABSENT),
    "test@blocked.test": Box(redirect=FORBIDDEN),
    "test@busy.test": Box(redirect=BUSY),
}
EXIM_BOXES: Final = {
    "test@redirect.test": INBOX,
    "test@closed.test": ":fail: This mailbox was closed",
    "test@full.test": FULL,
    "test@absent.test": ABSENT,
    "test@blocked.test": FORBIDDEN,
    "test@busy.test": BUSY,
    "test@away.test": ":reply: I am at the sea until autumn.",
}
SIEVE_BOXES: Final = {
    "test@redirect.test": f'redirect "{INBOX}";',
    "test@away.test": 'require "vacation"; vacation "I am at the sea until autumn.";',
    "test@unthreaded.test": 'require "vacation"; vacation :subject "Out of office" "I am at the sea until autumn.";',
    "test@choosy.test": 'require "reject"; reject "We do not take mail of this kind.";',
    "test@full.test": "keep;",
}


@pytest.fixture(scope="module")
def postfix_post() -> Iterator[Post]:
    """Give the mails that Postfix sends for its tests."""

    def server(catcher: Catcher) -> AbstractContextManager[Place]:
        return postfix(POSTFIX_BOXES, catcher.place, patience=Patience(tell=TELL, give_up=GIVE_UP))

    with _posted(server, POSTFIX_BOXES) as post:
        yield post


@pytest.fixture(scope="module")
def exim_post() -> Iterator[Post]:
    """Give the mails that Exim sends for its tests."""

    def server(catcher: Catcher) -> AbstractContextManager[Place]:
        return exim(EXIM_BOXES, catcher.place, tell=TELL, give_up=GIVE_UP)

    with _posted(server, EXIM_BOXES) as post:
        yield post


@pytest.fixture(scope="module")
def sieve_post() -> Iterator[Post]:
    """Give the mails that Dovecot and its Sieve send for their tests."""
    with Catcher(NEXT_HOP) as catcher:
        post = Post(catcher, {address: _test_to(address) for address in SIEVE_BOXES})
        for address, test in post.sent.items():
            quota = "1B" if address == "test@full.test" else "1G"
            dovecot.deliver(test.content, test.sender, address, SIEVE_BOXES[address], catcher.place, quota=quota)
        yield post


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report says about a test to an address, and why. `number` counts the mails from that test, from 0."""

    address: str
    status: str | None
    reason: Reason
    cause: Cause = Cause.REFUSED
    kind: Kind = Kind.BOUNCE
    number: int = 0

    def __str__(self) -> str:
        """Name it, as tests are listed."""
        return f"{self.address}-{self.kind}"


REPORTS: Final = (
    Report(address="test@full.test", status="5.2.2", reason=Reason.MAILBOX_FULL),
    Report(address="test@absent.test", status="5.1.1", reason=Reason.UNKNOWN_USER),
    Report(
        address="test@blocked.test", status="5.7.520", reason=Reason.FORWARDING_BLOCKED, cause=Cause.FORWARD_BLOCKED
    ),
    Report(address="test@busy.test", status="4.7.1", reason=Reason.GREYLISTED, cause=Cause.DEFERRED, kind=Kind.DELAY),
)
POSTFIX_REPORTS: Final = (
    *REPORTS,
    Report(address="test@closed.test", status="5.2.1", reason=Reason.MAILBOX_DISABLED),
    Report(address="test@held.test", status="4.2.1", reason=Reason.SERVER_ERROR, cause=Cause.DEFERRED, kind=Kind.DELAY),
    Report(address="test@held.test", status="4.2.1", reason=Reason.SERVER_ERROR, cause=Cause.DEFERRED, number=1),
    Report(address="test@busy.test", status="4.7.1", reason=Reason.GREYLISTED, cause=Cause.DEFERRED, number=1),
)
EXIM_REPORTS: Final = (
    *REPORTS,
    # Exim gives only the class of a failure: the code of the next server, and what is wrong with a mailbox, are in words.
    Report(address="test@closed.test", status="5.0.0", reason=Reason.MAILBOX_DISABLED),
)


def _check(post: Post, expected: Report, server: str) -> None:
    test, found = post.sent[expected.address], post.read(expected.address, expected.number)
    assert found.kind is expected.kind
    assert found.tokens[0] == test.testid
    assert found.ses_message_id == test.ses_message_id
    assert found.reporting_mta == server
    assert [each.address for each in found.recipients] == [expected.address]
    assert found.recipients[0].action == ("delayed" if expected.kind is Kind.DELAY else "failed")
    assert found.recipients[0].status == expected.status
    assert (found.cause, found.reason) == (expected.cause, expected.reason)
    assert found.original_hops[-1].by == server


@pytest.mark.parametrize("expected", POSTFIX_REPORTS, ids=str)
def test_reports_of_postfix(postfix_post: Post, expected: Report) -> None:
    """A bounce or delay that Postfix writes names its test, our recipient, the status, and why."""
    _check(postfix_post, expected, POSTFIX)


@pytest.mark.parametrize("expected", EXIM_REPORTS, ids=str)
def test_reports_of_exim(exim_post: Post, expected: Report) -> None:
    """A bounce or delay that Exim writes names its test, our recipient, the status, and why."""
    _check(exim_post, expected, EXIM)


def test_exim_gives_up_after_it_told_of_a_delay(exim_post: Post) -> None:
    """Exim's second report of a queued mail is a bounce, even though it mentions retries."""
    found = exim_post.read("test@busy.test", 1)
    assert (found.kind, found.tokens[0]) == (Kind.BOUNCE, exim_post.sent["test@busy.test"].testid)
    assert [(each.address, each.action) for each in found.recipients] == [("test@busy.test", "failed")]
    assert found.reason is Reason.GREYLISTED


@pytest.mark.parametrize("server", ["postfix_post", "exim_post", "sieve_post"])
def test_a_redirected_mail_is_a_message(request: pytest.FixtureRequest, server: str) -> None:
    """Redirected mail comes back unchanged, and is distinguished from every notice."""
    post: Post = request.getfixturevalue(server)
    test, found = post.sent["test@redirect.test"], post.read("test@redirect.test", 0)
    assert (found.kind, found.tokens[0], found.cause) == (Kind.MESSAGE, test.testid, None)
    assert found.ses_message_id == test.ses_message_id
    assert (found.integrity.subject_before, found.integrity.subject_after, found.integrity.footer) == ("", "", "")


@pytest.mark.parametrize("server", ["exim_post", "sieve_post"])
def test_a_vacation_answer_is_an_auto_reply(request: pytest.FixtureRequest, server: str) -> None:
    """The answer of Exim's autoreply and of Sieve's vacation names the test in its subject and blames nobody."""
    post: Post = request.getfixturevalue(server)
    test, found = post.sent["test@away.test"], post.read("test@away.test", 0)
    assert (found.kind, found.tokens[0], found.cause) == (Kind.AUTO_REPLY, test.testid, None)
    assert found.ses_message_id == test.ses_message_id


def test_a_vacation_answer_without_our_subject_is_found_by_in_reply_to(sieve_post: Post) -> None:
    """A vacation reply with its own subject has no test id, but the id that SES gave the mail."""
    found = sieve_post.read("test@unthreaded.test", 0)
    assert (found.kind, found.tokens) == (Kind.AUTO_REPLY, ())
    assert found.ses_message_id == sieve_post.sent["test@unthreaded.test"].ses_message_id


def test_a_full_mailbox_of_dovecot_is_a_bounce(sieve_post: Post) -> None:
    """What Dovecot's delivery agent writes over quota has status and words."""
    test, found = sieve_post.sent["test@full.test"], sieve_post.read("test@full.test", 0)
    assert (found.kind, found.tokens[0], found.reporting_mta) == (Kind.BOUNCE, test.testid, dovecot.NAME)
    assert [(each.address, each.status) for each in found.recipients] == [("test@full.test", "5.2.2")]
    assert (found.cause, found.reason) == (Cause.REFUSED, Reason.MAILBOX_FULL)


def test_a_rejection_by_sieve_is_a_bounce(sieve_post: Post) -> None:
    """Sieve's reject answers with a receipt (RFC 8098) that says deleted, and no status: it is a refusal nevertheless."""
    test, found = sieve_post.sent["test@choosy.test"], sieve_post.read("test@choosy.test", 0)
    assert (found.kind, found.tokens[0], found.cause) == (Kind.BOUNCE, test.testid, Cause.REFUSED)
    assert [(each.address, each.action) for each in found.recipients] == [("test@choosy.test", "failed")]
    assert "We do not take mail of this kind." in (found.recipients[0].diagnostic or "")
