"""How a test stands, from its evidence and the clock alone, and when it has to be looked at again."""

from mxtrax.model import SECOND, MailTest, Millis, Verdict


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


def due_after(test: MailTest, verdict: Verdict) -> Millis | None:
    """Give the first moment at which the clock alone changes this verdict; None where it never does."""
    if verdict.final:
        return None
    on_time, until_fail = _limits(test)
    return test.sendtime + (on_time if verdict is Verdict.PENDING else until_fail) + 1


def _limits(test: MailTest) -> tuple[Millis, Millis]:
    """Give both limits. A domain's own maxreturntime may come to lie above a later Config's max_sec_until_fail."""
    on_time = test.maxreturntime * SECOND
    return on_time, max(on_time, test.max_sec_until_fail * SECOND)
