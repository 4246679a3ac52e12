"""Sending: records first, each test once, and what SES refuses is our own fault."""

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from mxtrax.aws import ses
from mxtrax.errors import Refused, TryAgain
from mxtrax.jobs import plan, send
from mxtrax.model import Cause, Verdict
from mxtrax.model.orders import SendBatch
from mxtrax.store import mailtests
from tests.stage import SENDER, Stage


@pytest.fixture
def batch(it: Stage) -> SendBatch:
    """Plan a batch of three tests."""
    for name in ("one.example", "two.example", "three.example"):
        it.domain(name)
    plan.run(it.now, it.settings)
    (batch,) = it.batches()
    return batch


def test_the_mail(it: Stage, batch: SendBatch) -> None:
    """The test id is the whole Subject, and travels in Reply-To, a field of its own, the body and a tag of SES."""
    send.run(batch, it.clock, it.settings)
    sent = it.outbox[0]
    text = sent.raw.decode()
    assert sent.tags == {"mxtrax-test": sent.testid}
    assert f"\r\nSubject: {sent.testid}\r\n" in text
    assert f"<{SENDER.replace('@', '+' + sent.testid + '@')}>" in text.replace("\r\n ", " ")
    assert text.count(sent.testid) >= 4
    assert "Hello Acme Ltd" in text


def test_twice(it: Stage, batch: SendBatch) -> None:
    """A batch that comes twice sends no mail twice."""
    send.run(batch, it.clock, it.settings)
    send.run(batch, it.clock, it.settings)
    assert len(it.outbox) == 3


def test_a_dead_sender(it: Stage, batch: SendBatch) -> None:
    """What a dead sender left behind is sent by the next one, not before the first has surely died, with a new sendtime."""
    dies_sending(it, batch)
    assert it.outbox == []
    it.wait(20)
    waits_for_another(it, batch, 3)
    it.wait(60)
    send.run(batch, it.clock, it.settings)
    assert len(it.outbox) == 3
    assert {it.test(sent).sendtime for sent in it.outbox} == {it.now}


def test_refused_by_ses(it: Stage, batch: SendBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that SES refuses makes that one test unsent, with SES's reason; the others go out."""
    real = ses.send_mail

    def picky(raw: bytes, sender: str, recipient: str, *more: object) -> str:
        if "two" in recipient:
            raise Refused("mail", "MessageRejected: Email address is not verified")
        return real(raw, sender, recipient, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(ses, "send_mail", picky)
    send.run(batch, it.clock, it.settings)
    assert len(it.outbox) == 2
    (test,) = mailtests.of_domain("mxtrax@two.example")
    assert test.unsent is not None
    assert (test.unsent.cause, test.unsent.text) == (
        Cause.SEND_FAILED,
        "MessageRejected: Email address is not verified",
    )


def test_a_quota_that_is_used_up_is_no_dead_letter(
    it: Stage, batch: SendBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trying again would be of no use: the tests are unsent, for a reason of ours that has its own name."""
    answer = {"Error": {"Code": "TooManyRequestsException", "Message": "Daily message quota exceeded."}}

    class Full:
        def send_email(self, **_: object) -> None:
            raise ClientError(answer, "SendEmail")  # type: ignore[arg-type]

    monkeypatch.setattr(ses, "client", lambda _: Full())
    assert send.run(batch, it.clock, it.settings) == {"sent": 0, "unsent": 3}
    (test,) = mailtests.of_domain("mxtrax@two.example")
    assert test.unsent is not None
    assert test.unsent.cause is Cause.QUOTA_EXCEEDED


def test_busy(it: Stage, batch: SendBatch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that SES was too busy for is tried again with its batch; nothing is lost and nothing goes out twice."""
    real, answers = ses.send_mail, iter([True, False, False])

    def busy(*args: object) -> str:
        if next(answers):
            raise TryAgain("SES: TooManyRequestsException")
        return real(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(ses, "send_mail", busy)
        with pytest.raises(TryAgain, match="SES throttled 1 mails"):
            send.run(batch, it.clock, it.settings)
    assert len(it.outbox) == 2
    it.wait(90)
    send.run(batch, it.clock, it.settings)
    assert len({sent.testid for sent in it.outbox}) == len(it.outbox) == 3


def test_not_in_time(it: Stage, batch: SendBatch) -> None:
    """What cannot be sent in time is written down as unsent: reported, never silently dropped."""
    send.run(replace(batch, in_time=False), it.clock, it.settings)
    it.fold()
    assert it.outbox == []
    (test,) = mailtests.of_domain("mxtrax@one.example")
    assert test.counted is Verdict.UNSENT
    assert test.unsent is not None
    assert test.unsent.cause is Cause.THROTTLED


def test_never_heard_of(it: Stage, batch: SendBatch) -> None:
    """A test that nobody knows to have been sent ends as unsent, not as the customer's failure."""
    dies_sending(it, batch)
    it.wait(301)
    it.fold()
    (test,) = mailtests.of_domain("mxtrax@one.example")
    assert test.counted is Verdict.UNSENT


def dies_sending(it: Stage, batch: SendBatch) -> None:
    """Let a sender die at its first mail of a batch."""

    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ses, "send_mail", killed)
        with pytest.raises(KeyboardInterrupt):
            send.run(batch, it.clock, it.settings)


def waits_for_another(it: Stage, batch: SendBatch, number: int) -> None:
    """Expect that a batch is given back while another sender may still send so many of its mails."""
    with pytest.raises(TryAgain, match=f"{number} are with another sender"):
        send.run(batch, it.clock, it.settings)
    assert it.outbox == []
