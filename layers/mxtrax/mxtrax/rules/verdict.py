"""How a test stands, from its evidence and the clock alone, and when it has to be looked at again."""

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
    """Give how long the round trip took in milliseconds; two clocks are at work, so never less than 0."""
    return None if test.receivetime is None else max(0, test.receivetime - test.sendtime)


def was_sent(test: MailTest) -> bool:
    """Tell whether anything shows that SES took the mail. A sender cut short before that leaves nothing behind."""
    return any((test.accepted, test.delivered, test.deferred, test.refused, test.receivetime))


def due_after(test: MailTest, verdict: Verdict, now: Millis | None = None) -> Millis | None:
    """Give the next moment at which a test wants to be looked at, by the clock alone; None where it never does.

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
    """Tell whether there is anything to fold of a test: it is due, or its verdict is another one by now."""
    return test.due is not None and (test.due <= now or classify(test, now) is not test.counted)


def is_worth_a_look(test: MailTest, now: Millis) -> bool:
    """Tell whether somebody is to look at a test the moment that it is due: it has been out for longer than is usual.

    The early mark is 1.5 times what 95 of 100 of its domain's tests take.
    """
    usual = test.early_mark * SECOND * 2 // 3
    on_time, _ = _limits(test)
    return test.counted is Verdict.PENDING and (not usual or now - test.sendtime >= usual or on_time <= usual)


def is_suspicious(test: MailTest, now: Millis) -> bool:
    """Tell whether a test that is still out is past its early mark, or their server took no connection.

    One that waits for SES to take it is our own affair, and may yet go out at another time.
    """
    past = bool(test.early_mark) and was_sent(test) and now > test.sendtime + test.early_mark * SECOND
    return test.receivetime is None and (past or is_unreached(test.deferred))


def is_unreached(said: SmtpReply | None) -> bool:
    """Tell whether a deferral says that there was no server to talk to: hardly ever a hiccup."""
    return said is not None and said.reason in UNREACHED


def _limits(test: MailTest) -> tuple[Millis, Millis]:
    """Give both limits. A domain's own maxreturntime may come to lie above a later Config's max_sec_until_fail."""
    on_time = test.maxreturntime * SECOND
    return on_time, max(on_time, test.max_sec_until_fail * SECOND)
