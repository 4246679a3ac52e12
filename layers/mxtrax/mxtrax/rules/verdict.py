"""The verdict of a test, from its evidence and the clock alone, and when it must be looked at again."""

from typing import Final

from mxtrax.model import SECOND, MailTest, Millis, Reason, SmtpReply, Verdict

UNREACHED: Final = frozenset({Reason.UNREACHABLE, Reason.DNS})
"""Why a server was not even reached: no connection, or a name that does not resolve."""


def classify(test: MailTest, now: Millis) -> Verdict:
    """Give the verdict of a test at a moment. A return outweighs all else: it proves that the mail was sent."""
    on_time, until_fail = _limits(test)
    took = delivery_time(test)
    if took is not None:
        return Verdict.ONTIME if took <= on_time else Verdict.LATE if took <= until_fail else Verdict.FAILED
    if test.unsent:
        return Verdict.UNSENT
    age = now - test.sendtime
    if age <= on_time:
        return Verdict.OVERDUE if test.refused and not test.refused.by_mail else Verdict.PENDING
    if not was_sent(test):
        return Verdict.UNSENT
    return Verdict.OVERDUE if age <= until_fail else Verdict.FAILED


def delivery_time(test: MailTest) -> Millis | None:
    """Give how long the round trip took in milliseconds; two clocks measured it, so never less than 0."""
    return None if test.receivetime is None else max(0, test.receivetime - test.sendtime)


def was_sent(test: MailTest) -> bool:
    """Say whether anything shows that SES accepted the mail. A sender that died before that leaves no trace."""
    return any((test.accepted, test.delivered, test.deferred, test.refused, test.receivetime))


def due_after(test: MailTest, verdict: Verdict, now: Millis | None = None) -> Millis | None:
    """Give the next moment at which a test must be looked at, by the clock alone; None if there is none.

    That is when its verdict changes, and before that when it is past its early mark. Without `now`, it was just sent.
    """
    if verdict.final:
        return None
    on_time, until_fail = _limits(test)
    if verdict is not Verdict.PENDING:
        return test.sendtime + until_fail + 1
    mark = test.sendtime + min(test.early_mark * SECOND or on_time, on_time) + 1
    return mark if now is None or now < mark else test.sendtime + on_time + 1


def wants_a_fold(test: MailTest, now: Millis) -> bool:
    """Say whether a test needs folding: it is due, or its verdict has changed."""
    return test.due is not None and (test.due <= now or classify(test, now) is not test.counted)


def is_worth_a_look(test: MailTest, now: Millis) -> bool:
    """Say whether a test must be looked at in the second it is due: it has been out for longer than usual.

    The early mark is 1.5 times the 95th percentile of its domain's tests.
    """
    usual = test.early_mark * SECOND * 2 // 3
    on_time, _ = _limits(test)
    return test.counted is Verdict.PENDING and (not usual or now - test.sendtime >= usual or on_time <= usual)


def is_suspicious(test: MailTest, now: Millis) -> bool:
    """Say whether a test that is still out is past its early mark, or their server took no connection.

    A test that waits for SES to accept it is our own problem, and may still go out.
    """
    past = bool(test.early_mark) and was_sent(test) and now > test.sendtime + test.early_mark * SECOND
    return test.receivetime is None and (past or is_unreached(test.deferred))


def is_unreached(said: SmtpReply | None) -> bool:
    """Say whether a deferral says that there was no server to talk to: hardly ever a hiccup."""
    return said is not None and said.reason in UNREACHED


def _limits(test: MailTest) -> tuple[Millis, Millis]:
    """Give both limits. A domain's own maxreturntime may exceed the max_sec_until_fail of a later Config."""
    on_time = test.maxreturntime * SECOND
    return on_time, max(on_time, test.max_sec_until_fail * SECOND)
