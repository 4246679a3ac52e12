"""Send a batch of tests: the records first, then the mails, then what SES answered.

A batch can come twice, at once or after its first worker died. A test that already exists and was heard of is left
alone; one whose sender has been silent for longer than a sender lives is sent again, under the same test id. No planned
test is lost silently: one that comes too late to be sent, or was given up after all attempts, is recorded as unsent.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from mxtrax.aws import ses
from mxtrax.errors import Refused, TryAgain
from mxtrax.mail import compose
from mxtrax.model import MINUTE, SECOND, Cause, MailTest, Millis, SmtpReply
from mxtrax.model.orders import SendBatch, TestOrder
from mxtrax.rules.verdict import was_sent
from mxtrax.runtime.environment import Settings
from mxtrax.runtime.log import count, logger
from mxtrax.store import mailtests, runtime

LEASE: Final = 30 * SECOND
"""How long a sender may live: the time-out of its function."""

STALE: Final = 15 * MINUTE
"""After how long a batch is not sent any more: longer than all its attempts take. By then the next tests are due."""

PARALLEL: Final = 16
"""Mails under way to SES at once; one takes 30 to 100 ms."""


def run(batch: SendBatch, clock: Callable[[], Millis], settings: Settings) -> dict[str, int]:
    """Send the tests of a batch. Raises TryAgain if some must be retried; the others are done by then."""
    now = clock()
    if not batch.tests:
        _round_is_done(now)
        return {"sent": 0, "unsent": 0}
    if not batch.in_time:
        return _unsent(batch, now, SmtpReply(at=now, text="above the sending rate", cause=Cause.THROTTLED))
    if batch.planned and now - batch.planned > STALE:
        return give_up(batch, now, "it waited for too long to be sent")
    orders = {order.testid: order for order in batch.tests}
    fresh = {testid: _new_test(order, now) for testid, order in orders.items()}
    there = mailtests.create(list(fresh.values()), batch.keep_days)
    for test in there:
        del fresh[test.testid]
    silent = [test for test in there if not (was_sent(test) or test.unsent or test.incl_in_stat)]
    again = [taken for test in silent if now - test.sendtime >= LEASE and (taken := mailtests.take_over(test, now))]
    tests = [*fresh.values(), *again]
    sent, refused, busy = _send_all(tests, orders, batch.sender, settings)
    mailtests.accepted(sent, clock())  # First of all: a mail without this record is sent again.
    for test, answer in refused:
        _refused(test, answer)
    count("TestsSent", len(sent))
    if sent:  # If SES accepts nothing, no work is done, whatever the reason.
        _round_is_done(now)
    # A lost take-over waits as well: the other sender may die, or it was our own write, and the response was lost.
    waiting = len(silent) - len(again)
    if busy or waiting:
        raise TryAgain(f"SES throttled {busy} mails, {waiting} are with another sender")
    return {"sent": len(sent), "unsent": len(tests) - len(sent)}


def give_up(batch: SendBatch, now: Millis, why: str = "it could not be sent in several tries") -> dict[str, int]:
    """Record that the tests of a batch are not sent any more, at the moment for which they were planned.

    If one already has a record, its sender died: later events show whether SES accepted it.
    """
    logger.error("tests were given up", tests=len(batch.tests), planned=batch.planned, why=why)
    said = SmtpReply(at=now, text=why, cause=Cause.SEND_FAILED)
    noted = _unsent(batch, batch.planned or now, said)
    count("TestsGivenUp", noted["unsent"])
    return noted


def _unsent(batch: SendBatch, at: Millis, said: SmtpReply) -> dict[str, int]:
    tests = [_new_test(order, at, said) for order in batch.tests]
    there = mailtests.create(tests, batch.keep_days) if tests else []
    return {"sent": 0, "unsent": len(tests) - len(there)}


def _round_is_done(now: Millis) -> None:
    runtime.heartbeat("send", now)
    count("SendRounds")


def _new_test(order: TestOrder, now: Millis, unsent: SmtpReply | None = None) -> MailTest:
    return MailTest(
        testid=order.testid,
        maildomain=order.maildomain,
        sendtime=now,
        maxreturntime=order.maxreturntime,
        max_sec_until_fail=order.max_sec_until_fail,
        returns_bounce=order.returns_bounce,
        early_mark=order.early_mark,
        unsent=unsent,
    )


def _send_all(
    tests: Sequence[MailTest], orders: Mapping[str, TestOrder], sender: str, settings: Settings
) -> tuple[dict[str, str], list[tuple[MailTest, Refused]], int]:
    """Send in parallel; give SES's message ids by test id, what it refused, and how many mails it throttled."""

    def send(test: MailTest) -> str | Refused | TryAgain:
        order = orders[test.testid]
        try:
            raw = compose.compose(test.testid, sender, order.to, order.name, test.sendtime)
            return ses.send_mail(raw, sender, order.to, settings.configuration_set, {"mxtrax-test": test.testid})
        except (Refused, TryAgain) as answer:
            return answer
        except ValueError as error:  # No mail can be made from this order; the rest of the batch must not suffer.
            return Refused("mail", str(error))

    sent, refused, busy = dict[str, str](), list[tuple[MailTest, Refused]](), 0
    with ThreadPoolExecutor(PARALLEL) as pool:
        for test, answer in zip(tests, pool.map(send, tests), strict=True):
            match answer:
                case str():
                    sent[test.testid] = answer
                case Refused():
                    refused.append((test, answer))
                case TryAgain():
                    logger.warning("SES was busy", testid=test.testid, reason=str(answer))
                    busy += 1
    return sent, refused, busy


def _refused(test: MailTest, answer: Refused) -> None:
    logger.warning("SES refused a test", testid=test.testid, maildomain=test.maildomain, reason=str(answer))
    count("TestsRefusedBySes")
    cause = Cause.QUOTA_EXCEEDED if answer.field == "quota" else Cause.SEND_FAILED
    said = SmtpReply(at=test.sendtime, text=str(answer), cause=cause)
    mailtests.heard(test.testid, "unsent", said)
